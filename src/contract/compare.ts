import { z } from 'zod'

const count = z.number().int().nonnegative()
const share = z.number().min(0).max(1)
const interval = z.tuple([z.number(), z.number()])

/** Of the inputs, with Wilson's 95 % interval. */
const flips = z.object({ n: count, rate: share, interval })

const figures = z.object({
  items: count,
  /** Null without the right answers, like everything that needs them. */
  accuracy: z.object({ parent: share, child: share }).nullable(),
  /** Right before, wrong after. */
  negativeFlips: flips.nullable(),
  /** Wrong before, right after. */
  positiveFlips: flips.nullable(),
  /** Answers that changed, right or wrong. */
  flips,
  /** Exact, two-sided. */
  mcnemarP: share.nullable(),
  /** Share right after less share right before, with its paired interval. */
  difference: z.number().nullable(),
  differenceInterval: interval.nullable(),
})

/** `yukue compare --json`. Fields may be added, never renamed. */
export const compareReport = figures.extend({
  schema: z.literal('yukue.compare/1'),
  parent: z.string(),
  child: z.string(),
  /** What was read; the digest binds the result to it. */
  input: z.object({
    digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
    files: z.array(z.object({ path: z.string(), sha256: z.string(), bytes: count })),
  }),
  groups: z.array(figures.extend({ attribute: z.string(), category: z.string(), adjustedP: share.nullable() })),
  /** Inputs whose answer changed, those that became wrong first; at most 1,000. */
  flipped: z.array(z.object({ key: z.string(), parent: z.string(), child: z.string(), truth: z.string().nullable() })),
  leftOut: z.array(z.object({ reason: z.string(), n: count })),
  cost: z
    .object({ requests: count, promptTokens: count, answerTokens: count, price: z.number().nullable() })
    .nullable(),
})

export type CompareReport = z.infer<typeof compareReport>
export type CompareFigures = z.infer<typeof figures>
