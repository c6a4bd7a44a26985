import { z } from 'zod'
import { namedActor } from './actor.ts'
import { traceReport } from './trace.ts'

const named = z.object({ id: z.string(), name: z.string() })

const incident = z.object({
  statement: z.number().int(),
  at: z.string(),
  severity: traceReport.shape.incidents.element.shape.severity,
  text: z.string(),
  reference: z.string().nullable(),
})

const holding = z.object({
  model: named,
  /** From the model recalled to this one, both included. */
  path: z.array(named),
  since: z.string(),
  status: traceReport.shape.incidents.element.shape.status,
  /** Incidents that no measurement of this model settles. */
  open: z.array(z.number().int()),
  /** Where this holder has it in use. */
  sites: z.array(z.string()),
})

const holder = z.object({
  holder: namedActor,
  holdings: z.array(holding),
  /** One for each incident: when the holder was told, and in which statement; null while not told. */
  notices: z.array(
    z.object({
      incident: z.number().int(),
      told: z.object({ at: z.string(), statement: z.number().int(), language: z.enum(['en', 'ja']) }).nullable(),
      /** The day until which a charter wants the holder told; null where none says. */
      by: z.string().nullable(),
    }),
  ),
})

/** `yukue recall MODEL --json`. Fields may be added, never renamed. */
export const recallReport = z.object({
  schema: z.literal('yukue.recall/1'),
  model: named,
  asOf: z.string(),
  /** Whose estate this is: who writes to the holders. */
  sender: namedActor,
  incidents: z.array(incident),
  /** Everyone on record as having the model or what was made from it, but the sender. */
  holders: z.array(holder),
  /** What descends from it, and where that is in use: also what nobody is on record as having. */
  exposed: traceReport.shape.exposed.unwrap(),
  /** Who acts on incidents by the charters in force. */
  contacts: z.array(
    z.object({ charter: z.string(), name: z.string(), reach: z.string().nullable(), withinDays: z.number().int() }),
  ),
  /** Numbers of the notices entered by this command. */
  entered: z.array(z.number().int()),
})

export type RecallReport = z.infer<typeof recallReport>
export type RecallHolder = z.infer<typeof holder>
