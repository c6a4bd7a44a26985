import { z } from 'zod'

const count = z.number().int().nonnegative()

/** By which figures a result is known at a glance. */
const RESULT_FIGURES = [
  /** Share of favourable decisions. */
  'rate',
  /** The least impact ratio of any category; `where` names it. */
  'least-impact-ratio',
  /** Of use of the model; `where` is the grade. */
  'effect',
  /** Share refused by all ÷ expected. */
  'refused-by-all',
  /** Shares of the inputs. */
  'negative-flips',
  'positive-flips',
  'flips',
  /** Mean share at the end, of the place that has more. */
  'urn-plain',
  'urn-corrected',
] as const

export const resultFigure = z.object({
  code: z.enum(RESULT_FIGURES),
  where: z.string().nullable(),
  value: z.number(),
  interval: z.tuple([z.number(), z.number().nullable()]).nullable(),
})

export type ResultFigure = z.infer<typeof resultFigure>

const RESULT_KINDS = ['audit', 'comparison', 'simulation'] as const

/** What of a result on record is shown in lists; `model` is the one it is of. */
export const resultSummary = z.object({
  kind: z.enum(RESULT_KINDS),
  model: z.string(),
  /** What a comparison compares it with. */
  parent: z.string().nullable(),
  site: z.string().nullable(),
  window: z.object({ from: z.string().nullable(), to: z.string().nullable() }),
  /** Decisions, or inputs; null for a simulation. */
  n: count.nullable(),
  figures: z.array(resultFigure),
  findings: count,
  /** `sha256:…` over what was read; null for a simulation. */
  input: z.string().nullable(),
  /** Lists that the statement does not hold. */
  leftOut: z.array(z.string()),
})

export type ResultSummary = z.infer<typeof resultSummary>

/** Where the result and the ledger do not fit together. */
const RECORD_NOTES = [
  'log-names-other-model',
  'log-names-other-site',
  'unknown-site',
  'not-deployed-there',
  'not-in-use-then',
  'unknown-parent',
  'lists-left-out',
] as const

/** `recorded` in the JSON of `yukue audit` and `yukue compare` with --record. Fields may be added, never renamed. */
export const recordedResult = z.object({
  /** Its number in the log. */
  statement: z.number().int(),
  model: z.object({ id: z.string(), name: z.string() }),
  site: z.string().nullable(),
  window: resultSummary.shape.window,
  leftOut: z.array(z.string()),
  notes: z.array(z.object({ code: z.enum(RECORD_NOTES), values: z.record(z.string(), z.string()) })),
})

export type RecordedResult = z.infer<typeof recordedResult>
