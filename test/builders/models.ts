import { runTask } from '../../src/identify/file-pass.ts'
import type { Print } from '../../src/identify/print.ts'
import { printModel } from '../../src/identify/print-model.ts'
import { loadKernel } from '../../src/kernel/load.ts'
import {
  type AffineQuantisation,
  type BlockQuantisation,
  plainView,
  type StoredTensor,
} from '../../src/read/model-file.ts'
import { seeded } from './print.ts'

/** How a tensor's values are written down. */
export type Storage =
  | { kind: 'f32' | 'f16' | 'bf16' }
  /** Each value moved by up to this share of itself: what f64 holds and f32 does not. */
  | { kind: 'f64'; rest: number }
  | { kind: 'int8'; stored: Int8Array; quantisation: AffineQuantisation }
  | { kind: 'blocks'; stored: Uint8Array; quantisation: BlockQuantisation }

export interface Tensor {
  name: string
  /** Canonical: (out, in), (out, in, kh, kw), or a vector's length. */
  shape: number[]
  values: Float32Array
  storage: Storage
  /** Leading axes that are rows: 2 for depthwise filters. */
  rowAxes?: number
}

/** A whole model as a value. Operations on it (model-operations.ts) give another one and leave it as it is. */
export type Model = Tensor[]

export interface TransformerShape {
  layers?: number
  width?: number
  vocabulary?: number
}

/** A decoder: token embedding, attention, feed-forward part, norms, an untied head. 4 + 6 matrices a layer. */
export function transformer(seed: number, shape: TransformerShape = {}): Model {
  const { layers = 2, width = 64, vocabulary = 200 } = shape
  const make = maker(seed)
  const model = [make.matrix('model.embed_tokens.weight', [vocabulary, width], 1)]
  for (let layer = 0; layer < layers; layer++) {
    const at = `model.layers.${layer}`
    for (const part of ['q', 'k', 'v', 'o'])
      model.push(make.matrix(`${at}.self_attn.${part}_proj.weight`, [width, width]))
    model.push(make.matrix(`${at}.mlp.up_proj.weight`, [2 * width, width]))
    model.push(make.matrix(`${at}.mlp.down_proj.weight`, [width, 2 * width]))
    model.push(make.norm(`${at}.input_layernorm.weight`, width))
    model.push(make.norm(`${at}.post_attention_layernorm.weight`, width))
  }
  model.push(make.norm('model.norm.weight', width))
  model.push(make.matrix('lm_head.weight', [vocabulary, width]))
  return model
}

/** A mobile network: a stem, then blocks of a depthwise 3 × 3, a pointwise and now and then a full 3 × 3 convolution. */
export function convolutional(seed: number, { blocks = 6, width = 32 } = {}): Model {
  const make = maker(seed)
  const model = [make.matrix('stem.conv.weight', [width, 3, 3, 3])]
  for (let block = 0; block < blocks; block++) {
    const at = `blocks.${block}`
    model.push({ ...make.matrix(`${at}.depthwise.weight`, [width, 1, 3, 3]), rowAxes: 2 })
    model.push(make.matrix(`${at}.pointwise.weight`, [width, width, 1, 1]))
    if (block % 2 === 0) model.push(make.matrix(`${at}.conv.weight`, [width, width, 3, 3]))
    model.push(make.vector(`${at}.conv.bias`, width))
    model.push(make.norm(`${at}.bn.weight`, width), make.vector(`${at}.bn.bias`, width))
    model.push(make.vector(`${at}.bn.running_mean`, width), make.norm(`${at}.bn.running_var`, width))
  }
  model.push(make.matrix('classifier.weight', [40, width]), make.vector('classifier.bias', 40))
  return model
}

/** Fully connected layers with biases. */
export function perceptron(seed: number, { layers = 9, width = 64 } = {}): Model {
  const make = maker(seed)
  return Array.from({ length: layers }, (_, layer) => {
    const inputs = layer === 0 ? 40 : width
    const outputs = layer === layers - 1 ? 24 : width
    return [make.matrix(`layers.${layer}.weight`, [outputs, inputs]), make.vector(`layers.${layer}.bias`, outputs)]
  }).flat()
}

/** Tensors as trained networks have them. Every tensor of a seed is drawn from its own stream, so that shapes do not mix. */
function maker(seed: number) {
  let drawn = 0
  const draw = (length: number, scale: number) => gaussians(seed * 1_000 + drawn++, length, scale)
  return {
    matrix(name: string, shape: number[], scale?: number): Tensor {
      const count = product(shape)
      return tensor(name, shape, draw(count, scale ?? 1 / Math.sqrt(count / shape[0]!)))
    },
    vector(name: string, length: number): Tensor {
      return tensor(name, [length], draw(length, 0.05))
    },
    /** Near one, by a pattern that strangers share: their cosine is above .99. */
    norm(name: string, length: number): Tensor {
      const own = draw(length, 0.03)
      return tensor(
        name,
        [length],
        own.map((value, i) => 1 + 0.2 * Math.sin(1 + 0.7 * i + name.length) + value),
      )
    },
  }
}

function tensor(name: string, shape: number[], values: Float32Array): Tensor {
  return { name, shape, values, storage: { kind: 'f32' } }
}

/** Normal deviates of mean 0; the same for the same seed (Box and Muller 1958). */
export function gaussians(seed: number, length: number, scale = 1): Float32Array {
  const random = seeded(Math.imul(seed + 1, 0x9e3779b1) ^ 0x5bd1e995)
  const values = new Float32Array(length)
  for (let i = 0; i < length; i += 2) {
    const radius = scale * Math.sqrt(-2 * Math.log(1 - random()))
    const angle = 2 * Math.PI * random()
    values[i] = radius * Math.cos(angle)
    if (i + 1 < length) values[i + 1] = radius * Math.sin(angle)
  }
  return values
}

const kernel = loadKernel()

/** Models are values, and most tests compare with the same few. */
const prints = new WeakMap<Model, Print>()

/** The print of a model, made by the code that prints files. */
export function printed(model: Model): Print {
  const known = prints.get(model)
  if (known) return known
  const print = newlyPrinted(model)
  prints.set(model, print)
  return print
}

function newlyPrinted(model: Model): Print {
  const tensors = model.map(stored)
  const file = { format: 'raw' as const, files: [], tensors, findings: [] }
  const task = { kind: 'tensors' as const, indices: [...tensors.keys()] }
  const result = runTask(kernel, file, task, () => {})
  return printModel(tensors.map((_, index) => result.prints.get(index)!))
}

function stored(item: Tensor): StoredTensor {
  const { name, shape, storage, rowAxes = 1 } = item
  const view = { ...plainView(shape), rowAxes }
  if (storage.kind === 'int8') {
    const bytes = new Uint8Array(storage.stored.buffer)
    return { name, element: 'i8', view, data: { kind: 'inline', bytes }, quantisation: storage.quantisation }
  }
  if (storage.kind === 'blocks') {
    const data = { kind: 'inline' as const, bytes: storage.stored }
    return { name, element: 'u8', view, data, quantisation: storage.quantisation }
  }
  const bytes = storage.kind === 'f64' ? withRest(item.values, storage.rest) : encoded(item.values, storage.kind)
  return { name, element: storage.kind, view, data: { kind: 'inline', bytes }, quantisation: null }
}

/** Values that the type holds exactly, little-endian. */
function encoded(values: Float32Array, kind: 'f32' | 'f16' | 'bf16'): Uint8Array {
  switch (kind) {
    case 'f32':
      return new Uint8Array(values.slice().buffer)
    case 'bf16':
      return new Uint8Array(Uint16Array.from(wordsOf(values), (word) => word >>> 16).buffer)
    case 'f16':
      return new Uint8Array(Uint16Array.from(wordsOf(values), f16Half).buffer)
  }
}

function withRest(values: Float32Array, rest: number): Uint8Array {
  const random = seeded(values.length)
  return new Uint8Array(Float64Array.from(values, (value) => value * (1 + rest * (random() - 0.5))).buffer)
}

function wordsOf(values: Float32Array): Uint32Array {
  return new Uint32Array(values.slice().buffer)
}

/** The binary16 half of the binary32 word of a value that binary16 holds (IEEE 754-2019, 3.4). */
export function f16Half(word: number): number {
  const sign = (word >>> 16) & 0x8000
  const exponent = ((word >>> 23) & 255) - 127
  const mantissa = word & 0x7fffff
  if (exponent < -14) return sign | (exponent < -24 ? 0 : (mantissa | 0x800000) >>> (-1 - exponent))
  return sign | ((exponent + 15) << 10) | (mantissa >>> 13)
}

export function product(sizes: readonly number[]): number {
  return sizes.reduce((a, b) => a * b, 1)
}
