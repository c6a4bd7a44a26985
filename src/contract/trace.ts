import { z } from 'zod'
import { namedActor, ROLES } from './actor.ts'
import { auditReport } from './audit.ts'
import { CLAIM_SUBJECTS } from './claim-subjects.ts'
import { claim as declaration } from './claims.ts'
import { compareReport } from './compare.ts'
import { resultSummary } from './result.ts'
import { modelId, scanReport } from './scan.ts'
import { simulation } from './simulation.ts'
import { declaredId } from './statement.ts'

const relation = scanReport.shape.relations.element

const model = z.object({ id: modelId, name: z.string(), parameters: z.number().int() })

/** The model asked for can be one that nobody here has the bytes of; its parameters are then not known. */
const subject = z.object({
  id: z.union([modelId, declaredId]),
  name: z.string(),
  parameters: z.number().int().nullable(),
})

export const FACT_STATUSES = ['verified', 'attested', 'declared', 'inferred', 'disputed'] as const
export type FactStatus = (typeof FACT_STATUSES)[number]
const status = z.enum(FACT_STATUSES)

/** What every recorded fact comes with. */
const fact = {
  status,
  /** The statement's number in the log. */
  statement: z.number().int(),
  /** Who signed it, as far as it can be told, and what became of each signature. */
  signatures: z.array(
    z.object({
      key: z.string(),
      actor: namedActor.nullable(),
      result: z.enum(['good', 'bad', 'unknown-key', 'expired-key', 'revoked-key', 'wrong-use']),
    }),
  ),
  /** Where it was taken over from a passport: the log that it stands in, its number there, and that of the statement here that took it over. */
  log: z
    .object({ origin: z.string(), number: z.number().int().nullable(), here: z.number().int().optional() })
    .optional(),
}
const event = { at: z.string(), note: z.string().nullable(), ...fact }

/** From hand to hand. */
const hop = z.object({
  event: z.enum(['created', 'received', 'handed-over', 'copied']),
  from: namedActor.nullable(),
  to: namedActor.nullable(),
  place: z.string().nullable(),
  /** Whether everyone named has signed; a hand-over that only one end has signed is not confirmed. */
  confirmed: z.boolean(),
  ...event,
})

const site = z.object({
  site: z.string(),
  /** The traced model, or the descendant of it that was deployed. */
  model: z.string(),
  actor: namedActor.nullable(),
  role: z.enum(ROLES).nullable(),
  purpose: z.string().nullable(),
  jurisdiction: z.string().nullable(),
  place: z.string().nullable(),
  /** Null while it has no known end. */
  until: z.string().nullable(),
  ...event,
})

const claim = z.object({
  subject: z.enum(CLAIM_SUBJECTS),
  value: z.string(),
  source: z.enum(['person', 'card', 'metadata']),
  by: namedActor.nullable(),
  /** What the weights say to it; null where they say nothing. */
  measured: z.string().nullable(),
  ...event,
})

const evaluation = z.object({
  kind: z.enum(['evaluation', 'audit']),
  suite: z.string(),
  by: namedActor.nullable(),
  metrics: z.record(z.string(), z.number()),
  report: z.object({ name: z.string(), sha256: z.string() }).nullable(),
  ...event,
})

/** What was measured of decisions or behaviour. `result`, the whole of it: asked for with --results. */
const result = resultSummary.extend({
  result: z.discriminatedUnion('schema', [auditReport, compareReport, simulation]).optional(),
  ...event,
})

const incident = z.object({
  severity: z.enum(['low', 'medium', 'high']),
  text: z.string(),
  by: namedActor.nullable(),
  reference: z.string().nullable(),
  ...event,
})

const named = z.object({ id: z.string(), name: z.string() })

/** An incident of the model or of one that it came from. */
const exposure = z.object({
  /** The incident's number in the log. */
  statement: fact.statement,
  at: z.string(),
  severity: incident.shape.severity,
  text: z.string(),
  status,
  log: fact.log,
  /** The model that it was recorded for. */
  origin: named,
  /** From that model to this one, both included. */
  path: z.array(named),
  /** The number of the evaluation or audit of this model that ended the exposure; null while exposed. */
  settledBy: z.number().int().nullable(),
})

/** The model itself, or a descendant of it, while one of its incidents is not settled there. */
const exposed = z.object({
  model: named,
  path: z.array(named),
  incidents: z.array(z.number().int()),
  /** Where it is in use. */
  sites: z.array(z.string()),
})

const holder = z.object({
  holder: namedActor,
  since: z.string(),
  /** Copies seen here; null for everyone else. */
  copies: z.number().int().nullable(),
  status,
})

/** A model and the relation by which it was reached; the relation's ends tell from which model. */
const step = z.object({ relation, model })

const place = z.object({
  path: z.string(),
  format: z.string(),
  bytes: z.number().int(),
  /** RFC 3339, in UTC. */
  firstSeen: z.string(),
  lastSeen: z.string(),
  status: z.enum(['verified', 'disputed']),
})

/** `yukue trace <model> --json`. Fields may be added, never renamed. */
export const traceReport = z.object({
  schema: z.literal('yukue.trace/1'),
  model: subject,
  /** What was known at this time; null: what is known now. */
  asOf: z.string().nullable(),
  /** The log that this rests on, so far as it went then; null where there was none. */
  log: z.object({ origin: z.string(), size: z.number().int(), root: z.string() }).nullable(),
  /** Ancestors of which no further ancestor is known. */
  origins: z.array(model),
  /** Nearest first, along relations of known direction. */
  ancestors: z.array(step),
  /** Nearest first, likewise. */
  descendants: z.array(step),
  /** Descendants further away than those, by id only. */
  moreDescendants: z.array(modelId),
  /** Joined to the model by a relation of undetermined direction. */
  relatives: z.array(step),
  places: z.array(place),
  /** What its artifacts declare of its lineage, held against the weights. */
  declarations: z.array(declaration).optional(),
  hops: z.array(hop),
  /** Where it, or what descends from it, is or was in use. */
  sites: z.array(site),
  claims: z.array(claim),
  evaluations: z.array(evaluation),
  /** Of this very model: what was measured of a parent does not carry over. */
  results: z.array(result),
  incidents: z.array(incident),
  /** Its own incidents and those of its ancestors. */
  exposures: z.array(exposure).optional(),
  /** What its own incidents reach. */
  exposed: z.array(exposed).optional(),
  /** Asked for with --holders. */
  holders: z.array(holder).optional(),
})

export type TraceReport = z.infer<typeof traceReport>
