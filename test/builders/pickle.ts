import { type ZipPart, zip } from './zip.ts'

/** What `pickle` can write: numbers, texts, lists as arrays, dicts as maps, and the things of Python as tagged objects. */
export type Pickled =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly Pickled[]
  | ReadonlyMap<Pickled, Pickled>
  | { tuple: readonly Pickled[] }
  | { global: string }
  | { call: Pickled; args: readonly Pickled[]; state?: Pickled }
  | { persistent: Pickled }
  | { raw: Uint8Array }

/** A pickle of one value, protocol 4, written plainly, without a memo. */
export function pickle(value: Pickled): Uint8Array {
  return opcodes('\x80\x04', written(value), '.')
}

/** Opcodes as bytes; texts stand for the bytes of their characters. */
export function opcodes(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  return new Uint8Array(
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part))),
  )
}

/** The opcodes that push a value. */
export function written(value: Pickled): Uint8Array {
  if (value === null) return opcodes('N')
  if (typeof value === 'boolean') return opcodes(value ? '\x88' : '\x89')
  if (typeof value === 'number' && !Number.isInteger(value)) return opcodes('G', f64(value))
  if (typeof value === 'number' || typeof value === 'bigint') return integer(BigInt(value))
  if (typeof value === 'string') return opcodes('X', u32(Buffer.byteLength(value)), new TextEncoder().encode(value))
  if (value instanceof Uint8Array) return opcodes('B', u32(value.length), value)
  if (value instanceof Map)
    return opcodes('}(', ...[...value].flatMap(([key, item]) => [written(key), written(item)]), 'u')
  if (Array.isArray(value)) return opcodes('](', ...value.map(written), 'e')
  if ('tuple' in value) return opcodes('(', ...value.tuple.map(written), 't')
  if ('global' in value) return importOf(value.global)
  if ('persistent' in value) return opcodes(written(value.persistent), 'Q')
  if ('raw' in value) return value.raw
  if ('call' in value) {
    const called = opcodes(written(value.call), written({ tuple: value.args }), 'R')
    return value.state === undefined ? called : opcodes(called, written(value.state), 'b')
  }
  throw new TypeError('not a value that can be pickled')
}

/** GLOBAL of `module.name`, cut at the last dot. */
export function importOf(name: string): Uint8Array {
  const cut = name.lastIndexOf('.')
  return opcodes(`c${name.slice(0, cut)}\n${name.slice(cut + 1)}\n`)
}

export function u32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

export function u64(value: bigint): Uint8Array {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(value)
  return bytes
}

function f64(value: number): Uint8Array {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(value)
  return bytes
}

/** LONG1 of 16 bytes. */
function integer(value: bigint): Uint8Array {
  const unsigned = BigInt.asUintN(128, value)
  return opcodes('\x8a\x10', u64(unsigned & 0xffffffffffffffffn), u64(unsigned >> 64n))
}

/** What a tensor of a checkpoint is in its pickle. */
export interface TensorClaims {
  storage?: string
  class?: string
  elements?: number | bigint
  offset?: number | bigint
  shape?: readonly (number | bigint)[]
  stride?: readonly (number | bigint)[]
}

/** `torch._utils._rebuild_tensor_v2` of a storage; four F32 in a row unless said otherwise. */
export function pickledTensor(claims: TensorClaims = {}): Pickled {
  const { storage = '0', elements = 4, offset = 0, shape = [4], stride = [1] } = claims
  const id = ['storage', { global: `torch.${claims.class ?? 'FloatStorage'}` }, storage, 'cpu', elements]
  const hooks = { call: { global: 'collections.OrderedDict' }, args: [] }
  const args = [{ persistent: { tuple: id } }, offset, { tuple: shape }, { tuple: stride }, false, hooks]
  return { call: { global: 'torch._utils._rebuild_tensor_v2' }, args }
}

/** A dict. */
export function dict(entries: Readonly<Record<string, Pickled>>): Map<Pickled, Pickled> {
  return new Map(Object.entries(entries))
}

/** A zip checkpoint of a pickle and storages; storage 0 holds the F32 1, 2, 3, 4 unless said otherwise. */
export function checkpoint(
  data: Uint8Array,
  storages: Readonly<Record<string, Uint8Array>> = { 0: floats(1, 2, 3, 4) },
  others: readonly ZipPart[] = [],
): Uint8Array {
  return zip([
    { name: 'archive/data.pkl', bytes: data },
    { name: 'archive/byteorder', bytes: 'little' },
    ...Object.entries(storages).map(([key, bytes]) => ({ name: `archive/data/${key}`, bytes })),
    { name: 'archive/version', bytes: '3\n' },
    ...others,
  ])
}

export function floats(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer)
}
