import { z } from 'zod'
import { claim } from './claims.ts'
import { modelId } from './scan.ts'

/** What a check came to. `inferred`: within the calibrated tolerance of its scheme. */
const verdict = z.enum(['verified', 'inferred', 'disputed', 'undecided'])

const file = z.object({
  path: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** What the record has for this path; null where it has nothing. */
  recorded: z.string().nullable(),
  verdict: z.enum(['verified', 'disputed', 'undecided']),
})

/** A stored tensor against what the parent gives when it is put in the same form anew. */
const deepTensor = z.object({
  parent: z.string(),
  child: z.string(),
  /** Of the child's storage. */
  scheme: z.string(),
  verdict,
  /** Blocks with their scales, or values, made anew; null where a tolerance judges. */
  reproduced: z
    .object({
      unit: z.enum(['blocks', 'values']),
      total: z.int(),
      equal: z.int(),
      /** The type that the parent was rounded to on the way. */
      through: z.enum(['f16', 'bf16']).nullable(),
    })
    .nullable(),
  /** The distance in units of what rounding to the grid leaves; null where blocks were made anew. */
  tolerance: z
    .object({
      residual: z.number(),
      least: z.number(),
      most: z.number(),
      /** True copies outside the range, among `of` that did not set it; of 0 the error rate is not known. */
      missed: z.int(),
      of: z.int(),
      /** Largest relative change of the parent that would pass unseen. */
      couldHide: z.number(),
    })
    .nullable(),
})

const deep = z.object({
  parent: modelId,
  name: z.string(),
  verdict,
  tensors: z.array(deepTensor),
  /** Weights of the child that no tensor of the parent was found for. */
  unmatched: z.array(z.string()),
})

/** `yukue verify <path> --json`. Fields may be added, never renamed. */
export const verifyReport = z.object({
  schema: z.literal('yukue.verify/1'),
  path: z.string(),
  model: z.object({ id: modelId, name: z.string() }),
  /** Whether the record knows this model, wherever its files lay. */
  known: z.boolean(),
  files: z.array(file),
  claims: z.array(claim),
  deep: deep.nullable(),
  /** `inferred` where only a tolerance bears it out. */
  verdict,
})

export type VerifyReport = z.infer<typeof verifyReport>
