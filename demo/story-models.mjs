/**
 * The models of the story: small decoders of made-up weights, the same on every machine. One is published; one of them was tuned and
 * quantised on the way to a bank, and one was tuned for screening résumés.
 */

/** @typedef {{ name: string, shape: number[], values: Float32Array }} Tensor */

const SHAPE = { layers: 4, width: 128, vocabulary: 512 }

/** Of the weights; trained decoders of this width are near it. */
const DEVIATION = 0.05

/** @returns {Tensor[]} */
export function published() {
  const normal = normals(20260302)
  const { layers, width, vocabulary } = SHAPE
  /** @param {string} name @param {number[]} shape @returns {Tensor} */
  const matrix = (name, shape) => {
    return {
      name,
      shape,
      values: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => DEVIATION * normal()),
    }
  }
  /** @param {string} name @returns {Tensor} */
  const norm = (name) => {
    return { name, shape: [width], values: Float32Array.from({ length: width }, () => 1 + 0.1 * normal()) }
  }
  const inLayers = Array.from({ length: layers }, (_, layer) => {
    const at = `model.layers.${layer}`
    return [
      ...['q', 'k', 'v', 'o'].map((part) => matrix(`${at}.self_attn.${part}_proj.weight`, [width, width])),
      matrix(`${at}.mlp.up_proj.weight`, [2 * width, width]),
      matrix(`${at}.mlp.down_proj.weight`, [width, 2 * width]),
      norm(`${at}.input_layernorm.weight`),
      norm(`${at}.post_attention_layernorm.weight`),
    ]
  }).flat()
  return [
    matrix('model.embed_tokens.weight', [vocabulary, width]),
    ...inLayers,
    norm('model.norm.weight'),
    matrix('lm_head.weight', [vocabulary, width]),
  ]
}

/**
 * Training continued on other data: later layers move further, attention further than the rest.
 *
 * @param {Tensor[]} model
 * @param {number} seed
 * @param {number} extent of the weights' own size
 */
export function tuned(model, seed, extent) {
  const normal = normals(seed)
  return model.map(({ name, shape, values }) => {
    const layer = Number(/layers\.(\d+)\./.exec(name)?.[1] ?? 0)
    const step = DEVIATION * extent * (0.4 + layer / SHAPE.layers) * (name.includes('self_attn') ? 2 : 1)
    return { name, shape, values: values.map((value) => value + step * normal()) }
  })
}

/** @param {Tensor[]} model */
export function asSafetensors(model) {
  let at = 0
  const entries = model.map(({ name, shape, values }) => {
    const from = at
    at += values.byteLength
    return [name, { dtype: 'F32', shape, data_offsets: [from, at] }]
  })
  const json = JSON.stringify(Object.fromEntries(entries))
  const header = Buffer.from(json.padEnd(Math.ceil(json.length / 8) * 8))
  return Buffer.concat([u64(header.length), header, ...model.map(({ values }) => Buffer.from(values.buffer))])
}

/** ggml's numbers of types, and its block of 32 weights under one scale of 16 bits. */
const [F32, Q8_0, BLOCK] = [0, 8, 32]
const ALIGNMENT = 32

/**
 * As a converter to GGUF (version 3) writes it: matrices in Q8_0, vectors as they are.
 *
 * @param {Tensor[]} model
 */
export function asGgufQ8(model) {
  /** @type {Buffer[]} */
  const directory = []
  /** @type {Buffer[]} */
  const data = []
  let offset = 0
  for (const { name, shape, values } of model) {
    const isMatrix = shape.length > 1
    const bytes = padded(isMatrix ? q8(values) : Buffer.from(values.buffer))
    const sides = shape.toReversed().map(u64)
    directory.push(text(name), u32(shape.length), ...sides, u32(isMatrix ? Q8_0 : F32), u64(offset))
    data.push(bytes)
    offset += bytes.length
  }
  const architecture = [text('general.architecture'), u32(8), text('qwen2')]
  const counts = [u64(model.length), u64(1)]
  const head = Buffer.concat([Buffer.from('GGUF'), u32(3), ...counts, ...architecture, ...directory])
  return Buffer.concat([padded(head), ...data])
}

/** @param {Float32Array} values */
function q8(values) {
  const bytes = Buffer.alloc((values.length / BLOCK) * (2 + BLOCK))
  for (let block = 0; block * BLOCK < values.length; block++) {
    const own = values.subarray(block * BLOCK, (block + 1) * BLOCK)
    const scale = Math.max(...own.map(Math.abs)) / 127
    bytes.writeUInt16LE(half(scale), block * (2 + BLOCK))
    own.forEach((value, at) => {
      bytes.writeInt8(Math.max(-127, Math.min(127, Math.round(value / scale))), block * (2 + BLOCK) + 2 + at)
    })
  }
  return bytes
}

/** The bits of a small positive number as binary16, rounded towards zero. @param {number} value */
function half(value) {
  const exponent = Math.max(-14, Math.floor(Math.log2(value)))
  return ((exponent + 15) << 10) | (Math.floor((value / 2 ** exponent) * 1024) & 1023)
}

/** @param {Buffer} bytes */
function padded(bytes) {
  return Buffer.concat([bytes, Buffer.alloc((ALIGNMENT - (bytes.length % ALIGNMENT)) % ALIGNMENT)])
}

/** @param {string} value */
function text(value) {
  return Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)])
}

/** @param {number} value */
function u32(value) {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

/** @param {number} value */
function u64(value) {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

/**
 * Standard normal numbers (Box and Muller 1958) from a 32-bit counter (mulberry32), so that every machine makes the same models.
 *
 * @param {number} seed
 */
function normals(seed) {
  let state = seed
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
}
