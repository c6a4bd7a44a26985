import { compare } from '../../src/relate/comparison.ts'
import { isRelated } from '../../src/relate/related.ts'
import { subjectOf } from '../../src/relate/subject.ts'
import { type Model, printed } from '../builders/models.ts'
import { convolutionalNetwork, encoder, languageModel } from './networks.ts'

/** What strangers of one network came to. */
export interface Strangers {
  name: string
  pairs: number
  related: number
  /** Share of the pairs with p ≤ .05, and its standard error by leaving out one model at a time. */
  share: number
  error: number
}

const NETWORKS: Record<string, (seed: number) => Model> = {
  'language model': (seed) => languageModel(seed),
  'convolutional network': (seed) => convolutionalNetwork(seed),
  encoder: (seed) => encoder(seed),
}

/** All pairs among so many models of one configuration, each from a seed of its own. */
export function strangersOf(name: string, models: number, level = 0.05): Strangers {
  const make = NETWORKS[name]!
  const subjects = Array.from({ length: models }, (_, i) => subjectOf(printed(make(20_001 + i))))
  const small = new Float64Array(models)
  let [pairs, related, total] = [0, 0, 0]
  for (let i = 0; i < models; i++)
    for (let j = i + 1; j < models; j++) {
      const comparison = compare(subjects[i]!, subjects[j]!)
      pairs++
      if (isRelated(comparison, 1)) related++
      if ((comparison.p ?? 1) > level) continue
      total++
      small[i]!++
      small[j]!++
    }
  const left = Array.from(small, (count) => (total - count) / (pairs - (models - 1)))
  const mean = left.reduce((sum, share) => sum + share, 0) / models
  const error = Math.sqrt(((models - 1) / models) * left.reduce((sum, share) => sum + (share - mean) ** 2, 0))
  return { name, pairs, related, share: total / pairs, error }
}

/** One line a network, the networks shared out among threads. */
export function strangerRows(models: number, share: number, threads: number): string[] {
  return Object.keys(NETWORKS)
    .filter((_, index) => index % threads === share)
    .map((name) => strangersOf(name, models))
    .map(
      ({ name, pairs, related, share: small, error }) =>
        `| strangers | ${name} | ${pairs} pairs | ${related} related | p ≤ .05: ${small.toFixed(4)} ± ${error.toFixed(4)} |`,
    )
}
