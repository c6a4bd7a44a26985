import {
  MAX_PRINT_HEADER_BYTES,
  MAX_PRINT_NAME,
  PRINT_MOMENTS,
  PRINT_QUANTILES,
  PRINT_SCHEMA,
  type PrintHeader,
  type PrintMetadata,
  SHARED_SKETCH_MIN_ELEMENTS,
} from '../contract/print.ts'
import { BLOCK_ROWS, SKETCH_SIDE } from '../kernel/kernel.ts'
import type { Print, TensorPrint } from './print.ts'

/** Every print file starts so, after the eight bytes of the header's length. */
const HEAD = '{"__metadata__":{"yukue":"yukue.print/'

/** So many first bytes of a file are enough for `looksLikePrint`. */
export const PRINT_HEAD_BYTES = 8 + HEAD.length

/** Whether a file that starts with `head` is a print, of whichever version. */
export function looksLikePrint(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(8, PRINT_HEAD_BYTES)).toString('latin1') === HEAD
}

/**
 * The print as a safetensors file (docs/print.md): the metadata hold `yukue` = `yukue.print/1` and `print`, a JSON text
 * (src/contract/print.ts); the tensors are `moments` F64 [tensors, 9], `row_norms` and `column_norms` F32 [normed tensors, 33],
 * and `sketches` F32, one after the other. Sketches and norms that are not finite compare with nothing and are left
 * out. Throws RangeError when names make the header larger than any reader takes.
 */
export function encodePrint(print: Print, options: { name?: string } = {}): Uint8Array {
  const normed = print.tensors.map(hasNorms)
  const sketched = print.tensors.map(hasSketch)
  const withNorms = print.tensors.filter((_, index) => normed[index])
  const sketches = print.tensors.flatMap(({ sketch }, index) => (sketch && sketched[index] ? [sketch.values] : []))
  const tensors = {
    moments: Float64Array.from(print.tensors.flatMap(moments)),
    row_norms: joined(withNorms.map((tensor) => tensor.invariants.rowNorms)),
    column_norms: joined(withNorms.map((tensor) => tensor.invariants.columnNorms)),
  }
  const header = encodeHeader(describe(print, options.name?.slice(0, MAX_PRINT_NAME) ?? null, normed, sketched), {
    moments: [print.tensors.length, PRINT_MOMENTS.length],
    row_norms: [withNorms.length, PRINT_QUANTILES],
    column_norms: [withNorms.length, PRINT_QUANTILES],
    sketches: [sketches.reduce((sum, values) => sum + values.length, 0)],
  })
  return concatenated([header, tensors.moments, tensors.row_norms, tensors.column_norms, ...sketches])
}

/**
 * A print to give away: without the sketches of small tensors, from which their weights could be rebuilt.
 * `leftOut` is how many sketches that were.
 */
export function shareable(print: Print): { print: Print; leftOut: number } {
  const tells = (tensor: TensorPrint) => tensor.sketch !== null && tensor.invariants.count < SHARED_SKETCH_MIN_ELEMENTS
  const tensors = print.tensors.map((tensor) => (tells(tensor) ? { ...tensor, sketch: null } : tensor))
  return { print: { ...print, tensors }, leftOut: print.tensors.filter(tells).length }
}

/** The size of the sketch of a rows × columns tensor (`Sketch` of src/identify/print.ts); `length` in numbers. */
export function sketchSize(rows: number, columns: number): { height: number; width: number; length: number } {
  const height = Math.min(rows, SKETCH_SIDE)
  const width = Math.min(columns, SKETCH_SIDE)
  return { height, width, length: Math.ceil(rows / BLOCK_ROWS) * height * width }
}

function describe(print: Print, name: string | null, normed: boolean[], sketched: boolean[]): PrintMetadata {
  const { tensors } = print
  return {
    name,
    id: print.id,
    layout: print.layout,
    parameters: print.parameters,
    ...(print.adapter ? { adapter: print.adapter } : {}),
    names: tensors.map((tensor) => tensor.name),
    roles: tensors.map((tensor) => tensor.role),
    rows: tensors.map((tensor) => tensor.rows),
    columns: tensors.map((tensor) => tensor.columns),
    elements: tensors.map((tensor) => tensor.element),
    exact: tensors.map((tensor) => tensor.exact),
    encodings: tensors.map(({ encoding }) => encoding && { scheme: encoding.scheme, bits: encoding.bits }),
    standings: tensors.map((tensor) => tensor.standing),
    digests: tensors.map((tensor) => tensor.digest),
    normed,
    sketched,
  }
}

function moments({ invariants, encoding }: TensorPrint): number[] {
  return PRINT_MOMENTS.map((name) => (name === 'step' ? (encoding?.step ?? 0) : invariants[name]))
}

function hasNorms({ invariants }: TensorPrint): boolean {
  const { rowNorms, columnNorms } = invariants
  return [rowNorms, columnNorms].every((norms) => norms.length === PRINT_QUANTILES && norms.every((norm) => norm >= 0))
}

function hasSketch(tensor: TensorPrint): boolean {
  if (tensor.sketch === null) return false
  if (tensor.sketch.values.length !== sketchSize(tensor.rows, tensor.columns).length)
    throw new RangeError(`The sketch of ${tensor.name} does not have the size of its tensor.`)
  return tensor.sketch.values.every(Number.isFinite)
}

type Shapes = { [K in Exclude<keyof PrintHeader, '__metadata__'>]: PrintHeader[K]['shape'] }

/** The header's length as u64, then the header, padded with spaces so that the F64 numbers behind it are aligned. */
function encodeHeader(metadata: PrintMetadata, shapes: Shapes): Uint8Array {
  checkNames(metadata)
  let end = 0
  const place = <D extends 'F32' | 'F64', S extends number[]>(dtype: D, shape: S) => {
    const start = end
    end += shape.reduce<number>((product, length) => product * length, dtype === 'F64' ? 8 : 4)
    return { dtype, shape, data_offsets: [start, end] as [number, number] }
  }
  const header: PrintHeader = {
    __metadata__: { yukue: PRINT_SCHEMA, print: JSON.stringify(metadata) },
    moments: place('F64', shapes.moments),
    row_norms: place('F32', shapes.row_norms),
    column_norms: place('F32', shapes.column_norms),
    sketches: place('F32', shapes.sketches),
  }
  const text = Buffer.from(JSON.stringify(header))
  const length = Math.ceil(text.length / 8) * 8
  checkHeaderLength(length)
  const bytes = Buffer.alloc(8 + length, ' ')
  bytes.writeBigUInt64LE(BigInt(length), 0)
  text.copy(bytes, 8)
  return bytes
}

/** Before the text is built: names from a hostile file may be too long for a string. */
function checkNames({ names, roles }: PrintMetadata): void {
  const all = [...names, ...roles]
  checkHeaderLength(all.reduce((sum, name) => sum + name.length, 0))
  if (all.some((name) => name.length > MAX_PRINT_NAME))
    throw new RangeError('A tensor has too long a name for a print.')
}

function checkHeaderLength(length: number): void {
  if (length > MAX_PRINT_HEADER_BYTES) throw new RangeError('The names of the tensors are too long for a print.')
}

function joined(parts: Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function concatenated(parts: (Uint8Array | Float32Array | Float64Array)[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at)
    at += part.byteLength
  }
  return bytes
}
