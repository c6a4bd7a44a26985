import { z } from 'zod'
import { actor, MAX_NAME, ROLES } from './actor.ts'
import { auditReport } from './audit.ts'
import { CLAIM_SUBJECTS } from './claim-subjects.ts'
import { compareReport } from './compare.ts'
import { scanReport } from './scan.ts'
import { simulation } from './simulation.ts'

/** What a statement can say (docs/ledger.md). Each is shipped as a JSON Schema too: schema/predicates.schema.json. */

const text = z.string().max(8_192)
const name = z.string().min(1).max(MAX_NAME)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
/** RFC 3339; of events a day will do. */
const time = z.string().regex(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z)?$/)
const file = z.object({ path: z.string(), sha256, bytes: z.int().min(0) })

/** In what form a model is meant: approval covers the files beside the weights too. */
const form = z.object({ layout: z.string(), sideFiles: z.array(file.extend({ role: z.string() })) })

/** When the statement was made, and by which program; its signature says by whom. */
const recorded = { recordedAt: z.iso.datetime() }
const event = { ...recorded, at: time, note: text.nullable() }

/** A scan saw these bytes here, or saw that they are here no more. */
const observed = z.object({
  ...recorded,
  state: z.enum(['present', 'gone']),
  path: z.string(),
  place: z.string(),
  format: z.string(),
  layout: z.string(),
  bytes: z.int().min(0),
  files: z.array(file),
  /** Null where the scan had not looked beside the model yet. */
  sideFiles: form.shape.sideFiles.nullable(),
  findings: z.array(z.string()),
})

/** A print was made, or taken over, and what it says of the model. */
const printed = z.object({
  ...recorded,
  name: z.string(),
  origin: z.enum(['scanned', 'imported']),
  parameters: z.int().min(0),
  tensors: z.int().min(0),
  dtypes: z.record(z.string(), z.int()),
  quantisation: z.object({ scheme: z.string(), bits: z.number() }).nullable(),
  print: z.object({ version: z.int(), sha256, bytes: z.int() }).nullable(),
})

/** Measured lineage; `withdrawn` where a later measurement no longer finds it. */
const related = z.object({
  ...recorded,
  state: z.enum(['found', 'withdrawn']),
  relation: scanReport.shape.relations.element,
})

/** A hand-over names both ends, and is confirmed by a signature of each over the same statement. */
const custody = z.object({
  ...event,
  event: z.enum(['created', 'received', 'handed-over', 'copied']),
  from: actor.nullable(),
  to: actor.nullable(),
  place: z.string().nullable(),
  form: form.nullable(),
  /** So that no two hand-overs are one statement, and no receipt serves twice. */
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
})

const deployed = z.object({
  ...event,
  site: name,
  actor: actor.nullable(),
  role: z.enum(ROLES).nullable(),
  purpose: text.nullable(),
  jurisdiction: z.string().max(64).nullable(),
  place: z.string().nullable(),
  until: time.nullable(),
  /** Null where no copy was at hand to say what was approved beyond the weights. */
  approved: form.nullable(),
})

const retired = z.object({
  ...event,
  site: name.nullable(),
  actor: actor.nullable(),
  place: z.string().nullable(),
})

/** What a card, a field or a person says of a model; checked against the weights whenever it is shown. */
const claimed = z.object({
  ...event,
  by: actor.nullable(),
  source: z.enum(['person', 'card', 'metadata']),
  /** What the claim is of; the value as it was said. */
  subject: z.enum(CLAIM_SUBJECTS),
  value: text,
  /** Where it is claimed of the model at one site only. */
  site: name.nullable().optional(),
})

const evaluated = z.object({
  ...event,
  kind: z.enum(['evaluation', 'audit']),
  by: actor.nullable(),
  suite: name,
  metrics: z.record(z.string(), z.number()),
  report: z.object({ name: z.string(), sha256 }).nullable(),
})

/**
 * What was measured of decisions or behaviour. The result itself is in the statement, so that whoever has the statement can read it
 * without the log of decisions, which `input.digest` in it names. Its first subject is the model; the files that were read follow.
 */
const measured = z.object({
  ...recorded,
  at: time,
  /** Null where the decisions are of no one site. */
  site: name.nullable(),
  window: z.object({ from: text.nullable(), to: text.nullable() }),
  /** With which model a comparison compares it; no subject, since what was measured is not about that one. */
  parent: z.string().max(MAX_NAME).nullable().optional(),
  /** Lists of the result that are empty here because they would name people's rows, or because it was too long. */
  leftOut: z.array(z.string()).optional(),
  result: z.discriminatedUnion('schema', [auditReport, compareReport, simulation]),
})

/** What is agreed for its subjects; a later version of the same name takes the place of an earlier one. */
const charter = z.object({
  ...recorded,
  at: time,
  name,
  version: z.int().min(1),
  by: actor.nullable(),
  /** The YAML as it was written. */
  text: z.string().max(262_144),
})

/** A holder was told of an incident. */
const notified = z.object({
  ...event,
  holder: actor,
  /** The number of the incident's statement in this log. */
  incident: z.int().min(0),
  language: z.enum(['en', 'ja']),
})

const incident = z.object({
  ...event,
  by: actor.nullable(),
  severity: z.enum(['low', 'medium', 'high']),
  text,
  reference: text.nullable(),
})

export const KEY_USES = ['signer', 'log', 'witness'] as const

/** Whose key a key is, as the estate takes it. The first of a log is its own. */
const trusted = z.object({
  ...recorded,
  /** As `yukue key show` prints it. */
  key: z.string().max(1_024),
  use: z.enum(KEY_USES),
  actor,
  role: z.enum(ROLES).nullable(),
  expires: time.nullable(),
})

/** Signatures of the key count only until here. */
const revoked = z.object({ ...recorded, keyId: sha256, reason: text.nullable() })

/** Seals a passport: its subject is the digest of what stands in the file (docs/passports.md). */
const passport = z.object({ ...recorded, log: z.string(), checkpoint: z.string().max(100_000), statements: z.int() })

/**
 * A statement of another log, taken over from a passport as it stood there. It keeps that log's name, its number and its time there, so
 * that neither log passes for the other.
 */
const imported = z.object({
  ...recorded,
  log: z.string(),
  /** Null for the seal of the passport itself, which is in no log. */
  number: z.int().min(0).nullable(),
  time: z.iso.datetime(),
  /** SHA-256 of the passport's file. */
  passport: sha256,
  statement: z.object({ payload: z.string(), signatures: z.array(z.object({ keyid: z.string(), sig: z.string() })) }),
})

export const predicates = {
  observed,
  printed,
  related,
  custody,
  deployed,
  retired,
  claimed,
  evaluated,
  incident,
  measured,
  charter,
  notified,
  trusted,
  revoked,
  passport,
  imported,
} as const

export type PredicateKind = keyof typeof predicates

export const PREDICATE_KINDS = Object.keys(predicates) as PredicateKind[]
