import type { ChangeKind } from '../../src/contract/scan.ts'
import type { Named } from '../builders/lineage.ts'
import { fineTuned, unevenly } from '../builders/model-operations.ts'
import type { Model } from '../builders/models.ts'
import { convolutionalNetwork, encoder, languageModel } from './networks.ts'

/** What was done, and so should be found. */
export interface Truth {
  child: string
  parents: string[]
  changes: ChangeKind[]
  /** Changes that may be named beside them: what a step also is. */
  also?: ChangeKind[]
  direction: 'known' | 'undetermined'
  /** The largest error of the parameters in `details` and how much is allowed; a parameter that is missing is infinitely wrong. */
  parameter?: { error(details: Record<string, unknown>, parents: Map<string, number | null>): number; allowed: number }
}

export interface Scenario {
  models: Named
  truth: Truth
}

/** A kind of change at one size; every seed gives other models. */
export interface Case {
  kind: string
  size: string
  make(seed: number): Scenario
}

export const KIN = ['language', 'convolutional', 'encoder'] as const
export type Network = (typeof KIN)[number]
const NETWORKS: Record<Network, (seed: number) => Model> = {
  language: (seed) => languageModel(seed),
  convolutional: (seed) => convolutionalNetwork(seed),
  encoder: (seed) => encoder(seed),
}

/** Seeds take turns with the three networks. */
export function anyNetwork(seed: number): Model {
  return NETWORKS[KIN[seed % 3]!](seed)
}

export const DEFAULT_SIZE = 0.03

const fineTunes = new WeakMap<Model, Map<string, Model>>()

export function tuned(base: Model, seed: number, size = DEFAULT_SIZE): Model {
  const of = fineTunes.get(base) ?? new Map<string, Model>()
  fineTunes.set(base, of)
  const key = `${seed} ${size}`
  const model = of.get(key) ?? fineTuned(base, seed, unevenly(size, seed))
  of.set(key, model)
  return model
}

export type Doing = (base: Model, seed: number) => Model

/** A model and what was made of it. */
export function pair(
  kind: string,
  size: string,
  changes: ChangeKind[],
  direction: Truth['direction'],
  doing: Doing,
  more: { from?: (seed: number) => Model; parameter?: Truth['parameter']; also?: ChangeKind[] } = {},
): Case {
  const { from = anyNetwork, parameter, also = [] } = more
  return {
    kind,
    size,
    make(seed) {
      const base = from(seed)
      const truth: Truth = { child: 'child', parents: ['base'], changes, also, direction }
      return {
        models: { base, child: doing(base, seed) },
        truth: parameter ? { ...truth, parameter } : truth,
      }
    },
  }
}

export function numberIs(key: string, truth: number, allowed: number): Truth['parameter'] {
  return { error: (details) => errorOf(details[key], truth), allowed }
}

function errorOf(found: unknown, truth: number): number {
  return typeof found === 'number' ? Math.abs(found - truth) : Number.POSITIVE_INFINITY
}

export function equals(key: string, truth: unknown): Truth['parameter'] {
  const wanted = JSON.stringify(truth)
  return { error: (details) => (JSON.stringify(details[key]) === wanted ? 0 : Number.POSITIVE_INFINITY), allowed: 0 }
}

/** A lower bound of the rank, short of it by one at most. */
export function rankIs(rank: number): Truth['parameter'] {
  const error = (found: number) => (found > rank ? Number.POSITIVE_INFINITY : rank - found)
  return {
    error: ({ rank: found }) => (typeof found === 'number' ? error(found) : Number.POSITIVE_INFINITY),
    allowed: 1,
  }
}

export function weightsAre(
  weights: Record<string, number>,
  method: string | null,
  allowed: number,
  base: string | null = null,
): Truth['parameter'] {
  return {
    allowed,
    error(details, found) {
      if (method !== null && details['method'] !== method) return Number.POSITIVE_INFINITY
      if (base !== null && details['base'] === undefined) return Number.POSITIVE_INFINITY
      return Math.max(...Object.entries(weights).map(([name, weight]) => errorOf(found.get(name), weight)))
    },
  }
}

export const LANGUAGE = { from: (seed: number) => languageModel(seed) }
export const CONVOLUTIONAL = { from: (seed: number) => convolutionalNetwork(seed) }
