/** Writes FlatBuffers files, valid or not: any field of any table may be given any bytes. */

/** What stands in a table's field: a scalar in place, or an offset to what follows it. */
export type FlatField =
  | { kind: 'i8' | 'u8' | 'u16' | 'i32' | 'u32' | 'f32'; value: number }
  | { kind: 'u64'; value: bigint }
  | { kind: 'table'; fields: FlatFields }
  /** `repeat`: how often the vector names the same tables over. */
  | { kind: 'tables'; items: readonly FlatFields[]; repeat?: number }
  /** `length` is what the file claims, where that is not the truth. */
  | { kind: 'vector'; bytes: Uint8Array; length: number }

/** By the field's number in the schema. */
export type FlatFields = Readonly<Record<number, FlatField>>

const SCALAR_BITS = { i8: 8, u8: 8, u16: 16, i32: 32, u32: 32, u64: 64 } as const

export const i8 = (value: number): FlatField => ({ kind: 'i8', value })
export const u8 = (value: number): FlatField => ({ kind: 'u8', value })
export const i32 = (value: number): FlatField => ({ kind: 'i32', value })
export const u32 = (value: number): FlatField => ({ kind: 'u32', value })
export const u64 = (value: bigint): FlatField => ({ kind: 'u64', value })
export const table = (fields: FlatFields): FlatField => ({ kind: 'table', fields })
export const tables = (...items: FlatFields[]): FlatField => ({ kind: 'tables', items })
export const text = (value: string): FlatField => bytes(new TextEncoder().encode(value))
export const bytes = (value: Uint8Array, length = value.length): FlatField => ({ kind: 'vector', bytes: value, length })
export const i32s = (...values: number[]): FlatField => vector(new Int32Array(values))
export const u16s = (...values: number[]): FlatField => vector(new Uint16Array(values))
export const f32s = (...values: number[]): FlatField => vector(new Float32Array(values))
export const i64s = (...values: (number | bigint)[]): FlatField => vector(new BigInt64Array(values.map(BigInt)))

function vector(values: Int32Array | Uint16Array | Float32Array | BigInt64Array): FlatField {
  return bytes(new Uint8Array(values.buffer), values.length)
}

/** The file whose root is `root`; tables stand in the order of their fields, each after its parent. */
export function flatBufferFile(identifier: string, root: FlatFields): Uint8Array {
  const writer = { bytes: new Uint8Array(1024), end: 8 }
  writer.bytes.set(new TextEncoder().encode(identifier), 4)
  patch(writer, 0, writeTable(writer, root))
  return writer.bytes.slice(0, writer.end)
}

interface Writer {
  bytes: Uint8Array
  end: number
}

function view(writer: Writer): DataView {
  return new DataView(writer.bytes.buffer)
}

/** Room for `size` bytes, aligned to eight; returns where it begins. */
function claim(writer: Writer, size: number): number {
  const start = Math.ceil(writer.end / 8) * 8
  writer.end = start + size
  if (writer.end > writer.bytes.length) {
    const larger = new Uint8Array(2 * writer.end)
    larger.set(writer.bytes)
    writer.bytes = larger
  }
  return start
}

function patch(writer: Writer, position: number, target: number): void {
  view(writer).setUint32(position, target - position, true)
}

function writeTable(writer: Writer, fields: FlatFields): number {
  const numbers = Object.keys(fields).map(Number)
  const slots = Math.max(-1, ...numbers) + 1
  const vtable = claim(writer, 4 + 2 * slots)
  const start = claim(writer, 8 + 8 * numbers.length)
  view(writer).setUint16(vtable, 4 + 2 * slots, true)
  view(writer).setUint16(vtable + 2, 8 + 8 * numbers.length, true)
  view(writer).setInt32(start, start - vtable, true)
  for (const [index, number] of numbers.entries()) {
    const offset = 8 + 8 * index
    view(writer).setUint16(vtable + 4 + 2 * number, offset, true)
    writeField(writer, start + offset, fields[number]!)
  }
  return start
}

function writeField(writer: Writer, position: number, field: FlatField): void {
  if (field.kind === 'table') patch(writer, position, writeTable(writer, field.fields))
  else if (field.kind === 'tables') patch(writer, position, writeTables(writer, field.items, field.repeat ?? 1))
  else if (field.kind === 'vector') patch(writer, position, writeVector(writer, field.bytes, field.length))
  else if (field.kind === 'f32') view(writer).setFloat32(position, field.value, true)
  else view(writer).setBigUint64(position, BigInt.asUintN(SCALAR_BITS[field.kind], BigInt(field.value)), true)
}

function writeVector(writer: Writer, content: Uint8Array, length: number): number {
  const start = claim(writer, 4 + content.length)
  view(writer).setUint32(start, length, true)
  writer.bytes.set(content, start + 4)
  return start
}

function writeTables(writer: Writer, items: readonly FlatFields[], repeat: number): number {
  const start = claim(writer, 4 + 4 * items.length * repeat)
  view(writer).setUint32(start, items.length * repeat, true)
  for (const [index, item] of items.entries()) {
    const target = writeTable(writer, item)
    for (let time = 0; time < repeat; time++) patch(writer, start + 4 + 4 * (time * items.length + index), target)
  }
  return start
}
