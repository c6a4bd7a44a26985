/** HDF5 files of the newest form (superblock 2, headers `OHDR`) as bytes, for small hostile or honest ones. */

export type Bytes = Uint8Array

export const join = (...parts: Bytes[]): Bytes => new Uint8Array(Buffer.concat(parts))
export const text = (string: string): Bytes => new Uint8Array(Buffer.from(string, 'latin1'))
export const u8 = (...values: number[]): Bytes => Uint8Array.from(values)
const u16 = (value: number): Bytes => new Uint8Array(Uint16Array.of(value).buffer)
const u32 = (value: number): Bytes => new Uint8Array(Uint32Array.of(value).buffer)
export const u64 = (value: number | bigint): Bytes =>
  new Uint8Array(BigUint64Array.of(BigInt.asUintN(64, BigInt(value))).buffer)

export const UNDEFINED = -1n
const SUPERBLOCK_BYTES = 48

/** Bytes that are laid out one after the other, each at a known address. */
export interface Arena {
  parts: Bytes[]
  next: number
}

export function arena(): Arena {
  return { parts: [], next: SUPERBLOCK_BYTES }
}

/** Adds bytes; their address. */
export function put(file: Arena, bytes: Bytes): number {
  const at = file.next
  file.parts.push(bytes)
  file.next += bytes.length
  return at
}

/** The whole file, whose root group's header is at `root`. `end`: what the superblock says of its size. */
export function hdf5(file: Arena, root: number, end = file.next): Bytes {
  const signature = u8(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a)
  const extent = join(u64(0), u64(UNDEFINED), u64(end))
  return join(signature, u8(2, 8, 8, 0), extent, u64(root), u32(0), ...file.parts)
}

export interface Message {
  type: number
  body: Bytes
}

export function header(...messages: Message[]): Bytes {
  const body = join(...messages.map(({ type, body }) => join(u8(type), u16(body.length), u8(0), body)))
  return join(text('OHDR'), u8(2, 2), u32(body.length), body, u32(0))
}

export function link(name: string, address: number): Message {
  return { type: 6, body: join(u8(1, 0, name.length), text(name), u64(address)) }
}

export function externalLink(name: string, target: string): Message {
  const value = text(`\0${target}\0/weights\0`)
  return { type: 6, body: join(u8(1, 8, 64, name.length), text(name), u16(value.length), value) }
}

export function continuation(address: number, length: number): Message {
  return { type: 16, body: join(u64(address), u64(length)) }
}

export function symbolTable(tree: number, heap: number): Message {
  return { type: 17, body: join(u64(tree), u64(heap)) }
}

export function dataspace(...lengths: (number | bigint)[]): Message {
  return { type: 1, body: join(u8(2, lengths.length, 0, 1), ...lengths.map(u64)) }
}

const IEEE_32 = join(u16(0), u16(32), u8(23, 8, 0, 23), u32(127))

export const float32: Message = { type: 3, body: join(u8(0x11, 0x20, 0x1f, 0), u32(4), IEEE_32) }
export const bigEndian32: Message = { type: 3, body: join(u8(0x11, 0x21, 0x1f, 0), u32(4), IEEE_32) }

export function contiguous(address: number | bigint, length: number | bigint): Message {
  return { type: 8, body: join(u8(3, 1), u64(address), u64(length)) }
}

export function compact(data: Bytes): Message {
  return { type: 8, body: join(u8(3, 0), u16(data.length), data) }
}

/** Of 4-byte elements, indexed by a B-tree of version 1. */
export function chunked(tree: number | bigint, ...lengths: number[]): Message {
  return { type: 8, body: join(u8(3, 2, lengths.length + 1), u64(tree), ...[...lengths, 4].map(u32)) }
}

export const deflated: Message = { type: 11, body: join(u8(2, 1), u16(1), u16(0), u16(1), u32(6)) }

/** A node of a B-tree of chunks: for each its stored size, its place and its address. */
export function chunkTree(level: number, ...chunks: { bytes: number; origin: number[]; address: number }[]): Bytes {
  const entries = chunks.map(({ bytes, origin, address }) =>
    join(u32(bytes), u32(0), ...[...origin, 0].map(u64), u64(address)),
  )
  return join(text('TREE'), u8(1, level), u16(chunks.length), u64(UNDEFINED), u64(UNDEFINED), ...entries)
}

/** A node of a B-tree of links. */
export function groupTree(level: number, ...children: number[]): Bytes {
  const entries = children.map((child) => join(u64(0), u64(child)))
  return join(text('TREE'), u8(0, level), u16(children.length), u64(UNDEFINED), u64(UNDEFINED), ...entries)
}

/** A Keras 3 weights file of one Dense layer with one variable, of the given messages. */
export function oneVariable(file: Arena, ...messages: Message[]): Bytes {
  const variable = put(file, header(...messages))
  return weightsFile(file, link('0', variable))
}

/** A Keras 3 weights file of one Dense layer with the given variables. */
export function weightsFile(file: Arena, ...variables: Message[]): Bytes {
  const vars = put(file, header(...variables))
  const dense = put(file, header(link('vars', vars)))
  const layers = put(file, header(link('dense', dense)))
  return hdf5(file, put(file, header(link('layers', layers))))
}
