import type { Print, TensorPrint } from '../identify/print.ts'
import { sumBlocks } from '../kernel/algebra.ts'
import { shapeCounts } from './candidates.ts'
import type { Glance } from './glance.ts'
import type { Kin } from './kin.ts'
import { placeOf } from './layers.ts'
import type { Relation } from './lineage.ts'
import { shapeNumber } from './screening.ts'
import type { Subject, Weight } from './subject.ts'
import type { Asking, Models } from './wanted.ts'

/** A layer's factors: `down` is rank × in, `up` out × rank. */
interface Factors {
  layer: string
  down: TensorPrint
  up: TensorPrint
}

/** What the change between two models must share with the adapter's to be it: rounding to bfloat16 leaves .985 of a change of 1 %. */
const SAME_CHANGE = 0.9

/** Models whose shapes fit are listed up to so many. */
const MAX_LISTED = 8

/** Of more models with an adapter's shapes only so many are looked at closely: those in pairs that may differ by one first. */
const MAX_LOOKED_AT = 64

/** Models asked for at a time. */
const BATCH = 16

/** What an adapter may be for, and what is known of it. */
export interface Estate {
  glances: readonly Glance[]
  kin: readonly Kin[]
}

/**
 * What an adapter says of itself, and the model it is for. Its matrices are factors of a change, not weights, and alone they say of their base
 * no more than its shapes: one model here that fits is named, of several none. Where the merged model is here too, its change is the
 * factors' product, and the end that it starts from is the base.
 */
export function* adapterRelation({ id, adapter, tensors }: Print, estate: Estate, models: Models): Asking<Relation[]> {
  if (adapter === undefined) return []
  const factors = factorsOf(tensors)
  const fitting = yield* fittingAmong(likelyBases(factors, estate), factors, models)
  const merged = yield* mergedFrom(factors, fitting, estate.kin, models)
  const fits = [...fitting.keys()]
  const base = merged?.base ?? (fits.length === 1 ? fits[0]! : null)
  const status = adapter.declaredBase !== null && !merged ? 'declared' : 'inferred'
  return [
    {
      child: id,
      parents: base ? [{ id: base, weight: null }] : [],
      changes: ['adapter'],
      direction: base ? 'known' : 'undetermined',
      status,
      p: null,
      similarity: merged?.cosine ?? 0,
      details: {
        ...adapter,
        ...(merged ? { merged: merged.child } : {}),
        ...(base || fits.length === 0 ? {} : { fits: fits.slice(0, MAX_LISTED) }),
      },
    },
  ]
}

/** Whether a model has a matrix for every pair of an adapter's factors, by shapes alone. */
export function mayFit({ tensors }: Pick<Print, 'tensors'>, glance: Glance): boolean {
  return hasShapes(glance, factorsOf(tensors))
}

function hasShapes(glance: Glance, factors: Factors[]): boolean {
  if (factors.length === 0) return false
  const left = shapeCounts(glance)
  return factors.every(({ down, up }) => {
    const shape = shapeNumber(sizeOf(up, 'rows'), sizeOf(down, 'columns'))
    const count = left.get(shape) ?? 0
    left.set(shape, count - 1)
    return count > 0
  })
}

function likelyBases(factors: Factors[], { glances, kin }: Estate): string[] {
  const likely = glances.filter((glance) => hasShapes(glance, factors)).map(({ id }) => id)
  if (likely.length <= MAX_LOOKED_AT) return likely
  const all = new Set(likely)
  const telling = kin.filter(({ isOpen, relation }) => isOpen || relation?.changes.includes('adapter-merged'))
  const first = telling.flatMap(({ a, b }) => [a, b]).filter((id) => all.has(id))
  return [...new Set([...first, ...likely])].slice(0, MAX_LOOKED_AT)
}

/** Models that fit, and the numbers of the tensors that the factors are for, one each. */
type Fitting = Map<string, number[]>

function* fittingAmong(ids: string[], factors: Factors[], models: Models): Asking<Fitting> {
  const fitting: Fitting = new Map()
  for (let at = 0; at < ids.length; at += BATCH)
    for (const subject of yield* models.weights(ids.slice(at, at + BATCH))) {
      const targets = targetsIn(subject, factors)
      if (targets && reachesAsDeep(subject, targets)) fitting.set(subject.id, targets)
    }
  return fitting
}

const FACTOR = /^(.*?)[._]lora[._](A|B|down|up)(?:\.[^.]+)?(?:\.weight)?$/

function factorsOf(tensors: TensorPrint[]): Factors[] {
  const byLayer = new Map<string, { down?: TensorPrint; up?: TensorPrint }>()
  for (const tensor of tensors) {
    const [, layer, which] = FACTOR.exec(tensor.name) ?? []
    if (layer === undefined) continue
    const found = byLayer.get(layer) ?? {}
    byLayer.set(layer, { ...found, [which === 'A' || which === 'down' ? 'down' : 'up']: tensor })
  }
  return [...byLayer].flatMap(([layer, { down, up }]) => (down && up ? [{ layer: keyOf(layer), down, up }] : []))
}

/** Separators and what trainers put in front differ. */
function keyOf(name: string): string {
  return name
    .replace(/^base_model\.model\.|^lora_(?:unet|te\d?|transformer)_/, '')
    .replace(/[^a-z0-9]+/gi, '_')
    .replace(/^(model|transformer|backbone)_/, '')
    .replace(/_(weight|kernel)$/, '')
}

/** Elements of a factor's outer axis: a factor of rank one is a vector. */
function sizeOf({ rows, columns }: TensorPrint, along: 'rows' | 'columns'): number {
  return rows === 1 ? columns : along === 'rows' ? rows : columns
}

/** Null where a layer is not there. */
function targetsIn({ weights }: Subject, factors: Factors[]): number[] | null {
  const numbers = new Map<string, number>()
  weights.forEach(({ print: { role, rows, columns } }, number) => {
    const key = `${keyOf(role)} ${rows} ${columns}`
    if (!numbers.has(key)) numbers.set(key, number)
  })
  const targets = factors.map(({ layer, down, up }) =>
    numbers.get(`${layer} ${sizeOf(up, 'rows')} ${sizeOf(down, 'columns')}`),
  )
  return targets.every((target) => target !== undefined) ? targets : null
}

/** An adapter for the last layer reaches to it: a deeper model of one width is another one. */
function reachesAsDeep({ weights }: Subject, numbers: number[]): boolean {
  const targets = numbers.map((number) => weights[number]!)
  const parts = new Set(targets.map((target) => placeOf(target)?.part))
  const deepest = (some: Weight[]) => Math.max(-1, ...some.map((weight) => placeOf(weight)?.layer ?? -1))
  return deepest(targets) === deepest(weights.filter((weight) => parts.has(placeOf(weight)?.part)))
}

interface Merged {
  base: string
  child: string
  cosine: number
}

/** Two of the fitting models whose difference is the adapter's change. */
function* mergedFrom(factors: Factors[], fitting: Fitting, kin: readonly Kin[], models: Models): Asking<Merged | null> {
  let best: Merged | null = null
  let changes: Float64Array[] | null = null
  for (const { a, b, relation } of kin) {
    if (relation === null || !fitting.has(a) || !fitting.has(b)) continue
    const subjects = yield* models.weights([a, b])
    const [from, to] = subjects.map(({ id, weights }) => fitting.get(id)!.map((number) => weights[number]!))
    changes ??= factors.flatMap((factor, i) => changeOf(factor, from![i]!) ?? [])
    // a factor without a sketch, or of too high a rank
    if (changes.length < factors.length) return null
    const cosine = cosineWith(changes, from!, to!)
    const [base, child] = cosine > 0 ? [a, b] : [b, a]
    if (Math.abs(cosine) >= SAME_CHANGE && Math.abs(cosine) > (best?.cosine ?? 0))
      best = { base, child, cosine: Math.abs(cosine) }
  }
  return best
}

/** Of these changes and what `to` has more than `from`, over all layers that the adapter changes. */
function cosineWith(changes: Float64Array[], from: Weight[], to: Weight[]): number {
  let [products, own, other] = [0, 0, 0]
  for (const [i, change] of changes.entries()) {
    const [x, y] = [from[i]!.sketch, to[i]!.sketch]
    if (!x || !y) return 0
    for (let at = 0; at < change.length; at++) {
      const difference = y[at]! - x[at]!
      products += change[at]! * difference
      own += change[at]! ** 2
      other += difference ** 2
    }
  }
  return own * other === 0 ? 0 : products / Math.sqrt(own * other)
}

/** P(B·A) = P(B)·P(A): the ranks, 64 at most, have one sketch index each, and their signs meet twice. */
function changeOf({ down, up }: Factors, { height, width }: Weight): Float64Array | null {
  if (!down.sketch || !up.sketch) return null
  const rank = up.rows === 1 ? 1 : up.columns
  if (rank > 64) return null
  const [left, right] = [sumBlocks(up.sketch), sumBlocks(down.sketch)]
  return Float64Array.from({ length: height * width }, (_, at) => {
    const [row, column] = [Math.floor(at / width), at % width]
    let sum = 0
    for (let k = 0; k < rank; k++) sum += left[row * rank + k]! * right[k * width + column]!
    return sum
  })
}
