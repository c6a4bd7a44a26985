import { z } from 'zod'
import { API_ROLES, problemDetails } from './api.ts'
import { auditReport } from './audit.ts'
import { recordReport } from './record.ts'
import { RECORD_EVENTS } from './record-events.ts'
import { scanReport } from './scan.ts'

/** What can be written through `yukue serve` (docs/serve.md). Each takes the role of recorder at least. */

const count = z.number().int().nonnegative()
/** No option of the command line is longer. */
const text = z.string().max(8_192)
const name = z.string().min(1).max(512)

/** POST records: as `yukue record`; the estate's own key signs. */
export const recordRequest = z
  .strictObject({
    event: z.enum(RECORD_EVENTS),
    /** A name, the beginning of a digest, or a `declared:` id. */
    model: name,
    /** A day or a time; today unless given. */
    at: z.string().max(32).optional(),
    /** Actors: `person:…`, `team:…`, `system:…`, an organisation without a word before it. */
    from: name.optional(),
    to: name.optional(),
    actor: name.optional(),
    role: z.string().max(64).optional(),
    site: name.optional(),
    purpose: text.optional(),
    jurisdiction: z.string().max(64).optional(),
    place: z.string().max(4_096).optional(),
    until: z.string().max(32).optional(),
    /** `base=…`, `licence=…`, `quantisation=…`. */
    claims: z.array(text).max(64).optional(),
    source: z.enum(['person', 'card', 'metadata']).optional(),
    suite: name.optional(),
    /** `name=value` */
    metrics: z.array(z.string().max(512)).max(1_024).optional(),
    severity: z.enum(['low', 'medium', 'high']).optional(),
    text: text.optional(),
    reference: text.optional(),
    note: text.optional(),
  })
  .meta({ id: 'RecordRequest' })

/** `envelopes`: as they were entered; the offer to send, for a hand-over. */
export const recordAnswer = recordReport.extend({ envelopes: z.array(z.string()) }).meta({ id: 'RecordAnswer' })

/** POST statements: an envelope signed elsewhere by a key that is trusted here. */
export const statementAnswer = z.object({ number: count, kind: z.string() }).meta({ id: 'StatementAnswer' })
export type StatementAnswer = z.infer<typeof statementAnswer>

/** POST prints: the body is a print file (application/octet-stream). */
export const printQuery = z.object({ name: z.string().max(255).default('upload.yukueprint') })
export const printAnswer = z.object({ id: z.string(), name: z.string() }).meta({ id: 'PrintAnswer' })

/** POST scans: folders or files inside the roots that the server was started with. */
export const scanRequest = z
  .strictObject({
    paths: z.array(z.string().min(1).max(4_096)).min(1).max(64),
    /** Hints for headerless files, `voices/*.bin=f32[512,256]`. */
    as: z.array(z.string().max(512)).max(64).default([]),
  })
  .meta({ id: 'ScanRequest' })

/** A query parameter that may be given once or several times. */
const several = z.preprocess(
  (value) => (value === undefined || Array.isArray(value) ? value : [value]),
  z.array(z.string().max(512)).max(64).optional(),
)

/** POST decisions: the body is a log of decisions, CSV, JSON Lines or Parquet; parameters are the flags of `yukue audit`. */
export const decisionsQuery = z.object({
  /** Of the file; its ending says the format. */
  name: z.string().max(255).default('decisions.csv'),
  decision: z.string().max(512).optional(),
  favourable: several,
  score: z.string().max(512).optional(),
  group: several,
  stratum: z.string().max(512).optional(),
  weight: z.string().max(512).optional(),
  subject: z.string().max(512).optional(),
  time: z.string().max(512).optional(),
  timeFormat: z.string().max(64).optional(),
  outcome: z.string().max(512).optional(),
  positive: several,
  probability: z.string().max(512).optional(),
  /** Columns of the log. */
  siteColumn: z.string().max(512).optional(),
  modelColumn: z.string().max(512).optional(),
  minimumShare: z.string().max(32).optional(),
  justification: z.string().max(2_048).optional(),
  /** Where the decisions were taken, and by which model: the result is recorded of these. */
  site: z.string().max(512).optional(),
  model: z.string().max(512).optional(),
})

const JOB_STATES = ['queued', 'running', 'done', 'failed'] as const

/** GET jobs/{id}; as the data of every event of jobs/{id}/events too. */
export const job = z
  .object({
    id: z.string(),
    kind: z.enum(['scan', 'audit']),
    state: z.enum(JOB_STATES),
    /** What it is done on: the paths, or the file's name. */
    title: z.string(),
    created: z.string(),
    started: z.string().nullable(),
    finished: z.string().nullable(),
    /** `searching`, `reading`, `relating`, `recording`; `opening`, `counting`, `estimating`. */
    phase: z.string().nullable(),
    /** Bytes of a scan that were read, of those that are to be; null before that is known. */
    done: count.nullable(),
    total: count.nullable(),
    /** Where it failed. */
    problem: problemDetails.nullable(),
    /** Where it is done; of a scan without its models, which the estate has. */
    result: z
      .discriminatedUnion('kind', [
        z.object({
          kind: z.literal('scan'),
          models: count,
          relations: count,
          findings: count,
          problems: scanReport.shape.problems,
        }),
        z.object({
          kind: z.literal('audit'),
          report: auditReport,
          /** Numbers of the statements that keep it. */
          statements: z.array(count),
        }),
      ])
      .nullable(),
  })
  .meta({ id: 'Job' })

export type Job = z.infer<typeof job>

/** GET jobs: the latest first, without their results. */
export const jobs = z.object({ items: z.array(job.omit({ result: true })) }).meta({ id: 'Jobs' })
export type Jobs = z.infer<typeof jobs>

/** `yukue token list --json`; never the token itself, which is shown once. */
export const tokenReport = z.object({
  schema: z.literal('yukue.tokens/1'),
  tokens: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      role: z.enum(API_ROLES),
      created: z.string(),
      expires: z.string().nullable(),
      revoked: z.string().nullable(),
      /** A day; null: never used. */
      used: z.string().nullable(),
    }),
  ),
})

export type TokenReport = z.infer<typeof tokenReport>
