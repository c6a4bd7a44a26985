import { z } from 'zod'
import { namedActor } from './actor.ts'
import { pageQuery, resultSummary } from './api.ts'
import { envelope } from './envelope.ts'
import { PREDICATE_KINDS, predicates } from './predicates.ts'
import { keyReport } from './record.ts'
import { traceReport } from './trace.ts'

/** What `yukue serve` shows of the log, so that a browser can verify it for itself (docs/serve.md). */

const count = z.number().int().nonnegative()
/** Of 32 bytes. */
const hash = z.string().regex(/^[A-Za-z0-9+/]{43}=$/)
const signatures = traceReport.shape.hops.element.shape.signatures

/** GET statements: newest first. */
export const statementsQuery = pageQuery.extend({
  /** An id. */
  model: z.string().max(512).optional(),
  site: z.string().max(512).optional(),
  kind: z.enum(PREDICATE_KINDS as [string, ...string[]]).optional(),
})

export const statementSummary = z
  .object({
    number: count,
    time: z.string(),
    /** What the statement says of itself; others than those known stand for newer versions. */
    kind: z.string(),
    models: z.array(z.object({ id: z.string(), name: z.string() })),
    /** What it is about in a few words: a site, a place, an event; null where nothing short says it. */
    about: z.string().nullable(),
    signatures,
  })
  .meta({ id: 'StatementSummary' })

export type StatementSummary = z.infer<typeof statementSummary>
export const statements = z
  .object({ items: z.array(statementSummary), next: z.string().nullable(), size: count })
  .meta({ id: 'Statements' })
export type Statements = z.infer<typeof statements>

/** GET checkpoint: the head of the log as a signed note, https://c2sp.org/tlog-checkpoint. */
export const checkpoint = z
  .object({ origin: z.string(), size: count, root: hash, note: z.string() })
  .meta({ id: 'Checkpoint' })

export type CheckpointAnswer = z.infer<typeof checkpoint>

/**
 * GET statements/{n}. The leaf is SHA-256(00 ‖ SHA-256(the envelope's text) ‖ `time` in milliseconds since 1970, 64 bits, big-endian); the
 * envelope's text is `{"payload":…,"payloadType":…,"signatures":[{"keyid":…,"sig":…}]}` without spaces, in this order. `proof` leads
 * from it to the checkpoint's root as RFC 6962 has it.
 */
export const provenStatement = z
  .object({
    number: count,
    time: z.string(),
    kind: z.string(),
    envelope,
    /** The envelope's text as the leaf is made of it. */
    text: z.string(),
    leaf: hash,
    proof: z.array(hash),
    checkpoint,
    signatures,
    models: z.array(z.object({ id: z.string(), name: z.string() })),
    /** Public keys of the signatures, and of the checkpoint, as `yukue key show` prints them. */
    keys: z.array(z.string()),
  })
  .meta({ id: 'ProvenStatement' })

export type ProvenStatement = z.infer<typeof provenStatement>

/** GET consistency?from=&to= : that the tree of `to` begins with all of the tree of `from` (RFC 6962 §2.1.2). */
export const consistencyQuery = z.object({
  from: z.coerce.number().int().min(0),
  /** The log's size unless given. */
  to: z.coerce.number().int().min(0).optional(),
})

export const consistency = z
  .object({
    from: z.object({ size: count, root: hash }),
    to: z.object({ size: count, root: hash }),
    proof: z.array(hash),
    checkpoint,
  })
  .meta({ id: 'Consistency' })

export type Consistency = z.infer<typeof consistency>

/** GET witnesses: who has cosigned, and up to which size. */
export const witnesses = z
  .object({
    items: z.array(
      z.object({
        key: z.string(),
        name: z.string(),
        actor: namedActor,
        revoked: z.string().nullable(),
        /** The latest of the checkpoints looked through that it cosigned; null where none. */
        cosigned: z.object({ size: count, time: z.string() }).nullable(),
      }),
    ),
    /** The largest checkpoint that any of them cosigned; null: none did. */
    latest: checkpoint.nullable(),
  })
  .meta({ id: 'Witnesses' })

export type Witnesses = z.infer<typeof witnesses>

/** GET keys: whose keys are trusted here, and for what. */
export const keys = z.object({ items: keyReport.shape.trusted }).meta({ id: 'Keys' })
export type Keys = z.infer<typeof keys>

/** GET results/{number} */
export const measuredResult = resultSummary
  .extend({ result: predicates.measured.shape.result, signatures })
  .meta({ id: 'MeasuredResult' })

export type MeasuredResult = z.infer<typeof measuredResult>
