import { z } from 'zod'

/**
 * The version of the print's own arithmetic (canonical view, digests, sketch, invariants). A stored print of another
 * version is not compared with new ones: its model is read again.
 */
export const PRINT_VERSION = 1

/** Marks the container; a changed layout of the file gets another number. */
export const PRINT_SCHEMA = 'yukue.print/1'

/** The format of an artifact that is a print, not weights. */
export const PRINT_FORMAT = 'print'

export const PRINT_EXTENSION = '.yukueprint'

/** What the reference safetensors reader takes as a header, so that any reader opens a print. 100,000 tensors need about 25 MB. */
export const MAX_PRINT_HEADER_BYTES = 100_000_000

/** As many tensors as the readers take from one model (MAX_TENSORS of src/read/limits.ts). */
const MAX_PRINT_TENSORS = 131_072

/** Readers take names of 4,096 bytes; undoing fused tensors and stacks appends to them. */
export const MAX_PRINT_NAME = 8_192

/** Smaller tensors are left out of a print that is given away: up to 64 × 64 a sketch holds the very weights (docs/print.md). */
export const SHARED_SKETCH_MIN_ELEMENTS = 16_384

/** Numbers kept of each tensor in the F64 tensor `moments`, in this order. `step` is 0 for tensors that are not quantised. */
export const PRINT_MOMENTS = [
  'count',
  'zeros',
  'nonFinite',
  'min',
  'max',
  'mean',
  'sumSquares',
  'sumFourth',
  'step',
] as const

/** Quantiles of row and of column norms, each. */
export const PRINT_QUANTILES = 33

const digest = z.string().regex(/^[0-9a-f]{64}$/)
const id = z.string().regex(/^blake3:[0-9a-f]{64}$/)
const name = z.string().max(MAX_PRINT_NAME)
const size = z.int().min(0)

const ELEMENTS = [
  'f64',
  'f32',
  'f16',
  'bf16',
  'f8e4m3',
  'f8e5m2',
  'i64',
  'u64',
  'i32',
  'u32',
  'i16',
  'u16',
  'i8',
  'u8',
  'i4',
  'u4',
  'bool',
] as const

/** Stops at the first fault: an issue for each of the millions of values a hostile header can hold would fill the memory. */
function column<T extends z.ZodType>(of: T) {
  const fits = (value: unknown) =>
    Array.isArray(value) && value.length <= MAX_PRINT_TENSORS && value.every((item) => of.safeParse(item).success)
  return z.custom<z.infer<T>[]>(fits, 'not a column of what belongs there')
}

/** As `Adapter` of src/read/model-file.ts. */
const adapter = z.object({
  rank: z.number().min(0).nullable(),
  alpha: z.number().nullable(),
  targets: column(name),
  declaredBase: name.nullable(),
})

/**
 * The JSON text under the key `print` of a print file's metadata. Columns, not one object a tensor: the keys would
 * otherwise be most of a large print's header. All columns are equally long; position k speaks of tensor k.
 */
export const printMetadata = z.object({
  name: name.nullable(),
  id,
  layout: id,
  parameters: size,
  adapter: adapter.optional(),
  names: column(name),
  roles: column(name),
  rows: column(size),
  columns: column(size),
  elements: column(z.enum(ELEMENTS)),
  exact: column(z.enum(['bf16', 'f16', 'f32', 'f64']).nullable()),
  encodings: column(z.strictObject({ scheme: z.string().max(256), bits: z.number().min(0).max(64) }).nullable()),
  standings: column(z.enum(['weight', 'closed-form', 'integer', 'small'])),
  digests: column(digest),
  /** Whether `row_norms` and `column_norms` hold a row of this tensor. */
  normed: column(z.boolean()),
  /** Whether `sketches` holds the sketch of this tensor. */
  sketched: column(z.boolean()),
})

export type PrintMetadata = z.infer<typeof printMetadata>

function stored<D extends string, S extends z.ZodType<number[]>>(dtype: D, shape: S) {
  return z.strictObject({ dtype: z.literal(dtype), shape, data_offsets: z.tuple([size, size]) })
}

/** Tuples, not arrays of a length: they refuse a longer one before they look into it. */
const matrix = z.tuple([size, size])
const vector = z.tuple([size])

/** The safetensors header of a print file; the metadata stand first, so that the first bytes tell a print. */
export const printHeader = z.strictObject({
  __metadata__: z.looseObject({ yukue: z.string(), print: z.string() }),
  moments: stored('F64', matrix),
  row_norms: stored('F32', matrix),
  column_norms: stored('F32', matrix),
  sketches: stored('F32', vector),
})

export type PrintHeader = z.infer<typeof printHeader>
