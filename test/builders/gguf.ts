/** A GGUF file, written by hand: small, and wrong where a test wants it so. */
export interface GgufParts {
  version?: number
  metadata?: Record<string, MetadataItem>
  tensors?: GgufTensor[]
  /** Said in the header instead of the true ones. */
  tensorCount?: number
  metadataCount?: number
  /** Bytes after the last tensor. */
  trailing?: number
}

export interface GgufTensor {
  name: string
  /** As NumPy has it. */
  shape: readonly number[]
  /** ggml's number of the type. */
  type: number
  data: Uint8Array
  /** In place of where its data truly lies, from the start of the data. */
  offset?: number
}

/** A whole number is a u32, an array of them an array of i32. */
export type MetadataItem = number | string | boolean | number[] | string[] | { type: number; bytes: Uint8Array }

const ALIGNMENT = 32

export function ggufFile(parts: GgufParts): Uint8Array<ArrayBuffer> {
  const { version = 3, metadata = {}, tensors = [] } = parts
  const alignment = typeof metadata['general.alignment'] === 'number' ? metadata['general.alignment'] : ALIGNMENT
  const items = Object.entries(metadata)
  const header = [
    text('GGUF'),
    u32(version),
    u64(parts.tensorCount ?? tensors.length),
    u64(parts.metadataCount ?? items.length),
    ...items.flatMap(([key, item]) => [string(key), ...value(item)]),
  ]
  const data: Uint8Array[] = []
  let offset = 0
  for (const tensor of tensors) {
    header.push(string(tensor.name), u32(tensor.shape.length), ...tensor.shape.toReversed().map(u64))
    header.push(u32(tensor.type), u64(tensor.offset ?? offset))
    data.push(tensor.data, padding(tensor.data.length, alignment))
    offset += tensor.data.length + padding(tensor.data.length, alignment).length
  }
  const head = joined(header)
  return joined([head, padding(head.length, alignment), ...data, new Uint8Array(parts.trailing ?? 0)])
}

/** What a decoder with grouped heads says of itself. */
export function attention(heads: number, grouped: number, name = 'llama'): Record<string, MetadataItem> {
  return {
    'general.architecture': name,
    [`${name}.attention.head_count`]: heads,
    [`${name}.attention.head_count_kv`]: grouped,
  }
}

/** f32 0, 1, 2 … of a shape. */
export function counting(name: string, shape: number[]): GgufTensor {
  const count = shape.reduce((a, b) => a * b, 1)
  return { name, shape, type: 0, data: new Uint8Array(Float32Array.from({ length: count }, (_, i) => i).buffer) }
}

function value(item: MetadataItem): Uint8Array[] {
  if (typeof item === 'number') return [u32(4), u32(item)]
  if (typeof item === 'boolean') return [u32(7), Uint8Array.of(item ? 1 : 0)]
  if (typeof item === 'string') return [u32(8), string(item)]
  if (!Array.isArray(item)) return [u32(item.type), item.bytes]
  const strings = typeof item[0] === 'string'
  return [
    u32(9),
    u32(strings ? 8 : 5),
    u64(item.length),
    ...item.map((one) => (typeof one === 'string' ? string(one) : u32(one))),
  ]
}

export function string(content: string): Uint8Array {
  const bytes = text(content)
  return joined([u64(bytes.length), bytes])
}

export function text(content: string): Uint8Array {
  return new TextEncoder().encode(content)
}

export function u32(number: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(number).buffer)
}

export function u64(number: number | bigint): Uint8Array {
  return new Uint8Array(BigUint64Array.of(BigInt(number)).buffer)
}

export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat(parts))
}

function padding(length: number, alignment: number): Uint8Array {
  return new Uint8Array(alignment > 0 ? (alignment - (length % alignment)) % alignment : 0)
}
