/** A tensor of a safetensors file: its bytes, or F32 values to be written. */
export interface SafetensorsTensor {
  dtype?: string
  shape: number[]
  bytes?: Uint8Array
  values?: ArrayLike<number>
}

/** A valid safetensors file, tensors in the order given. Without values or bytes an F32 tensor counts 0, 1, 2 … */
export function safetensors(
  tensors: Readonly<Record<string, SafetensorsTensor>>,
  metadata?: Record<string, string>,
): Uint8Array {
  const header: Record<string, unknown> = metadata === undefined ? {} : { __metadata__: metadata }
  const parts: Uint8Array[] = []
  let at = 0
  for (const [name, tensor] of Object.entries(tensors)) {
    const bytes = bytesOf(tensor)
    header[name] = { dtype: tensor.dtype ?? 'F32', shape: tensor.shape, data_offsets: [at, at + bytes.length] }
    at += bytes.length
    parts.push(bytes)
  }
  return safetensorsFile(JSON.stringify(header), Buffer.concat(parts))
}

/** Any header over any data, for hostile files; `length` is what the file says of its header. */
export function safetensorsFile(header: string | Uint8Array, data: Uint8Array, length?: bigint): Uint8Array {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header
  const file = new Uint8Array(8 + text.length + data.length)
  new DataView(file.buffer).setBigUint64(0, length ?? BigInt(text.length), true)
  file.set(text, 8)
  file.set(data, 8 + text.length)
  return file
}

/** An index of shards. */
export function safetensorsIndex(weightMap: Readonly<Record<string, string>>): string {
  return JSON.stringify({ metadata: { total_size: 0 }, weight_map: weightMap })
}

/** 0, 1, 2 … as F32 bytes. */
export function counting(count: number): Uint8Array {
  return new Uint8Array(Float32Array.from({ length: count }, (_, index) => index).buffer)
}

function bytesOf(tensor: SafetensorsTensor): Uint8Array {
  if (tensor.bytes !== undefined) return tensor.bytes
  if (tensor.values !== undefined) return new Uint8Array(Float32Array.from(tensor.values).buffer)
  return counting(tensor.shape.reduce((product, length) => product * length, 1))
}
