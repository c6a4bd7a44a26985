import { identityTensors, layoutId, modelId } from '../../src/identify/model-id.ts'
import type { Print, TensorPrint } from '../../src/identify/print.ts'
import { sketchSize } from '../../src/identify/print-file.ts'

/** Numbers in [0, 1) that depend on `seed` only (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let z = Math.imul(state ^ (state >>> 15), 1 | state)
    z = (z + Math.imul(z ^ (z >>> 7), 61 | z)) ^ z
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A print of these tensors, with the ids and the count they give. */
export function printOf(tensors: TensorPrint[]): Print {
  const parameters = identityTensors(tensors).reduce((sum, tensor) => sum + tensor.invariants.count, 0)
  return { id: modelId(tensors), layout: layoutId(tensors), parameters, tensors }
}

/** A small print with random sketches: the same for the same seed, unrelated to every other seed's. */
export function randomPrint(seed: number, tensors = 1 + (seed % 6)): Print {
  const random = seeded(seed)
  return printOf(Array.from({ length: tensors }, (_, index) => randomTensor(random, index)))
}

/** One tensor of a random print. A sixth is quantised, a sixth a vector, an eighth only listed. */
export function randomTensor(random: () => number, index: number): TensorPrint {
  const rows = random() < 1 / 6 ? 1 : 4 + Math.floor(random() * 120)
  const columns = 16 + Math.floor(random() * 120)
  const quantised = random() < 1 / 6
  const listed = random() < 1 / 8
  const { height, width, length } = sketchSize(rows, columns)
  const count = rows * columns
  return {
    name: `model.layers.${index}.mlp.weight`,
    role: `layers.${index}.mlp.weight`,
    rows,
    columns,
    element: quantised ? 'i8' : 'f32',
    exact: quantised ? null : 'f32',
    encoding: quantised ? { scheme: 'int8', bits: 8, step: random() / 100 } : null,
    standing: listed ? 'closed-form' : 'weight',
    digest: Array.from({ length: 32 }, () => byte(random)).join(''),
    invariants: {
      count,
      zeros: Math.floor(random() * count * 0.1),
      nonFinite: 0,
      min: -random(),
      max: random(),
      mean: random() / 100,
      sumSquares: count * random(),
      sumFourth: count * random(),
      rowNorms: ascending(random),
      columnNorms: ascending(random),
    },
    sketch: listed ? null : { height, width, values: Float32Array.from({ length }, () => gaussian(random)) },
  }
}

function byte(random: () => number): string {
  return Math.floor(random() * 256)
    .toString(16)
    .padStart(2, '0')
}

function ascending(random: () => number): Float32Array {
  return Float32Array.from({ length: 33 }, () => random() * 10).sort()
}

function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
