import { z } from 'zod'

/** Where a person's category is known from. */
export const ATTRIBUTE_SOURCES = ['self-reported', 'proxy', 'unknown'] as const

const column = z.string().min(1)

/**
 * One decision, as a line of a log. Attributes of the person stand in members of their own (`attribute.sex`, and
 * `attribute.sex.source`), so that every engine sees them as columns.
 */
export const decisionRecord = z
  .object({
    /** RFC 3339. */
    time: z.iso.datetime({ offset: true }),
    site: z.string().min(1),
    /** Digest or recorded name of the model. */
    model: z.string().min(1),
    /** A pseudonym: the same person, the same text; never a name. */
    subject: z.string().min(1),
    /** What was decided. */
    action: z.string().min(1),
    score: z.number().optional(),
    threshold: z.number().optional(),
    /** With which the action was chosen: 1 unless chance had a part (randomised holdout, exploration). */
    probability: z.number().min(0).max(1).optional(),
    outcome: z.union([z.string(), z.number()]).optional(),
    /** Why the outcome is known: "selected" where only the selected have one. */
    observedBecause: z.string().optional(),
    /** What makes cases comparable: a department, a job, a difficulty. */
    stratum: z.string().optional(),
  })
  .catchall(z.union([z.string(), z.number(), z.boolean(), z.null()]))

export type DecisionRecord = z.infer<typeof decisionRecord>

/** Names of a log's columns by their part in the record: `yukue audit --map`. Flags go before it only where it is silent. */
export const logMapping = z.strictObject({
  decision: column.optional(),
  favourable: z.union([column, z.array(column)]).optional(),
  score: column.optional(),
  group: z.union([column, z.array(column)]).optional(),
  stratum: column.optional(),
  weight: column.optional(),
  subject: column.optional(),
  site: column.optional(),
  model: column.optional(),
  time: column.optional(),
  timeFormat: column.optional(),
  outcome: column.optional(),
  positive: z.union([column, z.array(column)]).optional(),
  probability: column.optional(),
  holdout: column.optional(),
  deployer: column.optional(),
  unit: column.optional(),
  adopted: column.optional(),
})

export type LogMapping = z.infer<typeof logMapping>
