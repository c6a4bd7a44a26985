import { z } from 'zod'
import { namedActor, ROLES } from './actor.ts'
import { KEY_USES } from './predicates.ts'

/** `yukue record … --json`. Fields may be added, never renamed. */
export const recordReport = z.object({
  schema: z.literal('yukue.record/1'),
  event: z.string(),
  model: z.string(),
  /** Numbers of the statements in the log. */
  statements: z.array(z.number().int()),
})

export type RecordReport = z.infer<typeof recordReport>

/** `yukue record receipt FILE --json`. */
export const receiptReport = z.object({
  schema: z.literal('yukue.receipt/1'),
  /** The receiver has signed, or the giver has taken over what the receiver signed. */
  side: z.enum(['receiver', 'giver']),
  model: z.string(),
  from: namedActor,
  to: namedActor,
  statement: z.number().int(),
  /** Whether bytes of the model have been seen here; false: the receipt is for a name. */
  seen: z.boolean(),
})

export type ReceiptReport = z.infer<typeof receiptReport>

const shownKey = z.object({
  id: z.string(),
  /** As others are given it. */
  key: z.string(),
  actor: namedActor,
  role: z.enum(ROLES).nullable(),
  use: z.enum(KEY_USES),
  since: z.string(),
  expires: z.string().nullable(),
  revoked: z.string().nullable(),
})

/** `yukue key show --json`. */
export const keyReport = z.object({
  schema: z.literal('yukue.keys/1'),
  /** Keys whose secret halves lie here. */
  own: z.array(z.object({ name: z.string(), key: z.string(), locked: z.boolean(), expires: z.string().nullable() })),
  /** Keys that the estate knows the owners of, its own among them. */
  trusted: z.array(shownKey),
})

export type KeyReport = z.infer<typeof keyReport>
