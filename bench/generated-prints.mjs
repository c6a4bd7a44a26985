/**
 * Prints made up for benchmarks, with the sketches that weights drawn from a normal distribution would have: of independent
 * entries every cell of a sketch is one too. So a print of a large model costs no large model.
 */
import { createHash } from 'node:crypto'
import { layoutId, modelId } from '../dist/src/identify/model-id.js'

/** @typedef {import('../dist/src/identify/print.js').Print} Print */
/** @typedef {import('../dist/src/identify/print.js').TensorPrint} TensorPrint */

/**
 * Numbers in [0, 1) that depend on the seed only (mulberry32).
 *
 * @param {number} seed
 */
function seeded(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let z = Math.imul(state ^ (state >>> 15), 1 | state)
    z = (z + Math.imul(z ^ (z >>> 7), 61 | z)) ^ z
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * The matrices and norms of a decoder: 9 tensors a layer, of which 7 are matrices, and embedding, norm and head.
 *
 * @param {number} layers
 * @param {number} width
 */
export function shapesOf(layers, width) {
  const shapes = [{ name: 'embed_tokens.weight', rows: 4_000, columns: width }]
  for (let layer = 0; layer < layers; layer++) {
    for (const part of ['q', 'k', 'v', 'o'])
      shapes.push({ name: `layers.${layer}.self_attn.${part}_proj.weight`, rows: width, columns: width })
    for (const part of ['gate', 'up'])
      shapes.push({ name: `layers.${layer}.mlp.${part}_proj.weight`, rows: 3 * width, columns: width })
    shapes.push({ name: `layers.${layer}.mlp.down_proj.weight`, rows: width, columns: 3 * width })
    for (const part of ['input', 'post_attention'])
      shapes.push({ name: `layers.${layer}.${part}_layernorm.weight`, rows: 1, columns: width })
  }
  return [
    ...shapes,
    { name: 'norm.weight', rows: 1, columns: width },
    { name: 'lm_head.weight', rows: 4_000, columns: width },
  ]
}

/**
 * A model of its own.
 *
 * @param {number} seed
 * @param {ReturnType<typeof shapesOf>} shapes
 */
export function stranger(seed, shapes) {
  const next = normals(seed)
  return printOf(shapes.map(({ name, rows, columns }) => tensorOf(`${seed} ${name}`, name, rows, columns, next())))
}

/**
 * A model trained on from another: every tensor moved by `distance` of its size, the moves independent.
 *
 * @param {Print} base
 * @param {number} seed
 * @param {number} distance
 */
export function tuned(base, seed, distance) {
  const next = normals(seed)
  return printOf(
    base.tensors.map(({ name, rows, columns, digest, sketch }) => {
      const moves = next()
      const values = sketch?.values.map((value, at) => value + distance * Number(moves[at])) ?? moves
      return tensorOf(`${seed} ${digest}`, name, rows, columns, values)
    }),
  )
}

/**
 * @param {string} key
 * @param {string} name
 * @param {number} rows
 * @param {number} columns
 * @param {Float32Array} cells
 * @returns {TensorPrint}
 */
function tensorOf(key, name, rows, columns, cells) {
  const height = Math.min(rows, 64)
  const width = Math.min(columns, 64)
  const values = cells.slice(0, height * width)
  // as the sketch has it, so that no two strangers agree in their moments
  const sumSquares = values.reduce((sum, value) => sum + value * value, 0)
  const count = rows * columns
  return {
    name,
    role: name,
    rows,
    columns,
    element: 'f32',
    exact: 'f32',
    encoding: null,
    standing: 'weight',
    digest: createHash('sha256').update(key).digest('hex'),
    invariants: {
      count,
      zeros: 0,
      nonFinite: 0,
      min: -4 - Math.abs(values[0] ?? 0),
      max: 4 + Math.abs(values[1] ?? 0),
      mean: 0,
      sumSquares,
      sumFourth: (3 * sumSquares ** 2) / count,
      rowNorms: new Float32Array(33),
      columnNorms: new Float32Array(33),
    },
    sketch: { height, width, values },
  }
}

/**
 * @param {TensorPrint[]} tensors
 * @returns {Print}
 */
function printOf(tensors) {
  const parameters = tensors.reduce((sum, tensor) => sum + tensor.invariants.count, 0)
  return { id: modelId(tensors), layout: layoutId(tensors), parameters, tensors }
}

/** Normal deviates that all sketches are cut out of, at places that depend on the seed: drawing each would take minutes. */
const POOL = drawn(2 ** 22)

/** @param {number} length */
function drawn(length) {
  const random = seeded(1)
  const values = new Float32Array(length)
  for (let at = 0; at < length; at += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - random()))
    const angle = 2 * Math.PI * random()
    values[at] = radius * Math.cos(angle)
    values[at + 1] = radius * Math.sin(angle)
  }
  return values
}

/**
 * A sketch's worth of them after the other.
 *
 * @param {number} seed
 */
function normals(seed) {
  const random = seeded(Math.imul(seed + 1, 0x9e3779b1) ^ 0x5bd1e995)
  return () => {
    const from = Math.floor(random() * (POOL.length - SKETCH_CELLS))
    return POOL.subarray(from, from + SKETCH_CELLS)
  }
}

const SKETCH_CELLS = 64 * 64
