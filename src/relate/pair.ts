import type { Weight } from './subject.ts'

/** Two tensors taken to be the same part of two networks. */
export interface Pair {
  a: Weight
  b: Weight
  /** True when `b` must be transposed to stand like `a`. */
  transposed: boolean
  /** How the pair was found; `moments`: the same values, perhaps in another order. */
  by: 'digest' | 'moments' | 'role' | 'best'
  /** Candidates (tensors × orientations) among which this one was chosen. */
  candidates: number
}

/** Which tensors of two models correspond, and what is left over on either side. */
export interface Match {
  pairs: Pair[]
  /** Tensors of a layer that stands twice in one of the models, paired with the one of the other that is matched already. */
  repeats: Pair[]
  /** Of one width, and alike in the rows that both have. */
  resized: Pair[]
  /** Of one role, the smaller one with greatest or least values of the larger: rows or columns were taken out. */
  cut: Pair[]
  onlyInA: Weight[]
  onlyInB: Weight[]
  /** Left over too, but equal to one of the same model that is matched: tied, or taken twice. */
  twinsInA: Weight[]
  twinsInB: Weight[]
}
