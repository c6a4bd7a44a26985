import { z } from 'zod'
import { FACT_STATUSES } from './trace.ts'

/** Three-valued: what could not be decided never counts as met, and says what would settle it. */
export const VERDICTS = ['meets', 'departs', 'undecided'] as const
export type Verdict = (typeof VERDICTS)[number]

/** What a rule read. A fact that is not known has the value null, and no status. */
export const shownFact = z.object({
  name: z.string(),
  // the description of the API cannot follow a shape that contains itself
  value: z.json().meta({ type: ['string', 'number', 'boolean', 'object', 'array', 'null'] }),
  status: z.enum(FACT_STATUSES).nullable(),
  /** Numbers of the statements behind it in the log. */
  statements: z.array(z.number().int()),
})

export type ShownFact = z.infer<typeof shownFact>

const ruleVerdict = z.object({
  /** `pack/rule`; of a charter `charter/…`. */
  id: z.string(),
  title: z.string(),
  /** The site at which it was asked; null for what is asked of a model wherever it is. */
  site: z.string().nullable(),
  /** The model that it was asked of. */
  model: z.string(),
  /** Whether it is in force and speaks of this at all; null where that is not known. One that does not apply is met. */
  applies: z.boolean().nullable(),
  verdict: z.enum(VERDICTS),
  reason: z.string(),
  /** What to do, or what would settle it; null where it is met. */
  todo: z.string().nullable(),
  /** Who answers for it, and until when (a day); null where neither rule nor charter says. */
  who: z.string().nullable(),
  by: z.string().nullable(),
  /** Of the section of a law, a licence or a charter. */
  source: z.string(),
  facts: z.array(shownFact),
})

export type RuleVerdict = z.infer<typeof ruleVerdict>

/** `yukue check --json` of one model or one site. Fields may be added, never renamed. */
export const checkReport = z.object({
  schema: z.literal('yukue.check/1'),
  /** The model's id, or `site:NAME`. */
  subject: z.string(),
  name: z.string(),
  /** The models that it is about: one, or what is approved and present at a site. */
  models: z.array(z.string()),
  site: z.string().nullable(),
  /** A day, in UTC. */
  asOf: z.string(),
  verdict: z.enum(VERDICTS),
  rules: z.array(ruleVerdict),
})

export type CheckReport = z.infer<typeof checkReport>

/** `yukue check --all --json`. */
export const checksReport = z.object({
  schema: z.literal('yukue.checks/1'),
  asOf: z.string(),
  verdict: z.enum(VERDICTS),
  counts: z.object({ meets: z.number().int(), departs: z.number().int(), undecided: z.number().int() }),
  /**
   * Departures first, then what could not be decided; of each the rules that are not met. What is met everywhere is counted only.
   */
  checks: z.array(checkReport),
  /** Further subjects that are not met, and not listed. */
  more: z.number().int(),
})

export type ChecksReport = z.infer<typeof checksReport>
