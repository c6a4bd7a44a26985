import type { Adapter } from '../../src/read/model-file.ts'
import { combined, rootMeanSquare, withValues } from '../builders/model-operations.ts'
import { gaussians, type Model, product, type Tensor } from '../builders/models.ts'
import { seeded } from '../builders/print.ts'

/** What is done to models. Each step gives new models and leaves those it is given as they are. */

function isMatrix({ shape }: Tensor): boolean {
  return shape.length > 1
}

/** A tensor with other values, of another shape where one is given. */
function changed(tensor: Tensor, values: Float32Array, shape = tensor.shape): Tensor {
  return { ...withValues(tensor, values), shape }
}

function columnsOf({ shape, values }: Tensor): number {
  return values.length / shape[0]!
}

export interface LowRank {
  rank: number
  /** Size of the change relative to the weights'. */
  share: number
  targets: RegExp
  /** How fast the singular values fall: the k-th is scaled by (k + 1)^−decay. */
  decay?: number
}

/** The factors of a low-rank change, up (out × rank) and down (rank × in), by the name of the tensor it is for. */
export type Factors = Map<string, { up: Float32Array; down: Float32Array }>

export function lowRankFactors(base: Model, seed: number, { rank, share, targets, decay = 0 }: LowRank): Factors {
  const touched = base.filter((tensor) => isMatrix(tensor) && targets.test(tensor.name))
  return new Map(
    touched.map((tensor, index) => {
      const [rows, columns] = [tensor.shape[0]!, columnsOf(tensor)]
      const up = gaussians(seed * 211 + 2 * index, rows * rank)
      const down = gaussians(seed * 211 + 2 * index + 1, rank * columns)
      const scaled = up.map((value, at) => value * (1 + (at % rank)) ** -decay)
      const size = (share * rootMeanSquare(tensor.values)) / rootMeanSquare(outer(scaled, down, rank))
      return [tensor.name, { up: scaled.map((value) => value * size), down }]
    }),
  )
}

export function withLowRank(base: Model, factors: Factors, rank: number): Model {
  return base.map((tensor) => {
    const found = factors.get(tensor.name)
    if (!found) return tensor
    const delta = outer(found.up, found.down, rank)
    return changed(
      tensor,
      tensor.values.map((value, at) => value + delta[at]!),
    )
  })
}

/** The factors as PEFT saves them, and what its configuration says. */
export function adapterModel(factors: Factors, rank: number): Model {
  return [...factors].flatMap(([name, { up, down }]): Model => {
    const at = `base_model.model.${name.replace(/\.weight$/, '')}`
    return [
      { name: `${at}.lora_A.weight`, shape: [rank, down.length / rank], values: down, storage: { kind: 'f32' } },
      { name: `${at}.lora_B.weight`, shape: [up.length / rank, rank], values: up, storage: { kind: 'f32' } },
    ]
  })
}

export function adapterOf(rank: number, targets: string[]): Adapter {
  return { rank, alpha: rank, targets, declaredBase: null }
}

function outer(up: Float32Array, down: Float32Array, rank: number): Float32Array {
  const columns = down.length / rank
  const values = new Float32Array((up.length / rank) * columns)
  for (let i = 0; i < up.length / rank; i++)
    for (let k = 0; k < rank; k++) {
      const factor = up[i * rank + k]!
      for (let j = 0; j < columns; j++) values[i * columns + j]! += factor * down[k * columns + j]!
    }
  return values
}

/** Spherical interpolation of each tensor, a share `t` of the way to `b` (Shoemake 1985). */
export function slerp(a: Model, b: Model, t: number): Model {
  return a.map((tensor, index) => {
    const [x, y] = [tensor.values, b[index]!.values]
    let [xx, yy, xy] = [0, 0, 0]
    x.forEach((value, at) => {
      xx += value * value
      yy += y[at]! * y[at]!
      xy += value * y[at]!
    })
    const angle = Math.acos(Math.min(1, xy / Math.sqrt(xx * yy)))
    const [left, right] =
      angle < 1e-9 ? [1 - t, t] : [Math.sin((1 - t) * angle), Math.sin(t * angle)].map((part) => part / Math.sin(angle))
    return changed(
      tensor,
      x.map((value, at) => left! * value + right! * y[at]!),
    )
  })
}

/** base + Σ weight · (model − base), as in Ilharco et al. 2023. */
export function taskArithmetic(base: Model, models: Model[], weights: number[]): Model {
  return combined([base, ...models], [1 - weights.reduce((sum, weight) => sum + weight, 0), ...weights])
}

/** TIES (Yadav et al. 2023) as mergekit has it: trim to the largest `density`, elect signs by the weighted sum, mean of those that agree. */
export function ties(base: Model, models: Model[], weights: number[], density: number): Model {
  return base.map((tensor, index) => {
    const deltas = models.map((model) => trimmed(difference(model[index]!, tensor), density))
    const values = tensor.values.map((value, at) => {
      const elected = Math.sign(deltas.reduce((sum, delta, k) => sum + weights[k]! * delta[at]!, 0))
      let [sum, weight] = [0, 0]
      deltas.forEach((delta, k) => {
        if (delta[at] === 0 || Math.sign(delta[at]!) !== elected) return
        sum += weights[k]! * delta[at]!
        weight += weights[k]!
      })
      return weight === 0 ? value : value + sum / weight
    })
    return changed(tensor, values)
  })
}

/** DARE (Yu et al. 2024): of every change only a random `density` is kept, scaled up to make good for the rest; then their weighted sum. */
export function dare(base: Model, models: Model[], weights: number[], density: number, seed: number): Model {
  const random = seeded(seed)
  return base.map((tensor, index) => {
    const deltas = models.map((model) =>
      difference(model[index]!, tensor).map((value) => (random() < density ? value / density : 0)),
    )
    return changed(
      tensor,
      tensor.values.map((value, at) => deltas.reduce((sum, delta, k) => sum + weights[k]! * delta[at]!, value)),
    )
  })
}

function difference(a: Tensor, b: Tensor): Float32Array {
  return a.values.map((value, at) => value - b.values[at]!)
}

function trimmed(values: Float32Array, density: number): Float32Array {
  const sizes = values.map(Math.abs).sort()
  const least = sizes[Math.floor((1 - density) * sizes.length)] ?? 0
  return values.map((value) => (Math.abs(value) >= least ? value : 0))
}

/** The smallest weights of every matrix set to zero. */
export function prunedBySize(model: Model, sparsity: number): Model {
  return model.map((tensor) => (isMatrix(tensor) ? changed(tensor, trimmed(tensor.values, 1 - sparsity)) : tensor))
}

/** The inner neurons of least norm taken out of every feed-forward part: rows of gate and up, columns of down. */
export function withoutNeurons(model: Model, share: number): Model {
  return model.map((tensor) => {
    const part = /^(.*\.mlp\.)(gate|up|down)_proj\.weight$/.exec(tensor.name)
    if (!part) return tensor
    const keep = strongest(model.find(({ name }) => name === `${part[1]}gate_proj.weight`)!, share)
    return part[2] === 'down' ? columnsTaken(tensor, keep) : rowsTaken(tensor, keep)
  })
}

function strongest(gate: Tensor, share: number): number[] {
  const [rows, columns] = [gate.shape[0]!, columnsOf(gate)]
  const sizes = Array.from({ length: rows }, (_, i) =>
    rootMeanSquare(gate.values.subarray(i * columns, (i + 1) * columns)),
  )
  const order = sizes.map((_, i) => i).sort((i, j) => sizes[j]! - sizes[i]!)
  return order.slice(0, Math.round(rows * (1 - share))).sort((i, j) => i - j)
}

function rowsTaken(tensor: Tensor, rows: number[]): Tensor {
  const columns = columnsOf(tensor)
  const values = new Float32Array(rows.length * columns)
  rows.forEach((row, i) => {
    values.set(tensor.values.subarray(row * columns, (row + 1) * columns), i * columns)
  })
  return changed(tensor, values, tensor.shape.with(0, rows.length))
}

function columnsTaken(tensor: Tensor, order: number[]): Tensor {
  const [rows, columns] = [tensor.shape[0]!, columnsOf(tensor)]
  const values = new Float32Array(rows * order.length)
  for (let i = 0; i < rows; i++)
    order.forEach((from, j) => {
      values[i * order.length + j] = tensor.values[i * columns + from]!
    })
  return changed(tensor, values, [rows, order.length])
}

const LAYER = /^(.*\blayers\.)(\d+)(\..*)$/

/** The model with these of its layers, in this order; null inserts a fresh one. */
export function layered(model: Model, map: (number | null)[], seed = 1): Model {
  const first = model.findIndex(({ name }) => LAYER.test(name))
  const last = model.findLastIndex(({ name }) => LAYER.test(name))
  const layerOf = (layer: number) => model.filter(({ name }) => LAYER.exec(name)?.[2] === String(layer))
  const layers = map.flatMap((from, to) =>
    layerOf(from ?? 0).map((tensor, index) => {
      const name = tensor.name.replace(LAYER, `$1${to}$3`)
      if (from !== null || !isMatrix(tensor)) return { ...tensor, name }
      return {
        ...changed(tensor, gaussians(seed * 31 + to * 7 + index, tensor.values.length, rootMeanSquare(tensor.values))),
        name,
      }
    }),
  )
  return [...model.slice(0, first), ...layers, ...model.slice(last + 1)]
}

/** More rows for embedding and head: near the mean of the others, as tools make them. */
export function withVocabulary(model: Model, added: number, seed: number): Model {
  return model.map((tensor) => {
    if (!/embed_tokens|lm_head/.test(tensor.name)) return tensor
    const columns = columnsOf(tensor)
    const fresh = gaussians(seed + tensor.name.length, added * columns, rootMeanSquare(tensor.values))
    const values = new Float32Array(tensor.values.length + fresh.length)
    values.set(tensor.values)
    values.set(fresh, tensor.values.length)
    return changed(tensor, values, tensor.shape.with(0, tensor.shape[0]! + added))
  })
}

/** One direction taken out of what every layer in `layers` writes (Arditi et al. 2024): W − r rᵀ W. */
export function ablated(model: Model, seed: number, layers: (layer: number) => boolean): Model {
  return model.map((tensor) => {
    const layer = LAYER.exec(tensor.name)
    if (!layer || !/o_proj|down_proj/.test(tensor.name) || !layers(Number(layer[2]))) return tensor
    const [rows, columns] = [tensor.shape[0]!, columnsOf(tensor)]
    const direction = gaussians(seed * 97, rows)
    const length = Math.sqrt(rows) * rootMeanSquare(direction)
    const along = new Float32Array(columns)
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) along[j]! += (direction[i]! / length) * tensor.values[i * columns + j]!
    return changed(
      tensor,
      tensor.values.map((value, at) => value - (direction[Math.floor(at / columns)]! / length) * along[at % columns]!),
    )
  })
}

/** The inner neurons of every feed-forward part in another order: the function stays the same. */
export function withNeuronsPermuted(model: Model, seed: number): Model {
  return model.map((tensor) => {
    const part = /layers\.(\d+)\.mlp\.(gate|up|down)_proj/.exec(tensor.name)
    if (!part) return tensor
    const order = permutation(part[2] === 'down' ? columnsOf(tensor) : tensor.shape[0]!, seed * 13 + Number(part[1]))
    return part[2] === 'down' ? columnsTaken(tensor, order) : rowsTaken(tensor, order)
  })
}

/** Every axis that runs along the residual stream in another order too. */
export function withStreamPermuted(model: Model, seed: number): Model {
  const width = model[0]!.shape[1]!
  const order = permutation(width, seed)
  return withNeuronsPermuted(model, seed).map((tensor) => {
    if (!isMatrix(tensor))
      return changed(
        tensor,
        Float32Array.from(order, (from) => tensor.values[from]!),
      )
    return /o_proj|down_proj/.test(tensor.name) ? rowsTaken(tensor, order) : columnsTaken(tensor, order)
  })
}

function permutation(length: number, seed: number): number[] {
  const random = seeded(seed + 17)
  const order = Array.from({ length }, (_, i) => i)
  for (let i = length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    ;[order[i], order[j]] = [order[j]!, order[i]!]
  }
  return order
}

/** Layers below `from` of `a`, the others of `b`; what is in no layer from `a`, the head from `b`. */
export function stacked(a: Model, b: Model, from: number): Model {
  return a.map((tensor, index) => {
    const layer = LAYER.exec(tensor.name)?.[2]
    const isUpper = layer === undefined ? index > a.length / 2 : Number(layer) >= from
    return isUpper ? b[index]! : tensor
  })
}

/** A mixture whose experts are the feed-forward parts of these models, the rest being the first one's, and routers that are new. */
export function mixture(models: Model[], seed: number): Model {
  const [first] = models as [Model]
  return first.flatMap((tensor, index) => {
    const part = /^(.*\.mlp)\.((?:gate|up|down)_proj\.weight)$/.exec(tensor.name)
    if (!part) return [tensor]
    const experts = models.map((model, k) => ({ ...model[index]!, name: `${part[1]}.experts.${k}.${part[2]}` }))
    if (!tensor.name.includes('gate_proj')) return experts
    const shape = [models.length * 2, columnsOf(tensor)]
    const router = { name: `${part[1]}.gate.weight`, shape, values: gaussians(seed + index, product(shape), 0.02) }
    return [...experts, { ...router, storage: { kind: 'f32' as const } }]
  })
}

/** A vision tower and a language model in one, with a projection between them. */
export function joined(tower: Model, language: Model, seed: number): Model {
  const shape = [language[0]!.shape[1]!, tower[0]!.shape[1]!]
  const values = gaussians(seed, product(shape), 0.1)
  return [
    ...tower.map((tensor) => ({ ...tensor, name: `vision_tower.${tensor.name}` })),
    { name: 'multi_modal_projector.linear.weight', shape, values, storage: { kind: 'f32' } },
    ...language.map((tensor) => ({ ...tensor, name: `language_model.${tensor.name}` })),
  ]
}

/** Each batch norm multiplied into the convolution before it, as torch's ONNX export does: W·γ/√(v + ε), and a bias in place of the four vectors. */
export function folded(model: Model): Model {
  const named = new Map(model.map((tensor) => [tensor.name, tensor.values]))
  return model.flatMap((tensor): Model => {
    const at = /^(.*)\.conv\.weight$/.exec(tensor.name)?.[1]
    if (at === undefined) return /\.bn\./.test(tensor.name) ? [] : [tensor]
    const [gamma, beta, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map(
      (part) => named.get(`${at}.bn.${part}`)!,
    )
    const scales = gamma!.map((value, i) => value / Math.sqrt(Math.abs(variance![i]!) + 1e-5))
    const columns = columnsOf(tensor)
    const bias = scales.map((scale, i) => beta![i]! - mean![i]! * scale)
    return [
      changed(
        tensor,
        tensor.values.map((value, i) => value * scales[Math.floor(i / columns)]!),
      ),
      { name: `${at}.conv.bias`, shape: [bias.length], values: bias, storage: { kind: 'f32' } },
    ]
  })
}
