import { type ExactElement, roundTo } from '../../src/kernel/exact.ts'
import { gaussians, type Model, product, type Tensor } from './models.ts'
import { seeded } from './print.ts'

/** Root mean square of the change ÷ that of the tensor, or how to find it for each tensor. */
export type Size = number | ((tensor: Tensor, index: number) => number)

/** Every weight moved by a dense random change of this relative size. Tensors for which `frozen` holds stay as they are. */
export function fineTuned(base: Model, seed: number, size: Size = 0.02, frozen = (_: Tensor) => false): Model {
  return base.map((tensor, index) => {
    const relative = typeof size === 'number' ? size : size(tensor, index)
    if (frozen(tensor) || relative === 0) return tensor
    const step = gaussians(seed * 7_919 + index, tensor.values.length, relative * rootMeanSquare(tensor.values))
    return withValues(
      tensor,
      tensor.values.map((value, i) => value + step[i]!),
    )
  })
}

/** As training does it: some tensors move ten times as far as others, vectors hardly. */
export function unevenly(size: number, seed = 1): (tensor: Tensor, index: number) => number {
  const random = seeded(seed)
  const factors = Array.from({ length: 1_000 }, () => 10 ** (random() - 0.5))
  return (tensor, index) => size * factors[index]! * (tensor.shape.length === 1 ? 0.1 : 1)
}

/**
 * The checkpoints of one training run. Each step goes on in one direction with the share `drift` of its length, the rest is new:
 * the cosine between two steps is drift².
 */
export function trainingRun(base: Model, seed: number, steps: number, size = 0.02, drift = 0.5): Model[] {
  const start = fineTuned(base, seed, size * drift)
  const checkpoints = [base]
  for (let step = 1; step <= steps; step++) {
    const before = checkpoints.at(-1)!
    const moved = combined([before, start, base], [1, 1, -1])
    checkpoints.push(fineTuned(moved, seed + step * 101, size * Math.sqrt(1 - drift * drift)))
  }
  return checkpoints.slice(1)
}

/** Σ weightₖ · modelₖ, tensor by tensor, in f32. */
export function combined(models: Model[], weights: number[]): Model {
  return models[0]!.map((tensor, index) => {
    const values = tensor.values.map((_, i) =>
      models.reduce((sum, model, k) => sum + weights[k]! * model[index]!.values[i]!, 0),
    )
    return withValues(tensor, values)
  })
}

/** Rounded to nearest and stored in that type. */
export function cast(model: Model, to: Exclude<ExactElement, 'f64'>, only = (_: Tensor) => true): Model {
  return model.map((tensor) =>
    only(tensor)
      ? {
          ...withValues(
            tensor,
            tensor.values.map((value) => roundTo(value, to)),
          ),
          storage: { kind: to },
        }
      : tensor,
  )
}

/** As f32, values as they are: what a loader does to a half-precision or quantised file. */
export function widened(model: Model): Model {
  return model.map((tensor) => ({ ...tensor, storage: { kind: 'f32' } }))
}

/** All values times a factor. */
export function scaledBy(model: Model, factor: number): Model {
  return model.map((tensor) =>
    withValues(
      tensor,
      tensor.values.map((value) => value * factor),
    ),
  )
}

/** Binary16 without subnormals, as some converters write it: zero below 2⁻¹⁴. */
export function flushed(model: Model): Model {
  return model.map((tensor) => ({
    ...tensor,
    values: tensor.values.map((value) => (Math.abs(value) < 2 ** -14 ? 0 : value)),
  }))
}

/** bfloat16 by dropping the lower half of each word. */
export function truncatedToBf16(model: Model): Model {
  return model.map((tensor) => {
    const words = new Uint32Array(tensor.values.slice().buffer).map((word) => word & 0xffff0000)
    return { ...withValues(tensor, new Float32Array(words.buffer)), storage: { kind: 'bf16' } }
  })
}

/** Matrices to the nearest of 256 affine steps between least and greatest value, of the tensor or of each row; vectors stay float. */
export function quantised(model: Model, by: 'tensor' | 'row' = 'tensor'): Model {
  return model.map((tensor) => (tensor.shape.length === 1 ? tensor : quantisedTensor(tensor, by)))
}

function quantisedTensor(tensor: Tensor, by: 'tensor' | 'row'): Tensor {
  const { shape, values } = tensor
  const runs = by === 'row' ? shape[0]! : 1
  const length = values.length / runs
  const scales = new Float32Array(runs)
  const zeroPoints = new Float32Array(runs)
  const stored = new Int8Array(values.length)
  const rounded = new Float32Array(values.length)
  for (let run = 0; run < runs; run++) {
    const part = values.subarray(run * length, (run + 1) * length)
    const [least, greatest] = [part.reduce((a, b) => Math.min(a, b), 0), part.reduce((a, b) => Math.max(a, b), 0)]
    const scale = Math.fround(Math.max(greatest - least, 1e-12) / 255)
    const zero = Math.round(-128 - least / scale)
    scales[run] = scale
    zeroPoints[run] = zero
    part.forEach((value, i) => {
      const step = Math.max(-128, Math.min(127, Math.round(value / scale) + zero))
      stored[run * length + i] = step
      rounded[run * length + i] = (step - zero) * scale
    })
  }
  const group = by === 'row' ? shape.with(0, 1) : shape
  const quantisation = { kind: 'affine' as const, scheme: 'int8', bits: 8, group, scales, zeroPoints }
  return { ...tensor, values: rounded, storage: { kind: 'int8', stored, quantisation } }
}

/** Another task's head (last matrix, and its bias) on the same body. */
export function withNewHead(model: Model, seed: number, classes: number): Model {
  const last = model.findLastIndex((tensor) => tensor.shape.length > 1)
  const head = model[last]!
  const shape = head.shape.with(0, classes)
  const values = gaussians(seed, product(shape), rootMeanSquare(head.values))
  return [...model.slice(0, last), { ...head, shape, values, storage: { kind: 'f32' } }]
}

/** Without what stands from the last matrix on. */
export function withoutHead(model: Model): Model {
  return model.slice(
    0,
    model.findLastIndex((tensor) => tensor.shape.length > 1),
  )
}

/** All names replaced by numbers in an order of their own. */
export function renamed(model: Model, seed = 1): Model {
  const random = seeded(seed)
  return model.map((tensor) => ({ ...tensor, name: `t${Math.floor(random() * 1e9)}` }))
}

/** The tensors in another order. */
export function shuffled<T>(items: readonly T[], seed = 1): T[] {
  const random = seeded(seed)
  return items
    .map((item) => ({ item, at: random() }))
    .sort((x, y) => x.at - y.at)
    .map(({ item }) => item)
}

/** Matrices stored and read as (in, out): what a reader sees that cannot know the operator. */
export function transposed(model: Model): Model {
  return model.map((tensor) => {
    if (tensor.shape.length !== 2) return tensor
    const [rows, columns] = tensor.shape as [number, number]
    const values = tensor.values.map((_, at) => tensor.values[(at % rows) * columns + Math.floor(at / rows)]!)
    return { ...tensor, shape: [columns, rows], values }
  })
}

/**
 * What strangers of one architecture share: large rows and columns stand in the same places of the same tensor (frequent words,
 * channels that count), as log-normal factors of this deviation.
 */
export function scaledAlike(model: Model, deviation: number): Model {
  return model.map((tensor, index) => {
    if (tensor.shape.length === 1) return tensor
    const rows = tensor.shape[0]!
    const columns = tensor.values.length / rows
    const down = gaussians(5_000 + index, rows, deviation).map(Math.exp)
    const across = gaussians(6_000 + index, columns, deviation).map(Math.exp)
    const values = tensor.values.map((value, i) => value * down[Math.floor(i / columns)]! * across[i % columns]!)
    return withValues(tensor, values)
  })
}

/** Likewise the blur that most 3 × 3 kernels have in common, `strength` times their root mean square at the centre. */
export function withSharedPattern(model: Model, strength: number): Model {
  const blur = [1, 2, 1, 2, 8, 2, 1, 2, 1].map((value) => value / 8)
  return model.map((tensor) => {
    if (tensor.shape[3] !== 3) return tensor
    const scale = strength * rootMeanSquare(tensor.values)
    return withValues(
      tensor,
      tensor.values.map((value, i) => value + scale * blur[i % 9]!),
    )
  })
}

export function withValues(tensor: Tensor, values: Float32Array): Tensor {
  return { ...tensor, values, storage: { kind: 'f32' } }
}

export function rootMeanSquare(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)
}
