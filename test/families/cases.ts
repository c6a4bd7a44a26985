import type { ChangeKind } from '../../src/contract/scan.ts'
import type { Named } from '../builders/lineage.ts'
import {
  cast,
  combined,
  fineTuned,
  quantised,
  transposed,
  unevenly,
  widened,
  withNewHead,
  withoutHead,
} from '../builders/model-operations.ts'
import { type Model, printed, type Tensor } from '../builders/models.ts'
import { onGrid } from './grids.ts'
import { convolutionalNetwork, encoder, languageModel } from './networks.ts'
import * as step from './steps.ts'

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

const KIN = ['language', 'convolutional', 'encoder'] as const
type Network = (typeof KIN)[number]
const NETWORKS: Record<Network, (seed: number) => Model> = {
  language: (seed) => languageModel(seed),
  convolutional: (seed) => convolutionalNetwork(seed),
  encoder: (seed) => encoder(seed),
}

/** Seeds take turns with the three networks. */
function anyNetwork(seed: number): Model {
  return NETWORKS[KIN[seed % 3]!](seed)
}

const DEFAULT_SIZE = 0.03

const fineTunes = new WeakMap<Model, Map<string, Model>>()

function tuned(base: Model, seed: number, size = DEFAULT_SIZE): Model {
  const of = fineTunes.get(base) ?? new Map<string, Model>()
  fineTunes.set(base, of)
  const key = `${seed} ${size}`
  const model = of.get(key) ?? fineTuned(base, seed, unevenly(size, seed))
  of.set(key, model)
  return model
}

type Doing = (base: Model, seed: number) => Model

/** A model and what was made of it. */
function pair(
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

function numberIs(key: string, truth: number, allowed: number): Truth['parameter'] {
  return { error: (details) => errorOf(details[key], truth), allowed }
}

function errorOf(found: unknown, truth: number): number {
  return typeof found === 'number' ? Math.abs(found - truth) : Number.POSITIVE_INFINITY
}

function equals(key: string, truth: unknown): Truth['parameter'] {
  const wanted = JSON.stringify(truth)
  return { error: (details) => (JSON.stringify(details[key]) === wanted ? 0 : Number.POSITIVE_INFINITY), allowed: 0 }
}

/** A lower bound of the rank, short of it by one at most. */
function rankIs(rank: number): Truth['parameter'] {
  const error = (found: number) => (found > rank ? Number.POSITIVE_INFINITY : rank - found)
  return {
    error: ({ rank: found }) => (typeof found === 'number' ? error(found) : Number.POSITIVE_INFINITY),
    allowed: 1,
  }
}

function weightsAre(
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

const ATTENTION = /q_proj|v_proj/
const ALL_LINEAR = /_proj/

function lowRank(rank: number, share: number, stored: 'f32' | 'bf16', targets = ATTENTION, decay = 0): Case {
  const changes: ChangeKind[] = stored === 'f32' ? ['adapter-merged'] : ['adapter-merged', 'converted-lossy']
  return pair(
    'adapter-merged',
    `r ${rank}, ${share * 100} %, ${stored}${targets === ALL_LINEAR ? ', all' : ''}${decay ? `, decay ${decay}` : ''}`,
    changes,
    stored === 'f32' ? 'undetermined' : 'known',
    (base, seed) => {
      const factors = step.lowRankFactors(base, seed, { rank, share, targets, decay })
      const merged = step.withLowRank(base, factors, rank)
      return stored === 'f32' ? merged : cast(merged, stored)
    },
    { from: (seed) => languageModel(seed), parameter: rankIs(rank) },
  )
}

type Storage = 'f32' | 'f16' | 'bf16'

function merge(
  kind: string,
  size: string,
  weights: number[],
  doing: (base: Model, parents: Model[], seed: number) => Model,
  more: {
    stored?: Storage
    apart?: number
    method: string | null
    allowed: number
    withBase?: boolean
    also?: ChangeKind[]
    from?: (seed: number) => Model
  },
): Case {
  const { stored = 'f32', apart = DEFAULT_SIZE, method, allowed, withBase = false, from = anyNetwork } = more
  const names = ['a', 'b', 'c'].slice(0, weights.length)
  return {
    kind,
    size: `${size}${stored === 'f32' ? '' : `, ${stored}`}`,
    make(seed) {
      const base = from(seed)
      const parents = names.map((_, k) => tuned(base, seed * 3 + k + 1, apart))
      const child = doing(base, parents, seed)
      const named = Object.fromEntries(names.map((name, k) => [name, parents[k]!]))
      const changes: ChangeKind[] = stored === 'f32' ? ['merged', ...(more.also ?? [])] : ['merged', 'converted-lossy']
      return {
        models: { ...(withBase ? { base } : {}), ...named, child: stored === 'f32' ? child : cast(child, stored) },
        truth: {
          child: 'child',
          parents: names,
          changes,
          direction: 'known',
          parameter: weightsAre(
            Object.fromEntries(names.map((name, k) => [name, weights[k]!])),
            method,
            allowed,
            method && method !== 'linear' && method !== 'slerp' ? 'base' : null,
          )!,
        },
      }
    },
  }
}

const LANGUAGE = { from: (seed: number) => languageModel(seed) }
const CONVOLUTIONAL = { from: (seed: number) => convolutionalNetwork(seed) }

export const CASES: Case[] = [
  pair('converted', 'turned, other names', ['converted'], 'undetermined', (base) => transposed(base)),
  pair('converted', 'an export’s arithmetic', ['converted'], 'undetermined', (base, seed) =>
    fineTuned(base, seed, 1e-6),
  ),
  pair('converted', 'batch norms folded', ['converted'], 'undetermined', (base) => step.folded(base), CONVOLUTIONAL),
  ...(['f16', 'bf16'] as const).map((to) =>
    pair('converted-lossy', to, ['converted-lossy'], 'known', (base) => cast(base, to)),
  ),
  ...(['tensor', 'row'] as const).map((by) =>
    pair('quantised', `int8 by ${by}`, ['quantised'], 'known', (base) => quantised(base, by), {
      parameter: equals('scheme', 'int8')!,
    }),
  ),
  ...(['Q8_0', 'Q4_0'] as const).map((scheme) =>
    pair('quantised', scheme, ['quantised'], 'known', (base) => onGrid(base, scheme), {
      ...LANGUAGE,
      parameter: equals('scheme', scheme)!,
    }),
  ),
  ...[0.0005, 0.003, 0.03, 0.2].map((size) =>
    pair('fine-tuned', `${size * 100} %`, ['fine-tuned'], 'undetermined', (base, seed) => tuned(base, seed, size)),
  ),
  pair('fine-tuned', 'half frozen', ['fine-tuned'], 'undetermined', (base, seed) => {
    const frozen = new Set(base.slice(0, Math.floor(base.length / 2)))
    return fineTuned(base, seed, unevenly(DEFAULT_SIZE, seed), (tensor) => frozen.has(tensor))
  }),
  ...[0.0005, 0.001, 0.003, 0.01].map((size) =>
    pair(
      'fine-tuned',
      `${size * 100} % of a bfloat16 release, saved in f32`,
      ['fine-tuned'],
      'undetermined',
      (base, seed) => tuned(widened(base), seed, size),
      {
        from: (seed) => cast(anyNetwork(seed), 'bf16'),
      },
    ),
  ),
  pair(
    'fine-tuned',
    '3 % of a bfloat16 release, saved so',
    ['fine-tuned'],
    'undetermined',
    (base, seed) => cast(tuned(base, seed), 'bf16'),
    {
      from: (seed) => cast(anyNetwork(seed), 'bf16'),
    },
  ),
  ...[1, 2, 4, 8, 16, 32, 48].flatMap((rank) => [0.01, 0.05, 0.2].map((share) => lowRank(rank, share, 'f32'))),
  ...[1, 2, 4, 8, 16, 32, 48].flatMap((rank) => [0.01, 0.05, 0.2].map((share) => lowRank(rank, share, 'bf16'))),
  lowRank(8, 0.05, 'f32', ALL_LINEAR),
  lowRank(8, 0.05, 'bf16', ALL_LINEAR),
  lowRank(16, 0.05, 'f32', ALL_LINEAR, 0.5),
  lowRank(16, 0.05, 'bf16', ALL_LINEAR, 0.5),
  ...[4, 16].map(
    (rank): Case => ({
      kind: 'adapter',
      size: `r ${rank}, base here`,
      make(seed) {
        const base = languageModel(seed)
        const factors = step.lowRankFactors(base, seed, { rank, share: 0.05, targets: ATTENTION })
        const child = {
          ...printed(step.adapterModel(factors, rank)),
          adapter: step.adapterOf(rank, ['q_proj', 'v_proj']),
        }
        return {
          models: { base, child },
          truth: {
            child: 'child',
            parents: ['base'],
            changes: ['adapter'],
            direction: 'known',
            parameter: equals('rank', rank)!,
          },
        }
      },
    }),
  ),
  ...[4, 16].map(
    (rank): Case => ({
      kind: 'adapter',
      size: `r ${rank}, merged model and strangers here`,
      make(seed) {
        const base = languageModel(seed)
        const factors = step.lowRankFactors(base, seed, { rank, share: 0.05, targets: ATTENTION })
        const child = {
          ...printed(step.adapterModel(factors, rank)),
          adapter: step.adapterOf(rank, ['q_proj', 'v_proj']),
        }
        const merged = step.withLowRank(base, factors, rank)
        return {
          models: { merged, stranger: languageModel(seed + 5_000), sibling: tuned(base, seed), base, child },
          truth: {
            child: 'child',
            parents: ['base'],
            changes: ['adapter'],
            direction: 'known',
            parameter: equals('rank', rank)!,
          },
        }
      },
    }),
  ),
  ...(['f32', 'f16', 'bf16'] as const).flatMap((stored) => [
    merge('merged', '.3 .7', [0.3, 0.7], (_, parents) => combined(parents, [0.3, 0.7]), {
      stored,
      method: 'linear',
      allowed: 0.005,
    }),
    merge('merged', '.2 .5 .3, base here', [0.2, 0.5, 0.3], (_, parents) => combined(parents, [0.2, 0.5, 0.3]), {
      stored,
      method: 'linear',
      allowed: 0.005,
      withBase: true,
    }),
  ]),
  merge('merged', 'slerp .4', [0.6, 0.4], (_, [a, b]) => step.slerp(a!, b!, 0.4), { method: 'slerp', allowed: 0.005 }),
  merge('merged', 'slerp .5, base here', [0.5, 0.5], (_, [a, b]) => step.slerp(a!, b!, 0.5), {
    method: 'slerp',
    allowed: 0.005,
    withBase: true,
  }),
  merge(
    'merged',
    'task arithmetic .7 .6, base here',
    [0.7, 0.6],
    (base, parents) => step.taskArithmetic(base, parents, [0.7, 0.6]),
    { method: 'task-arithmetic', allowed: 0.005, withBase: true },
  ),
  merge(
    'merged',
    'task arithmetic .4 .3 .5, base here',
    [0.4, 0.3, 0.5],
    (base, parents) => step.taskArithmetic(base, parents, [0.4, 0.3, 0.5]),
    { method: 'task-arithmetic', allowed: 0.005, withBase: true },
  ),
  ...[0.3, 0.5, 0.8].flatMap((density) => [
    merge(
      'merged',
      `TIES .5 .5, density ${density}, base here`,
      [0.5, 0.5],
      (base, parents) => step.ties(base, parents, [0.5, 0.5], density),
      { method: 'ties', allowed: 0.02, withBase: true, ...LANGUAGE },
    ),
    merge(
      'merged',
      `TIES .65 .35, density ${density}, base here`,
      [0.65, 0.35],
      (base, parents) => step.ties(base, parents, [0.65, 0.35], density),
      { method: 'ties', allowed: 0.02, withBase: true, ...LANGUAGE },
    ),
    merge(
      'merged',
      `DARE .6 .4, density ${density}, base here`,
      [0.6, 0.4],
      (base, parents, seed) => step.dare(base, parents, [0.6, 0.4], density, seed),
      { method: 'dare', allowed: 0.02, withBase: true, ...LANGUAGE },
    ),
  ]),
  merge(
    'merged',
    'TIES .5 .3 .2, density 0.5, base here',
    [0.5, 0.3, 0.2],
    (base, parents) => step.ties(base, parents, [0.5, 0.3, 0.2], 0.5),
    { method: 'ties', allowed: 0.02, withBase: true, ...LANGUAGE },
  ),
  merge(
    'merged',
    'DARE .5 .3 .4, density 0.5, base here',
    [0.5, 0.3, 0.4],
    (base, parents, seed) => step.dare(base, parents, [0.5, 0.3, 0.4], 0.5, seed),
    { method: 'dare', allowed: 0.02, withBase: true, ...LANGUAGE },
  ),
  merge('merged', 'few tensors, .3 .7', [0.3, 0.7], (_, parents) => combined(parents, [0.3, 0.7]), {
    stored: 'bf16',
    method: 'linear',
    allowed: 0.005,
    from: (seed) => convolutionalNetwork(seed, { blocks: 4 }),
  }),
  {
    kind: 'merged',
    size: '.3 .7 about a large frozen embedding, bf16',
    make(seed) {
      const base = cast(languageModel(seed, { vocabulary: 1_500 }), 'bf16')
      const isFrozen = (tensor: Tensor) => /embed_tokens|lm_head/.test(tensor.name)
      const [a, b] = [1, 2].map((k) => cast(fineTuned(base, seed + k, unevenly(0.02, seed + k), isFrozen), 'bf16'))
      const child = cast(combined([a!, b!], [0.3, 0.7]), 'bf16')
      const truth: Truth = { child: 'child', parents: ['a', 'b'], changes: ['merged'], direction: 'known' }
      const parameter = weightsAre({ a: 0.3, b: 0.7 }, 'linear', 0.005)!
      return { models: { base, a: a!, b: b!, child }, truth: { ...truth, parameter } }
    },
  },
  ...[0.3, 0.5, 0.9].map((sparsity) =>
    pair('pruned', `smallest ${sparsity * 100} %`, ['pruned'], 'known', (base) => step.prunedBySize(base, sparsity), {
      ...LANGUAGE,
      parameter: numberIs('sparsity', sparsity, 0.02)!,
    }),
  ),
  pair('pruned', 'a quarter of the neurons', ['pruned'], 'undetermined', (base) => step.withoutNeurons(base, 0.25), {
    ...LANGUAGE,
    parameter: numberIs('sparsity', (0.25 * (4 * 3 * 160 * 96)) / 345_600, 0.05)!,
  }),
  ...(
    [
      ['one dropped', [0, 2, 3]],
      ['last dropped', [0, 1, 2]],
      ['two repeated', [0, 1, 2, 1, 2, 3]],
      ['one inserted', [0, 1, null, 2, 3]],
      ['two swapped', [0, 2, 1, 3]],
    ] as [string, (number | null)[]][]
  ).flatMap(([size, map]) => [
    // two layers swapped are the same model in another layout
    ...(map.length === 4 && !map.includes(null)
      ? []
      : [
          pair(
            'layers-changed',
            size,
            ['layers-changed'],
            'undetermined',
            (base, seed) => step.layered(base, map, seed),
            { ...LANGUAGE, parameter: mapIs(map) },
          ),
        ]),
    pair(
      'layers-changed',
      `${size}, then fine-tuned`,
      ['layers-changed', 'fine-tuned'],
      'undetermined',
      (base, seed) => tuned(step.layered(base, map, seed), seed),
      { ...LANGUAGE, parameter: mapIs(map) },
    ),
  ]),
  ...[1, 10, 120].map((rows) =>
    pair(
      'vocabulary-resized',
      `${rows} rows added`,
      ['vocabulary-resized'],
      'known',
      (base, seed) => step.withVocabulary(base, rows, seed),
      { ...LANGUAGE, parameter: numberIs('rows', rows, 0)! },
    ),
  ),
  pair(
    'vocabulary-resized',
    '10 rows added, then fine-tuned',
    ['vocabulary-resized', 'fine-tuned'],
    'known',
    (base, seed) => tuned(step.withVocabulary(base, 10, seed), seed),
    { ...LANGUAGE, parameter: numberIs('rows', 10, 0)! },
  ),
  pair('extracted', 'without its head', ['extracted'], 'undetermined', (base) => withoutHead(base)),
  pair('new head', '10 classes', ['extracted', 'fine-tuned'], 'undetermined', (base, seed) =>
    withNewHead(base, seed, 10),
  ),
  pair(
    'direction-ablated',
    'all layers',
    ['direction-ablated'],
    'known',
    (base, seed) => step.ablated(base, seed, () => true),
    { ...LANGUAGE, parameter: equals('layers', [0, 1, 2, 3])! },
  ),
  pair(
    'direction-ablated',
    'layers 1 and 2',
    ['direction-ablated'],
    'known',
    (base, seed) => step.ablated(base, seed, (layer) => layer === 1 || layer === 2),
    { ...LANGUAGE, parameter: equals('layers', [1, 2])! },
  ),
  pair(
    'direction-ablated',
    'all layers, bf16',
    ['direction-ablated'],
    'known',
    (base, seed) =>
      cast(
        step.ablated(base, seed, () => true),
        'bf16',
      ),
    {
      from: (seed) => cast(languageModel(seed), 'bf16'),
      parameter: equals('layers', [0, 1, 2, 3])!,
    },
  ),
  {
    kind: 'assembled',
    size: 'layers of two fine-tunes',
    make(seed) {
      const base = languageModel(seed)
      const [a, b] = [tuned(base, seed + 1), tuned(base, seed + 2)]
      return { models: { a, b, child: step.stacked(a, b, 2) }, truth: assembledOf(['a', 'b'], 'known') }
    },
  },
  {
    kind: 'assembled',
    size: 'layers of two fine-tunes, base here',
    make(seed) {
      const base = languageModel(seed)
      const [a, b] = [tuned(base, seed + 1), tuned(base, seed + 2)]
      return { models: { base, a, b, child: step.stacked(a, b, 1) }, truth: assembledOf(['a', 'b'], 'known') }
    },
  },
  {
    kind: 'assembled',
    size: 'layers of strangers',
    make(seed) {
      const [a, b] = [languageModel(seed), languageModel(seed + 5_000)]
      return { models: { a, b, child: step.stacked(a, b, 2) }, truth: assembledOf(['a', 'b'], 'known') }
    },
  },
  {
    kind: 'assembled',
    size: 'experts of three',
    make(seed) {
      const base = languageModel(seed)
      const [a, b, c] = [tuned(base, seed + 1), tuned(base, seed + 2), tuned(base, seed + 3)]
      return { models: { a, b, c, child: step.mixture([a, b, c], seed) }, truth: assembledOf(['a', 'b', 'c'], 'known') }
    },
  },
  {
    kind: 'assembled',
    size: 'tower joined',
    make(seed) {
      const [a, b] = [encoder(seed), languageModel(seed)]
      return { models: { a, b, child: step.joined(a, b, seed) }, truth: assembledOf(['a', 'b'], 'undetermined') }
    },
  },
  pair(
    'permuted',
    'neurons',
    ['permuted'],
    'undetermined',
    (base, seed) => step.withNeuronsPermuted(base, seed),
    LANGUAGE,
  ),
  pair(
    'permuted',
    'stream and neurons',
    ['permuted'],
    'undetermined',
    (base, seed) => step.withStreamPermuted(base, seed),
    LANGUAGE,
  ),
  ...(['Q8_0', 'Q4_0'] as const).map((scheme) =>
    pair(
      'chain',
      `fine-tuned, ${scheme}`,
      ['fine-tuned', 'quantised'],
      'known',
      (base, seed) => onGrid(tuned(base, seed, 0.2), scheme),
      { ...LANGUAGE, parameter: equals('scheme', scheme)! },
    ),
  ),
  pair('chain', 'fine-tuned, f16', ['fine-tuned'], 'undetermined', (base, seed) => cast(tuned(base, seed), 'f16')),
  pair(
    'chain',
    'half pruned, int8',
    ['pruned', 'quantised'],
    'known',
    (base) => quantised(step.prunedBySize(base, 0.5), 'row'),
    { ...LANGUAGE, parameter: numberIs('sparsity', 0.5, 0.03)! },
  ),
  pair(
    'chain',
    'fine-tuned, half pruned',
    ['fine-tuned', 'pruned'],
    'undetermined',
    (base, seed) => step.prunedBySize(tuned(base, seed, 0.1), 0.5),
    { ...LANGUAGE, parameter: numberIs('sparsity', 0.5, 0.02)! },
  ),
  pair(
    'chain',
    'vocabulary grown, fine-tuned, f16',
    ['vocabulary-resized', 'fine-tuned'],
    'known',
    (base, seed) => cast(tuned(step.withVocabulary(base, 10, seed), seed), 'f16'),
    { ...LANGUAGE, also: ['converted-lossy'], parameter: numberIs('rows', 10, 0)! },
  ),
  pair(
    'chain',
    'layer dropped, fine-tuned, Q8_0',
    ['layers-changed', 'fine-tuned', 'quantised'],
    'known',
    (base, seed) => onGrid(tuned(step.layered(base, [0, 2, 3]), seed, 0.1), 'Q8_0'),
    { ...LANGUAGE, parameter: mapIs([0, 2, 3]) },
  ),
  pair('chain', 'head taken off, bf16', ['extracted', 'converted-lossy'], 'known', (base) =>
    cast(withoutHead(base), 'bf16'),
  ),
  merge('chain', 'merged .3 .7, Q8_0', [0.3, 0.7], (_, parents) => onGrid(combined(parents, [0.3, 0.7]), 'Q8_0'), {
    apart: 0.1,
    also: ['quantised'],
    method: 'linear',
    allowed: 0.005,
    ...LANGUAGE,
  }),
]

function assembledOf(parents: string[], direction: Truth['direction']): Truth {
  return {
    child: 'child',
    parents,
    changes: ['assembled'],
    direction,
    parameter: { error: ({ parts }) => (Array.isArray(parts) ? 0 : 1), allowed: 0 },
  }
}

/** Where the larger model is taken for the parent, an inserted layer reads as one dropped. */
function mapIs(map: (number | null)[]): NonNullable<Truth['parameter']> {
  const dropped = map.flatMap((from, to) => (from === null ? [] : [to]))
  const wanted = [JSON.stringify(map), ...(map.includes(null) ? [JSON.stringify(dropped)] : [])]
  return {
    error: (details) => (wanted.includes(JSON.stringify(details['map'])) ? 0 : Number.POSITIVE_INFINITY),
    allowed: 0,
  }
}
