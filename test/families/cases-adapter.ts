import type { ChangeKind } from '../../src/contract/scan.ts'
import { cast } from '../builders/model-operations.ts'
import { printed } from '../builders/models.ts'
import { languageModel } from './networks.ts'
import { type Case, equals, pair, rankIs, tuned } from './scenario.ts'
import * as step from './steps.ts'

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

/** Low-rank changes, merged in or by themselves. */
export const ADAPTERS: Case[] = [
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
]
