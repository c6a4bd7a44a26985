import type { ChangeKind } from '../contract/scan.ts'

/** One edge between models (docs/lineage.md). */
export interface Relation {
  /** Model ids. With `direction` undetermined, `parents[0]` and `child` are just the two ends; without parents, the base is not here. */
  child: string
  parents: { id: string; weight: number | null }[]
  changes: ChangeKind[]
  direction: 'known' | 'undetermined'
  status: 'verified' | 'declared' | 'inferred'
  /** Of as many kin tensors between strangers; null where too few tensors allow one, and equality decided. */
  p: number | null
  /** Median cosine over matched tensors, weighted by size; 0 without parents. */
  similarity: number
  details: Record<string, unknown>
}

/** Two models that look alike from outside (nearly all shapes agree) though their weights do not. */
export interface LookAlike {
  models: [string, string]
  /** Tensors of one that each have a counterpart of equal shape in the other. */
  shared: number
  similarity: number
}

export interface Lineage {
  relations: Relation[]
  lookAlikes: LookAlike[]
}
