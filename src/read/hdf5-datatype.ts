import { type Fields, malformed, skip, u8, u16, u32, unsupported, within } from './hdf5-file.ts'
import type { ElementType } from './model-file.ts'

const INTEGER = 0
const FLOAT = 1
const STRING = 3
const ENUMERATION = 8
const VARIABLE = 9

/** What one element is; `bytes` as stored. */
export type Hdf5Type =
  | { kind: 'number'; element: ElementType; bytes: number }
  | { kind: 'string'; bytes: number }
  | { kind: 'variable-string'; bytes: number }
  | { kind: 'other'; name: string; bytes: number }

const CLASSES = ['integer', 'float', 'time', 'string', 'bit field', 'opaque', 'compound', 'reference', 'enumeration']

/** By bits of exponent and mantissa. Others (float8 of other kinds) are named, not read. */
const FLOATS = new Map<string, ElementType>([
  ['11 52', 'f64'],
  ['8 23', 'f32'],
  ['5 10', 'f16'],
  ['8 7', 'bf16'],
])

/** A datatype message. A type that is no number and no string is `other`: it only matters where its values are needed. */
export function readDatatype(fields: Fields): Hdf5Type {
  const start = u8(fields)
  const flags = u8(fields) | (u16(fields) << 8)
  const bytes = u32(fields)
  if (bytes === 0) throw malformed(fields, 'elements of 0 bytes')
  switch (start & 15) {
    case INTEGER:
      return integerType(fields, flags, bytes)
    case FLOAT:
      return floatType(fields, flags, bytes)
    case STRING:
      return { kind: 'string', bytes }
    case ENUMERATION:
      // h5py keeps booleans as an enumeration over int8.
      return bytes === 1 ? { kind: 'number', element: 'bool', bytes } : { kind: 'other', name: 'enumeration', bytes }
    case VARIABLE:
      return (flags & 15) === 1 ? { kind: 'variable-string', bytes } : { kind: 'other', name: 'variable length', bytes }
    default:
      return { kind: 'other', name: CLASSES[start & 15] ?? `class ${start & 15}`, bytes }
  }
}

function integerType(fields: Fields, flags: number, bytes: number): Hdf5Type {
  const offset = u16(fields)
  const bits = u16(fields)
  const plain = offset === 0 && bits === bytes * 8 && [8, 16, 32, 64].includes(bits)
  if (!plain) return { kind: 'other', name: `integer of ${bits} bits at ${offset}`, bytes }
  if (flags & 1 && bytes > 1) return { kind: 'other', name: 'big-endian integer', bytes }
  return { kind: 'number', element: `${flags & 8 ? 'i' : 'u'}${bits}` as ElementType, bytes }
}

function floatType(fields: Fields, flags: number, bytes: number): Hdf5Type {
  const offset = u16(fields)
  const bits = u16(fields)
  const exponentAt = u8(fields)
  const exponentBits = u8(fields)
  const mantissaAt = u8(fields)
  const mantissaBits = u8(fields)
  const bias = u32(fields)
  if (flags & 0x41 && bytes > 1) return { kind: 'other', name: 'big-endian float', bytes }
  const element = FLOATS.get(`${exponentBits} ${mantissaBits}`)
  const ieee =
    offset === 0 &&
    bits === bytes * 8 &&
    mantissaAt === 0 &&
    exponentAt === mantissaBits &&
    bits === 1 + exponentBits + mantissaBits &&
    bias === 2 ** (exponentBits - 1) - 1
  if (element === undefined || !ieee) return { kind: 'other', name: `float of ${bits} bits`, bytes }
  return { kind: 'number', element, bytes }
}

/** Lengths of the axes; null for a dataspace that holds nothing. */
export function readDataspace(fields: Fields): number[] | null {
  const version = u8(fields)
  if (version !== 1 && version !== 2) throw unsupported(fields.file, 'HDF5 dataspace version', version)
  const rank = u8(fields)
  skip(fields, 1)
  const type = u8(fields)
  if (version === 1) skip(fields, 4)
  if (version === 2 && type === 2) return null
  // Lengths beyond what a number holds exactly are beyond every limit as well.
  const lengths = within(fields, rank * fields.file.lengthBytes, 'dataspace')
  const wide = fields.file.lengthBytes === 8
  return Array.from({ length: rank }, (_, axis) =>
    wide ? Number(lengths.view.getBigUint64(axis * 8, true)) : lengths.view.getUint32(axis * 4, true),
  )
}
