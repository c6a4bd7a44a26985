import { z } from 'zod'
import { claim } from './claims.ts'
import { modelId, scanReport } from './scan.ts'

const relation = scanReport.shape.relations.element

const model = z.object({ id: modelId, name: z.string(), parameters: z.number().int() })

/** A model and the relation by which it was reached; the relation's ends tell from which model. */
const step = z.object({ relation, model })

const place = z.object({
  path: z.string(),
  format: z.string(),
  bytes: z.number().int(),
  /** RFC 3339, in UTC. */
  firstSeen: z.string(),
  lastSeen: z.string(),
})

/** `yukue trace <model> --json`. Fields may be added, never renamed. */
export const traceReport = z.object({
  schema: z.literal('yukue.trace/1'),
  model,
  /** Nearest first, along relations of known direction. */
  ancestors: z.array(step),
  /** Nearest first, likewise. */
  descendants: z.array(step),
  /** Joined to the model by a relation of undetermined direction. */
  relatives: z.array(step),
  places: z.array(place),
  /** What its artifacts declare of its lineage, held against the weights. */
  claims: z.array(claim).optional(),
})

export type TraceReport = z.infer<typeof traceReport>
