import { z } from 'zod'

/**
 * Something found in or beside a model that deserves a look (docs/findings.md). Codes are stable. A finding of one of these carries
 * the values that its text in the catalogues (src/report/locales) is filled with; one of another code only its message.
 */
export const findingValues = {
  /** Operators that no standard set has; the program that loads the model needs code for them. `count`: of different ones. */
  'custom-op': z.object({ operators: z.string(), count: z.number() }),
  /** The name says one number format, the weights are in another. */
  'name-contradicts-content': z.object({ claim: z.string(), found: z.string() }),
  /** Another model lay at this path before. `lastSeen`: the day. */
  'name-changed-bytes': z.object({ before: z.string(), lastSeen: z.string() }),
  'no-weights': z.object({}),
  /** Files beside the model other than those before; `names`: their roles and names. */
  'side-files-changed': z.object({ names: z.string() }),
  /** A copy where nobody has recorded one, in an estate whose places are recorded. */
  'unrecorded-place': z.object({}),
  /** NaN or infinity among the weights. `names`: the first tensors, `tensors`: all of them, `count`: the values. */
  'non-finite-weights': z.object({ names: z.string(), tensors: z.number(), count: z.number() }),
  /** Tensors of a shard that the index says are in another one. */
  'shadowed-tensors': z.object({ names: z.string(), file: z.string() }),
  /** Tensors of a shard that the index does not name. */
  'unindexed-tensors': z.object({ names: z.string(), file: z.string() }),
  /** Packed tensors of a layout that is not known. */
  'unread-packing': z.object({ name: z.string(), count: z.number() }),
} as const

export type FindingCode = keyof typeof findingValues
export type FindingValues<C extends FindingCode> = z.infer<(typeof findingValues)[C]>

/** What a finding's text is filled with. */
export type AnyFindingValues = Record<string, string | number>
