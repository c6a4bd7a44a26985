import { z } from 'zod'

/** What can be wrong with an estate's record; stable. docs/ledger.md says what each means and what to do. */
export const FSCK_CODES = [
  'database-damaged',
  'unreadable-statement',
  'missing-statement',
  'altered-statement',
  'reordered-statement',
  'damaged-tree',
  'head-mismatch',
  'bad-checkpoint',
  'missing-checkpoint',
  'rolled-back',
  'forked',
  'unknown-checkpoint',
  'bad-signature',
  'unknown-key',
  'expired-key',
  'revoked-key',
  'replayed-receipt',
  'not-a-statement',
  'index-mismatch',
  'foreign-key',
] as const

export type FsckCode = (typeof FSCK_CODES)[number]

const fault = z.object({
  code: z.enum(FSCK_CODES),
  /** Number of the statement, or size of the checkpoint; null where it is of neither. */
  at: z.number().int().nullable(),
  /** What more there is to say: the other place, the database's own words, the file. */
  detail: z.string().nullable(),
})

export type Fault = z.infer<typeof fault>

/** `yukue fsck --json`. Fields may be added, never renamed. */
export const fsckReport = z.object({
  schema: z.literal('yukue.fsck/1'),
  origin: z.string().nullable(),
  size: z.number().int(),
  /** Base64, computed from the statements' own leaves. */
  root: z.string(),
  /** How many were read and are as they were entered. */
  readable: z.number().int(),
  signatures: z.number().int(),
  checkpoints: z.number().int(),
  faults: z.array(fault),
  /** Faults of a kind beyond the first hundred, by code. */
  more: z.partialRecord(z.enum(FSCK_CODES), z.number().int()),
})

export type FsckReport = z.infer<typeof fsckReport>
