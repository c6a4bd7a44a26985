import { z } from 'zod'

const count = z.number().int().nonnegative()
const share = z.number().min(0).max(1)
/** 95 %. An upper end without bound is null. */
const interval = z.tuple([z.number(), z.number().nullable()])
const rateInterval = z.tuple([z.number(), z.number()])

const figures = z.object({
  n: count,
  selected: count,
  rate: share,
  /** Wilson's. */
  rateInterval,
  /** Rate ÷ the reference's. Null for a category left out, and over a reference rate of 0. */
  impactRatio: z.number().nullable(),
  /** Katz's; Koopman's with a cell below five; percentiles of the bootstrap where subjects repeat. */
  impactRatioInterval: interval.nullable(),
  /** Holds for all pairs at once, so also when the reference was chosen as the highest. */
  simultaneousInterval: interval.nullable(),
  /** The ratio if every decision about people of unknown category fell the worst and the best way. */
  impactRatioBounds: interval.nullable(),
  /** Of the category against the reference, two-sided; descriptive. */
  fisherP: share.nullable(),
  /** Of the category against all others together: what findings rest on. */
  othersP: share.nullable(),
  /** `othersP` after Holm, over the run; single attributes and intersections apart. */
  adjustedP: share.nullable(),
  /** `othersP` after Benjamini and Hochberg, over the same family. */
  screenedP: share.nullable(),
  /** Two-proportion z against all others, pooled. */
  z: z.number().nullable(),
  /** Selected less expected, in hypergeometric standard deviations. */
  standardDeviations: z.number().nullable(),
  /** Expected less selected: decisions that an equal rate would have added. */
  shortfall: z.number().nullable(),
  /** Of the score, against all others; null without a score. */
  standardisedMeanDifference: z.number().nullable(),
  /** Left out of ratios by --min-share. */
  excluded: z.boolean(),
})

const category = figures.extend({ category: z.string() })
const intersection = figures.extend({ cell: z.record(z.string(), z.string()) })

const attribute = z.object({
  attribute: z.string(),
  unknown: count,
  unknownSelected: count,
  /** The values that were read as unknown. */
  unknownValues: z.array(z.string()),
  reference: z.string().nullable(),
  /** The score that rates are shares above, and the rows equal to it; null in an audit of decisions. */
  median: z.number().nullable(),
  ties: count.nullable(),
  categories: z.array(category),
})

const stratified = z.object({
  attribute: z.string(),
  category: z.string(),
  oddsRatio: z.number().nullable(),
  interval: rateInterval.nullable(),
  riskRatio: z.number().nullable(),
  chiSquared: z.number().nullable(),
  chiSquaredCorrected: z.number().nullable(),
  /** Of the corrected χ². */
  p: share.nullable(),
  strata: count,
})

const errorRate = z.object({
  attribute: z.string(),
  category: z.string(),
  /** With a known outcome. */
  n: count,
  fpr: share.nullable(),
  fnr: share.nullable(),
  ppv: share.nullable(),
  fprInterval: rateInterval.nullable(),
  fnrInterval: rateInterval.nullable(),
  ppvInterval: rateInterval.nullable(),
  /** Outcomes are known of the selected only. */
  selectiveLabels: z.boolean(),
  /** Tenths of the score, or fewer: mean score and share of positive outcomes. */
  calibration: z.array(z.object({ score: z.number(), n: count, rate: share, interval: rateInterval })),
})

const site = z.object({
  site: z.string(),
  model: z.string().nullable(),
  attribute: z.string(),
  category: z.string(),
  n: count,
  rate: share,
  impactRatio: z.number().nullable(),
  /** The site's impact ratio less the parent site's; null without a parent site. */
  difference: z.number().nullable(),
  interval: rateInterval.nullable(),
  /** Of the difference, after Holm over all sites. */
  adjustedP: share.nullable(),
})

const heterogeneity = z.object({
  attribute: z.string(),
  category: z.string(),
  sites: count,
  /** Impact ratio over all sites by DerSimonian and Laird. */
  pooled: z.number(),
  interval: rateInterval,
  q: z.number(),
  p: share,
  iSquared: share,
  /** Where the ratio of another such site would lie; null below three sites. */
  predictionInterval: rateInterval.nullable(),
})

const refusals = z.object({
  subjects: count,
  deployers: count,
  /** Share of subjects whom every deployer refused. */
  allRefused: share,
  /** The same, were the deployers' decisions independent (within strata, when there are any). */
  expected: share,
  ratio: z.number().nullable(),
  interval: rateInterval.nullable(),
})

const homogenisation = refusals.extend({
  byGroup: z.array(refusals.extend({ attribute: z.string(), category: z.string() })),
  /** Share of subjects with k refusals, seen and by the Poisson–binomial distribution. */
  distribution: z.array(z.object({ refusals: count, observed: share, expected: share })),
  /** That the number of refusals varies as independence says. */
  p: share.nullable(),
  /** Joint refusals ÷ expected, over pairs of deployers that share a base model and over pairs that do not. */
  sharedBase: z
    .object({
      sharing: z.number().nullable(),
      notSharing: z.number().nullable(),
      difference: z.number().nullable(),
      interval: rateInterval.nullable(),
    })
    .nullable(),
  /** Rows of deployers' decisions used; subjects not seen by every deployer are left out. */
  incomplete: count,
})

const effect = z.object({
  cohort: z.union([z.number(), z.string()]),
  period: z.union([z.number(), z.string()]),
  estimate: z.number(),
  interval: rateInterval.nullable(),
})

const GRADES = ['A', 'B', 'C', 'D', 'E'] as const

const feedback = z.object({
  /** Null: not identifiable from this log. `reason` then says which column or design would make it so. */
  grade: z.enum(GRADES).nullable(),
  estimand: z.string().nullable(),
  estimate: z.number().nullable(),
  interval: rateInterval.nullable(),
  effects: z.array(effect),
  dynamic: z.number().nullable(),
  dynamicInterval: rateInterval.nullable(),
  group: z.number().nullable(),
  groupInterval: rateInterval.nullable(),
  /** Effects by periods since adoption; below 0 placebos. */
  byExposure: z.array(z.object({ exposure: z.number(), estimate: z.number(), interval: rateInterval.nullable() })),
  /** Checks made before the estimate was believed. */
  checks: z.array(z.object({ check: z.string(), p: share.nullable(), passed: z.boolean() })),
  /** A code (docs/impact.md) and a sentence. */
  code: z.string(),
  reason: z.string(),
})

const finding = z.object({
  code: z.string(),
  severity: z.enum(['low', 'medium', 'high']),
  where: z.string(),
  text: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
})

/** What the ledger was asked for (`--from-ledger`), and the numbers of the statements that say it. */
const fromLedger = z.object({
  /** Whose family's use is meant; null where no date was asked for. */
  model: z.string().nullable(),
  /** The first deployment of the family at each site. */
  adopted: z.array(z.object({ site: z.string(), at: z.string(), model: z.string(), statement: z.number().int() })),
  /** Sites of the log at which none is on record: taken for sites that never adopted. */
  without: z.array(z.string()),
  /** Days on which it went into use at a site of the log. */
  deployments: z.array(z.string()),
  /** The measured origin of the model that each deployer deployed last. */
  bases: z.array(z.object({ deployer: z.string(), base: z.string(), model: z.string(), statement: z.number().int() })),
})

/** `yukue audit --json`. Fields may be added, never renamed. */
export const auditReport = z.object({
  schema: z.literal('yukue.audit/1'),
  /** What was read; `digest` binds the result to it. */
  input: z.object({
    digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
    files: z.array(z.object({ path: z.string(), sha256: z.string(), bytes: count })),
  }),
  rows: count,
  /** Decisions judged: rows, or their weights. */
  decisions: count,
  leftOut: z.array(z.object({ reason: z.string(), n: count })),
  window: z.object({ from: z.string().nullable(), to: z.string().nullable() }),
  site: z.string().nullable(),
  model: z.string().nullable(),
  favourable: z
    .object({ column: z.string(), value: z.string(), n: count, rate: share, others: z.array(z.string()) })
    .nullable(),
  /** The least share of a category in ratios, and why that is justified here. */
  minimumShare: z.object({ share, justification: z.string() }).nullable(),
  attributes: z.array(attribute),
  intersections: z.array(intersection),
  intersectionsSummary: attribute.omit({ categories: true }).nullable(),
  strata: z.object({ column: z.string().nullable(), mantelHaenszel: z.array(stratified).nullable() }),
  errorRates: z.array(errorRate),
  sites: z.array(site),
  heterogeneity: z.array(heterogeneity),
  homogenisation: homogenisation.nullable(),
  feedback: feedback.nullable(),
  /** Rates by week (Monday), for the time line. */
  timeline: z.array(
    z.object({ week: z.string(), attribute: z.string(), category: z.string(), n: count, selected: count }),
  ),
  deployments: z.array(z.string()),
  fromLedger: fromLedger.nullable().optional(),
  seed: z.number().int(),
  findings: z.array(finding),
  /** What the figures need to be read rightly; no alarms. */
  notes: z.array(z.object({ code: z.string(), text: z.string() })),
})

export type AuditReport = z.infer<typeof auditReport>
export type AuditFigures = z.infer<typeof figures>
export type AuditAttribute = z.infer<typeof attribute>
export type AuditFeedback = z.infer<typeof feedback>
