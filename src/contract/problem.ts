import { z } from 'zod'

/**
 * Why a file could not be read. The union is closed: a new reason gets a new code here and a text in every catalogue
 * (src/report/locales). `values` fill that text.
 */
export const problemValues = {
  /** The file ends before something it announces. */
  truncated: z.object({ what: z.string(), need: z.number(), size: z.number() }),
  /** A structure contradicts its format. `offset` is a byte offset in the file. */
  malformed: z.object({ what: z.string(), reason: z.string(), offset: z.number() }),
  /** A number beyond what any real model needs; refused before it costs memory or time. */
  limit: z.object({ what: z.string(), value: z.string(), limit: z.string() }),
  /** A well-formed thing that this version does not read. */
  unsupported: z.object({ what: z.string(), value: z.string() }),
  /** A name inside the file that leads outside the artifact's own folder. */
  'unsafe-path': z.object({ name: z.string() }),
  /** A file that the artifact names is not there. */
  'missing-file': z.object({ name: z.string() }),
  /** A `--as` hint whose shape does not fit the file's size. */
  'hint-mismatch': z.object({ hint: z.string(), need: z.number(), size: z.number() }),
  /** A git-LFS pointer stands where the weights should be. */
  'lfs-pointer': z.object({ bytes: z.number() }),
  /** A folder with more entries than any model store has: none of them was looked at. */
  'crowded-folder': z.object({ limit: z.number() }),
  /** A link that leads back to a folder above it. */
  'link-loop': z.object({ target: z.string() }),
  /** The operating system refused. */
  unreadable: z.object({ reason: z.string() }),
  /** The file changed while it was being read. */
  changed: z.object({ what: z.string() }),
} as const

export type ProblemCode = keyof typeof problemValues
export type ProblemValues<C extends ProblemCode> = z.infer<(typeof problemValues)[C]>

/** One reason why one file is not in the result. `path` is as the user would write it. */
export type Problem = { [C in ProblemCode]: { path: string; code: C; values: ProblemValues<C> } }[ProblemCode]
