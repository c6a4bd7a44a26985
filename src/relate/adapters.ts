import type { Print, TensorPrint } from '../identify/print.ts'
import { sumBlocks } from '../kernel/algebra.ts'
import type { Comparison } from './comparison.ts'
import { placeOf } from './layers.ts'
import type { Relation } from './lineage.ts'
import { differenceOf } from './low-rank.ts'
import type { Pair } from './pair.ts'
import type { Subject, Weight } from './subject.ts'

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

/**
 * What an adapter says of itself, and the model it is for. Its matrices are factors of a change, not weights, and alone they say of their base
 * no more than its shapes: one model here that fits is named, of several none. Where the merged model is here too, its change is the
 * factors' product, and the end that it starts from is the base.
 */
export function adapterRelation(
  { id, adapter, tensors }: Print,
  subjects: Subject[],
  related: Comparison[],
): Relation[] {
  if (adapter === undefined) return []
  const factors = factorsOf(tensors)
  const fitting = factors.length === 0 ? [] : subjects.filter((subject) => fits(subject, factors))
  const merged = mergedFrom(factors, new Set(fitting), related)
  const base = merged?.base ?? (fitting.length === 1 ? fitting[0]! : null)
  const status = adapter.declaredBase !== null && !merged ? 'declared' : 'inferred'
  return [
    {
      child: id,
      parents: base ? [{ id: base.id, weight: null }] : [],
      changes: ['adapter'],
      direction: base ? 'known' : 'undetermined',
      status,
      p: null,
      similarity: merged?.cosine ?? 0,
      details: {
        ...adapter,
        ...(merged ? { merged: merged.child.id } : {}),
        ...(base || fitting.length === 0 ? {} : { fits: fitting.slice(0, MAX_LISTED).map((subject) => subject.id) }),
      },
    },
  ]
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

function targetIn({ weights }: Subject, { layer, down, up }: Factors): Weight | undefined {
  return weights.find(({ print }) => {
    const isNamed = keyOf(print.role) === layer
    return isNamed && print.rows === sizeOf(up, 'rows') && print.columns === sizeOf(down, 'columns')
  })
}

/** Every layer is there, and an adapter for the last layer reaches to it: a deeper model of one width is another one. */
function fits(subject: Subject, factors: Factors[]): boolean {
  const targets = factors.map((factor) => targetIn(subject, factor))
  if (targets.some((target) => !target)) return false
  const parts = new Set(targets.map((target) => placeOf(target!)?.part))
  const deepest = (weights: Weight[]) => Math.max(-1, ...weights.map((weight) => placeOf(weight)?.layer ?? -1))
  return deepest(targets as Weight[]) === deepest(subject.weights.filter((weight) => parts.has(placeOf(weight)?.part)))
}

interface Merged {
  base: Subject
  child: Subject
  cosine: number
}

/** Two of the fitting models whose difference is the adapter's change. */
function mergedFrom(factors: Factors[], fitting: Set<Subject>, related: Comparison[]): Merged | null {
  const found = related
    .filter(({ a, b }) => fitting.has(a) && fitting.has(b))
    .flatMap((comparison) => {
      const cosine = cosineWith(factors, comparison)
      const [base, child] = cosine > 0 ? [comparison.a, comparison.b] : [comparison.b, comparison.a]
      return Math.abs(cosine) >= SAME_CHANGE ? [{ base, child, cosine: Math.abs(cosine) }] : []
    })
  return found.sort((x, y) => y.cosine - x.cosine)[0] ?? null
}

/** Of the product of the factors and what `b` has more than `a`, over all layers that the adapter changes. */
function cosineWith(factors: Factors[], { a, match }: Comparison): number {
  const pairs = new Map(match.pairs.map((pair) => [pair.a, pair]))
  let [products, own, other] = [0, 0, 0]
  for (const factor of factors) {
    const pair = pairs.get(targetIn(a, factor)!)
    const change = pair && changeOf(factor, pair)
    if (!change) return 0
    const difference = differenceOf(pair)
    change.forEach((value, at) => {
      products -= value * difference[at]!
      own += value * value
      other += difference[at]! ** 2
    })
  }
  return own * other === 0 ? 0 : products / Math.sqrt(own * other)
}

/** P(B·A) = P(B)·P(A): the ranks, 64 at most, have one sketch index each, and their signs meet twice. */
function changeOf({ down, up }: Factors, { a, b }: Pair): Float64Array | null {
  if (!down.sketch || !up.sketch || !a.sketch || !b.sketch) return null
  const rank = up.rows === 1 ? 1 : up.columns
  if (rank > 64) return null
  const [left, right] = [sumBlocks(up.sketch), sumBlocks(down.sketch)]
  return Float64Array.from({ length: a.height * a.width }, (_, at) => {
    const [row, column] = [Math.floor(at / a.width), at % a.width]
    let sum = 0
    for (let k = 0; k < rank; k++) sum += left[row * rank + k]! * right[k * a.width + column]!
    return sum
  })
}
