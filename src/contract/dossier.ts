import { z } from 'zod'
import { namedActor } from './actor.ts'
import { checkReport } from './check.ts'
import { passport } from './passport.ts'
import { FACT_STATUSES, traceReport } from './trace.ts'

/** What is on record under a heading: a sentence, how sure it is, and the statements that it rests on. */
const line = z.object({
  text: z.string(),
  /** Null where the sentence is a verdict or a figure of several facts. */
  status: z.enum(FACT_STATUSES).nullable(),
  /** Numbers in the log; each stands under `statements` with its proof. */
  statements: z.array(z.number().int()),
})

/** What a heading asks for and the record does not hold: named, never filled in. */
const gap = z.object({ text: z.string(), settle: z.string() })

const section = z.object({
  id: z.string(),
  heading: z.string(),
  lines: z.array(line),
  gaps: z.array(gap),
})

const DOSSIER_PARTS = ['eu-annex-iv', 'nyc-ll144', 'jp-guidelines'] as const

const part = z.object({
  id: z.enum(DOSSIER_PARTS),
  title: z.string(),
  source: z.string(),
  sections: z.array(section),
  /** Ids of the rules of `check` that belong to it. */
  rules: z.array(z.string()),
})

const statement = z.object({
  number: z.number().int(),
  time: z.string(),
  kind: z.string(),
  /** SHA-256 of the envelope, as the leaf of the log has it. */
  digest: z.string(),
  signatures: traceReport.shape.hops.element.shape.signatures,
  envelope: passport.shape.statements.element.shape.envelope,
  /** Inclusion in the tree of `log.root`, RFC 6962, from the leaf up; base64. */
  proof: z.array(z.string()),
})

/** `yukue dossier MODEL|SITE --json`. Fields may be added, never renamed. */
export const dossier = z.object({
  schema: z.literal('yukue.dossier/1'),
  /** The model's id, or `site:NAME`. */
  subject: z.string(),
  name: z.string(),
  models: z.array(z.object({ id: z.string(), name: z.string() })),
  site: z.string().nullable(),
  asOf: z.string(),
  issued: z.string(),
  language: z.enum(['en', 'ja']),
  log: z.object({ origin: z.string(), size: z.number().int(), root: z.string(), checkpoint: z.string() }),
  /** Keys that signed anything in here, as `yukue key show` prints them, with whose they are. */
  keys: z.array(z.object({ id: z.string(), key: z.string(), actor: namedActor })),
  parts: z.array(part),
  /** Every verdict: of the packs, of charters in force. */
  check: checkReport,
  charters: z.array(z.object({ name: z.string(), version: z.number().int(), statement: z.number().int() })),
  statements: z.array(statement),
})

export type Dossier = z.infer<typeof dossier>
export type DossierPart = z.infer<typeof part>
export type DossierSection = z.infer<typeof section>
export type DossierLine = z.infer<typeof line>
