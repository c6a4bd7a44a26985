import { z } from 'zod'

/** Where a model's lineage is declared. */
const CLAIM_SOURCES = ['card', 'configuration', 'gguf', 'adapter-configuration', 'mergekit'] as const

/** What the weights say of a declared base. */
const CLAIM_VERDICTS = ['verified', 'disputed', 'undecided'] as const

/** Why; each has a text in every catalogue. */
const CLAIM_REASONS = [
  'related',
  'equal',
  'unrelated',
  'reversed',
  'not-quantised',
  'no-adapter',
  'shapes-differ',
  'shapes-fit',
  'base-absent',
  'too-few-tensors',
] as const

/** A declared base held against the weights. */
export const claim = z.object({
  source: z.enum(CLAIM_SOURCES),
  /** The file that says so, as shown. */
  path: z.string(),
  /** As written: a repository, a path or a name. */
  base: z.string(),
  /** As written, such as `quantized`; null where nothing is said. */
  relation: z.string().nullable(),
  verdict: z.enum(CLAIM_VERDICTS),
  reason: z.enum(CLAIM_REASONS),
  /** The model that was taken for the base; null where none here goes by that name. */
  model: z
    .string()
    .regex(/^blake3:[0-9a-f]{64}$/)
    .nullable(),
  /** Of as many kin tensors between strangers; null where nothing was compared. */
  p: z.number().min(0).max(1).nullable(),
})

export type Claim = z.infer<typeof claim>
