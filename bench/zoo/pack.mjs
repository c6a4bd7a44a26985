/**
 * A zoo's prints and truth as one file, for a test that has no Python. A tensor that stands in several models is kept once, and the sketch of
 * a changed tensor as its difference, bit by bit, from that of the family's base, which packs to less. Nothing is lost.
 *
 *     u32 length of a JSON text, the JSON, then all sketches and norms: byte 0 of every number, byte 1 of every number …; Brotli over all
 */
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'

/** @typedef {import('./read-zoo.mjs').Model} Model @typedef {import('../../dist/src/identify/print.js').TensorPrint} TensorPrint */

/** @param {Model[]} models */
export function pack(models) {
  /** @type {Map<string, number>} */
  const seen = new Map()
  const tensors = []
  const bits = []
  for (const model of models) {
    const base = models.find(({ family }) => family === model.family)
    for (const tensor of model.print.tensors) {
      if (seen.has(keyOf(tensor))) continue
      seen.set(keyOf(tensor), tensors.length)
      const like = base?.print.tensors.find((other) => other.role === tensor.role && sizeOf(other) === sizeOf(tensor))
      const from = like === undefined || like === tensor ? null : (seen.get(keyOf(like)) ?? null)
      const { sketch, invariants, name: _, role: __, ...rest } = tensor
      const { rowNorms, columnNorms, ...moments } = invariants
      tensors.push({
        ...rest,
        moments,
        from,
        ...(sketch && { sketch: { ...sketch, values: sketch.values.length } }),
        norms: [rowNorms.length, columnNorms.length],
      })
      bits.push(
        ...[sketch?.values ?? new Float32Array(), rowNorms, columnNorms].map((values, at) =>
          xor(values, from === null ? null : parts(like)[at]),
        ),
      )
    }
  }
  const kept = models.map(({ print, path: _, ...truth }) => ({
    ...truth,
    print: { ...print, tensors: print.tensors.map((tensor) => [tensor.name, tensor.role, seen.get(keyOf(tensor))]) },
  }))
  const json = Buffer.from(JSON.stringify({ schema: 'yukue.zoo-prints/1', tensors, models: kept }))
  const head = Buffer.alloc(4)
  head.writeUInt32LE(json.length)
  const size = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 24 }
  return brotliCompressSync(Buffer.concat([head, json, planes(bits)]), { params: size })
}

/**
 * @param {Uint8Array} packed
 * @returns {Model[]}
 */
export function unpack(packed) {
  const bytes = brotliDecompressSync(packed)
  const end = 4 + bytes.readUInt32LE(0)
  const { tensors, models } = JSON.parse(bytes.subarray(4, end).toString())
  const bits = fromPlanes(bytes.subarray(end))
  let at = 0
  /** @type {TensorPrint[]} */
  const read = []
  for (const { from, sketch, norms, moments, ...rest } of tensors) {
    const lengths = [sketch?.values ?? 0, ...norms]
    const [values, rowNorms, columnNorms] = lengths.map((length, part) => {
      const own = bits.slice(at, at + length)
      at += length
      return new Float32Array(xor(new Float32Array(own.buffer), from === null ? null : parts(read[from])[part]).buffer)
    })
    read.push({
      ...rest,
      invariants: { ...moments, rowNorms, columnNorms },
      sketch: sketch ? { ...sketch, values } : null,
    })
  }
  return models.map((/** @type {any} */ { print, ...truth }) => ({
    ...truth,
    path: null,
    print: {
      ...print,
      tensors: print.tensors.map((/** @type {[string, string, number]} */ [name, role, place]) => ({
        ...read[place],
        name,
        role,
      })),
    },
  }))
}

/** @param {TensorPrint} tensor */
function keyOf({ digest, rows, columns, element, standing, encoding }) {
  return JSON.stringify([digest, rows, columns, element, standing, encoding])
}

/** @param {TensorPrint} tensor */
function sizeOf(tensor) {
  return parts(tensor)
    .map((values) => values.length)
    .join()
}

/** @param {TensorPrint | undefined} tensor */
function parts(tensor) {
  return [
    tensor?.sketch?.values ?? new Float32Array(),
    tensor?.invariants.rowNorms ?? new Float32Array(),
    tensor?.invariants.columnNorms ?? new Float32Array(),
  ]
}

/**
 * @param {Float32Array} values
 * @param {Float32Array | null | undefined} other
 */
function xor(values, other) {
  const own = new Uint32Array(Float32Array.from(values).buffer)
  if (!other) return own
  const others = new Uint32Array(Float32Array.from(other).buffer)
  return own.map((word, at) => word ^ Number(others[at]))
}

/** @param {Uint32Array[]} words */
function planes(words) {
  const count = words.reduce((sum, { length }) => sum + length, 0)
  const bytes = Buffer.alloc(4 * count)
  let at = 0
  for (const part of words)
    for (const word of part) {
      for (let plane = 0; plane < 4; plane++) bytes[plane * count + at] = word >>> (8 * plane)
      at++
    }
  return bytes
}

/** @param {Uint8Array} bytes */
function fromPlanes(bytes) {
  const count = bytes.length / 4
  const words = new Uint32Array(count)
  for (let at = 0; at < count; at++)
    for (let plane = 0; plane < 4; plane++)
      words[at] = Number(words[at]) | (Number(bytes[plane * count + at]) << (8 * plane))
  return words
}
