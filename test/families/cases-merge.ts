import type { ChangeKind } from '../../src/contract/scan.ts'
import { cast, combined, fineTuned, unevenly } from '../builders/model-operations.ts'
import type { Model, Tensor } from '../builders/models.ts'
import { onGrid } from './grids.ts'
import { convolutionalNetwork, languageModel } from './networks.ts'
import { anyNetwork, type Case, DEFAULT_SIZE, LANGUAGE, type Truth, tuned, weightsAre } from './scenario.ts'
import * as step from './steps.ts'

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

/** Models made of two or three others. */
export const MERGES: Case[] = [
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
  merge('chain', 'merged .3 .7, Q8_0', [0.3, 0.7], (_, parents) => onGrid(combined(parents, [0.3, 0.7]), 'Q8_0'), {
    apart: 0.1,
    also: ['quantised'],
    method: 'linear',
    allowed: 0.005,
    ...LANGUAGE,
  }),
]
