import { z } from 'zod'

export const ROLES = ['developer', 'provider', 'deployer'] as const
export type Role = (typeof ROLES)[number]

export const ACTOR_KINDS = ['organisation', 'team', 'system', 'person'] as const

/** Longer names of anybody are mistakes. */
export const MAX_NAME = 512

/**
 * Who did something. The log is for ever and persons have a right to be forgotten, so of a person it holds a salted
 * commitment only: SHA-256 over salt and name, both kept beside the log where they can be deleted.
 */
export const actor = z.union([
  z.object({ kind: z.enum(['organisation', 'team', 'system']), name: z.string().min(1).max(MAX_NAME) }),
  z.object({ kind: z.literal('person'), commitment: z.string().regex(/^[0-9a-f]{64}$/) }),
])

export type Actor = z.infer<typeof actor>

/** An actor as commands and reports name one; a person's name is null where only the commitment is known. */
export const namedActor = z.object({ kind: z.enum(ACTOR_KINDS), name: z.string().nullable(), id: z.string() })

export type NamedActor = z.infer<typeof namedActor>
