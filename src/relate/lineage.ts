import type { ChangeKind } from '../contract/scan.ts'

/** One edge between models (docs/lineage.md). */
export interface Relation {
  /** Model ids. With `direction` undetermined, `parents[0]` and `child` are just the two ends. */
  child: string
  parents: { id: string; weight: number | null }[]
  changes: ChangeKind[]
  direction: 'known' | 'undetermined'
  status: 'verified' | 'inferred'
  /** Of as many kin tensors between strangers; null where too few tensors allow one, and equality decided. */
  p: number | null
  /** Median cosine over matched tensors, weighted by size. */
  similarity: number
  details: Record<string, unknown>
}

/** Two models that look alike from outside (most names and shapes agree) though their weights do not. */
export interface LookAlike {
  models: [string, string]
  /** Tensors with equal role and shape. */
  shared: number
  similarity: number
}

export interface Lineage {
  relations: Relation[]
  lookAlikes: LookAlike[]
}
