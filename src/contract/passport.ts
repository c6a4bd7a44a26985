import { z } from 'zod'
import { envelope } from './envelope.ts'
import { relationSchema } from './scan.ts'
import { declaredId } from './statement.ts'
import { traceReport } from './trace.ts'

/** A changed meaning is another major version, which older programs refuse; added fields are another minor one. */
export const PASSPORT_MAJOR = 1
export const PASSPORT_MINOR = 0
export const PASSPORT_SCHEMA = `yukue.passport/${PASSPORT_MAJOR}` as const

export const PASSPORT_EXTENSION = '.yukuepassport'

/** Every passport of any version starts so: enough to tell one from other files. */
export const PASSPORT_HEAD = '{"schema":"yukue.passport/'

/** What one string of Node.js holds, with room to take it apart. */
export const MAX_PASSPORT_BYTES = 384 * 1024 * 1024

/** A million statements would be more than the file holds. */
const MAX_STATEMENTS = 1_000_000
const MAX_PRINTS = 10_000

/** A tree of 2⁵³ leaves has no longer proofs. */
const MAX_PROOF = 53

const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const modelId = z.string().regex(/^blake3:[0-9a-f]{64}$/)
const file = z.looseObject({ name: z.string(), sha256, bytes: z.int().min(0) })

/** In which form the sender has the model: file names without their folders. */
const form = z.looseObject({
  format: z.string(),
  layout: z.string(),
  files: z.array(file),
  sideFiles: z.array(file.extend({ role: z.string() })),
})

/** Objects are loose, so that what a newer minor version added is neither refused nor lost from under the seal. */
export const passport = z.looseObject({
  schema: z.literal(PASSPORT_SCHEMA),
  minor: z.int().min(0),
  issued: z.iso.datetime(),
  model: z.looseObject({
    id: z.union([modelId, declaredId]),
    name: z.string(),
    parameters: z.int().min(0).nullable(),
  }),
  /** The head of the sender's log, as a signed note. */
  checkpoint: z.string(),
  /** Keys that signed anything in here, as `yukue key show` prints them: their names, not a reason to trust them. */
  keys: z.array(z.string().max(1_024)),
  statements: z
    .array(
      z.looseObject({
        /** In the sender's log. */
        number: z.int().min(0),
        time: z.iso.datetime(),
        envelope,
        /** Inclusion in the tree of the checkpoint, RFC 6962, from the leaf up. */
        proof: z.array(base64.length(44)).max(MAX_PROOF),
      }),
    )
    .max(MAX_STATEMENTS),
  /** Of the model and its ancestors; print files, without the sketches that would tell weights. */
  prints: z.array(z.looseObject({ model: modelId, name: z.string(), print: base64 })).max(MAX_PRINTS),
  forms: z.array(form),
  /** Statements about the model that the sender kept back, by kind. */
  leftOut: z.record(z.string(), z.int().min(1)),
  /** Signs the SHA-256 of all that stands before it. */
  seal: envelope,
})

export type Passport = z.infer<typeof passport>

/** Why a passport is not what its makers wrote; stable. docs/passports.md says what each means. */
export const PASSPORT_FAULTS = [
  'not-canonical',
  'broken-seal',
  'unsealed',
  'bad-checkpoint',
  'altered-statement',
  'bad-signature',
  'not-a-statement',
  'reordered-statement',
  'damaged-print',
  'unknown-key',
  'other-model',
] as const

export type PassportFault = (typeof PASSPORT_FAULTS)[number]

/** What a check left open; the report says what would settle it. */
export const PASSPORT_OPEN = [
  'no-key',
  'not-vouched',
  'no-weights',
  'newer-minor',
  'unknown-statements',
  'left-out',
  'unconfirmed-hand-over',
  'unmeasured-claim',
  'no-prints',
] as const

export type PassportOpen = (typeof PASSPORT_OPEN)[number]

const { hops, sites, claims, evaluations, results, incidents } = traceReport.shape

const named = z.object({ id: z.string(), name: z.string() })

/** `yukue verify PASSPORT --json`. Fields may be added, never renamed. */
export const passportReport = z.object({
  schema: z.literal('yukue.verify-passport/1'),
  path: z.string(),
  /** Of the file. */
  sha256,
  bytes: z.int(),
  /**
   * `refused`: somebody changed it. `disputed`: it is whole, and something in it contradicts the weights. `undecided`: no key that was
   * given vouches for it.
   */
  verdict: z.enum(['verified', 'disputed', 'undecided', 'refused']),
  faults: z.array(
    z.object({ code: z.enum(PASSPORT_FAULTS), at: z.number().int().nullable(), detail: z.string().nullable() }),
  ),
  open: z.array(z.object({ code: z.enum(PASSPORT_OPEN), detail: z.string().nullable() })),
  /** As the file states it; null with what follows where it cannot be believed. */
  version: z.string(),
  issued: z.string().nullable(),
  model: z.object({ id: z.string(), name: z.string(), parameters: z.number().int().nullable() }).nullable(),
  log: z.object({ origin: z.string(), size: z.number().int(), root: z.string() }).nullable(),
  /** Who sealed it. `given`: among the keys that the check was told to believe. */
  signers: z.array(
    z.object({
      key: z.string(),
      name: z.string(),
      actor: traceReport.shape.hops.element.shape.from,
      result: z.enum(['good', 'bad', 'unknown-key', 'expired-key', 'revoked-key', 'wrong-use']),
      given: z.boolean(),
    }),
  ),
  statements: z.number().int(),
  leftOut: z.record(z.string(), z.number().int()),
  prints: z.array(named),
  forms: z.array(
    z.object({
      format: z.string(),
      layout: z.string(),
      files: z.array(z.object({ name: z.string(), sha256, bytes: z.number().int() })),
      sideFiles: z.array(z.object({ role: z.string(), name: z.string(), sha256, bytes: z.number().int() })),
    }),
  ),
  /** As the sender measured them; `names` of the models in them. */
  relations: z.array(relationSchema),
  names: z.record(z.string(), z.string()),
  hops,
  sites,
  claims,
  evaluations,
  results,
  incidents,
  /** The model given with --model, held against the passport; null without one. */
  atHand: z
    .object({
      path: z.string(),
      id: z.string(),
      name: z.string(),
      /** Whether its weights are the passport's. */
      same: z.boolean(),
      /** Measured here between it and the prints that the passport carries. */
      relations: z.array(relationSchema),
      quantisation: z.object({ scheme: z.string(), bits: z.number() }).nullable(),
      /** Side files against those that the passport names. */
      sideFiles: z.array(
        z.object({ name: z.string(), role: z.string(), change: z.enum(['same', 'changed', 'missing', 'added']) }),
      ),
    })
    .nullable(),
})

export type PassportReport = z.infer<typeof passportReport>

/** `yukue passport MODEL --json`. */
export const passportMade = z.object({
  schema: z.literal('yukue.passport-made/1'),
  path: z.string(),
  bytes: z.number().int(),
  model: named,
  statements: z.number().int(),
  prints: z.number().int(),
  leftOut: z.record(z.string(), z.number().int()),
  log: z.object({ origin: z.string(), size: z.number().int() }),
  keys: z.array(z.string()),
})

export type PassportMade = z.infer<typeof passportMade>

/** `yukue passport --import FILE --json`. */
export const passportImported = z.object({
  schema: z.literal('yukue.passport-imported/1'),
  path: z.string(),
  model: named,
  /** The sender's log, which keeps its identity beside the receiver's. */
  log: z.object({ origin: z.string(), size: z.number().int(), root: z.string() }),
  /** Statements that were entered, and those that were here from an earlier passport. */
  entered: z.number().int(),
  known: z.number().int(),
  prints: z.number().int(),
})

export type PassportImported = z.infer<typeof passportImported>
