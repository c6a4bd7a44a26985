import { z } from 'zod'
import { claim } from './claims.ts'
import { CHANGE_KINDS, modelId } from './scan.ts'

/** What happened to one tensor. */
const TENSOR_STATUSES = [
  'equal',
  'converted',
  'rounded',
  'quantised',
  'requantised',
  'changed',
  'resized',
  'permuted',
] as const

/** What only the weights can tell; from prints alone these stay open. */
const OPEN_QUESTIONS = ['exact-distances', 'exact-rank', 'changed-elements', 'permutation', 'small-tensors'] as const

const share = z.number().min(0).max(1)

const tensor = z.object({
  /** Names as the files have them. */
  parent: z.string(),
  child: z.string(),
  /** The canonical matrix of the parent's: rows, columns. */
  shape: z.tuple([z.int(), z.int()]),
  /** The child's layer, and the part of it (`q`, `down` …); null where the name does not tell. */
  layer: z.int().nullable(),
  projection: z.string().nullable(),
  status: z.enum(TENSOR_STATUSES),
  /** The child's matrix stands transposed. */
  transposed: z.boolean(),
  /** Whether the figures are over all values, or estimated from the sketches. */
  basis: z.enum(['weights', 'print']),
  /** Null where neither weights nor sketches are at hand. */
  cosine: z.number().min(-1).max(1).nullable(),
  /** ‖child − parent‖ ÷ the larger norm. */
  relativeDistance: z.number().min(0).nullable(),
  /** Share of the elements that differ; null from prints. */
  changed: share.nullable(),
  /** Of the difference, where it is of low rank (1–48); a lower bound from prints. */
  rank: z.int().nullable(),
})

const sideFile = z.object({
  role: z.string(),
  path: z.string(),
  status: z.enum(['equal', 'changed', 'added', 'removed']),
})

/** `yukue diff <parent> <child> --json`. Fields may be added, never renamed. */
export const diffReport = z.object({
  schema: z.literal('yukue.diff/1'),
  parent: modelId,
  child: modelId,
  names: z.object({ parent: z.string(), child: z.string() }),
  related: z.boolean(),
  changes: z.array(z.enum(CHANGE_KINDS)),
  direction: z.enum(['known', 'undetermined']),
  /** The weights say that the model given as the child came first. */
  reversed: z.boolean(),
  status: z.enum(['verified', 'declared', 'inferred']),
  p: z.number().min(0).max(1).nullable(),
  similarity: z.number(),
  details: z.record(z.string(), z.unknown()),
  basis: z.enum(['weights', 'print']),
  /** What cannot be answered from what was given, and what it takes. */
  unanswered: z.array(z.object({ code: z.enum(OPEN_QUESTIONS), message: z.string() })),
  /** Parts of the layers by how far they moved; those of layers first. */
  projections: z.array(
    z.object({
      projection: z.string(),
      tensors: z.int(),
      changed: z.int(),
      relativeDistance: z.number().nullable(),
      /** The greatest rank among its tensors. */
      rank: z.int().nullable(),
    }),
  ),
  /** For each layer of the child the parent's layer that it came from, null for none; null without layers. */
  layers: z.array(z.int().nullable()).nullable(),
  /** Share of the elements in tensors that are equal. */
  frozen: share,
  quantisation: z.object({
    parent: z.object({ scheme: z.string(), bits: z.number() }).nullable(),
    child: z.object({ scheme: z.string(), bits: z.number() }).nullable(),
  }),
  tensors: z.array(tensor),
  onlyInParent: z.array(z.string()),
  onlyInChild: z.array(z.string()),
  sideFiles: z.array(sideFile),
  /** What the child declares of its lineage, held against the weights. */
  claims: z.array(claim),
})

export type DiffReport = z.infer<typeof diffReport>
export type TensorDiff = DiffReport['tensors'][number]
