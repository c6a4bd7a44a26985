/** One row of an answer. Counts are numbers: none reaches 2⁵³. */
export type Row = Readonly<Record<string, string | number | boolean | null>>

/**
 * What runs the aggregates: SQL in, rows out. Everything else about it (files, threads, memory) is the adapter's business, so that
 * another SQL engine can take its place.
 */
export interface Engine {
  query(sql: string): Promise<Row[]>
  close(): Promise<void>
}

export interface LogColumn {
  name: string
  /** How the source keeps it; text is what CSV and JSON Lines are read as. */
  type: 'text' | 'time' | 'other'
}

/** A decision log as the engine sees it. */
export interface DecisionLog {
  /** What people call it: a path. */
  name: string
  /** What stands after FROM. */
  relation: string
  columns: readonly LogColumn[]
  engine: Engine
}
