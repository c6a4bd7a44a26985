import { z } from 'zod'
import { namedActor } from './actor.ts'
import { charter } from './charter.ts'
import { checkReport } from './check.ts'
import { FACT_STATUSES, traceReport } from './trace.ts'

const named = z.object({ id: z.string(), name: z.string() })

/** `yukue charter record FILE --json`. Fields may be added, never renamed. */
export const charterRecorded = z.object({
  schema: z.literal('yukue.charter-recorded/1'),
  name: z.string(),
  version: z.number().int(),
  /** The first day on which it holds. */
  from: z.string(),
  until: z.string().nullable(),
  models: z.array(named),
  statement: z.number().int(),
  /** False where this very text was on record already. */
  entered: z.boolean(),
})

export type CharterRecorded = z.infer<typeof charterRecorded>

const version = z.object({
  version: z.number().int(),
  from: z.string(),
  until: z.string().nullable(),
  /** Whether it is the one that holds on the day asked for. */
  inForce: z.boolean(),
  models: z.array(named),
  by: namedActor.nullable(),
  status: z.enum(FACT_STATUSES),
  statement: z.number().int(),
  signatures: traceReport.shape.hops.element.shape.signatures,
})

export type CharterVersion = z.infer<typeof version>

/** `yukue charter list --json`. */
export const charterList = z.object({
  schema: z.literal('yukue.charters/1'),
  asOf: z.string(),
  charters: z.array(z.object({ name: z.string(), title: z.string().nullable(), versions: z.array(version) })),
})

export type CharterList = z.infer<typeof charterList>

/** `yukue charter show NAME --json`. */
export const charterShown = version.extend({
  schema: z.literal('yukue.charter-shown/1'),
  name: z.string(),
  /** As it was signed. */
  text: z.string(),
  /** The same read; null where this version cannot read it. */
  charter: charter.nullable(),
})

export type CharterShown = z.infer<typeof charterShown>

/** What happened to a model, of what a charter speaks of. */
const happened = traceReport
  .pick({
    model: true,
    ancestors: true,
    relatives: true,
    descendants: true,
    hops: true,
    sites: true,
    evaluations: true,
    incidents: true,
  })
  .extend({
    holders: traceReport.shape.holders.unwrap(),
    exposures: traceReport.shape.exposures.unwrap(),
  })

export type Happened = z.infer<typeof happened>

/** `yukue charter explain --json`, and `yukue charter check --json`. */
export const charterExplained = z.object({
  schema: z.enum(['yukue.charter-explained/1', 'yukue.charter-check/1']),
  /** The file, or `NAME version N`. */
  source: z.string(),
  /** Of a charter on record. */
  version: version.nullable(),
  charter,
  asOf: z.string(),
  /** Each model that it was held against, with what happened to it and the verdicts; none where it was held against none. */
  held: z.array(z.object({ happened, check: checkReport })),
})

export type CharterExplained = z.infer<typeof charterExplained>
