import { z } from 'zod'
import { actor, ROLES } from './actor.ts'

const base64 = z.string().regex(/^[A-Za-z0-9+/]+=*$/)

/** A key as it lies in the estate's folder, readable for its owner only. */
export const keyFile = z.object({
  schema: z.literal('yukue.key/1'),
  name: z.string(),
  algorithm: z.literal('ed25519'),
  /** The public half, as others are given it. */
  public: z.string(),
  created: z.string(),
  expires: z.string().nullable(),
  actor,
  role: z.enum(ROLES).nullable(),
  secret: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('plain'), seed: base64 }),
    z.object({
      kind: z.literal('scrypt-aes-256-gcm'),
      /** As RFC 7914 names them. */
      n: z
        .int()
        .min(2)
        .max(2 ** 20),
      r: z.int().min(1).max(16),
      p: z.int().min(1).max(4),
      salt: base64,
      nonce: base64,
      sealed: base64,
      tag: base64,
    }),
  ]),
})

export type KeyFile = z.infer<typeof keyFile>
