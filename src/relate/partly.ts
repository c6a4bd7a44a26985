import { layersMatched, placeOf } from './layers.ts'
import { cosineOf, orientations } from './likeness.ts'
import type { Pair } from './pair.ts'
import { prefixCosine } from './prefix.ts'
import type { Weight } from './subject.ts'

/** What is left over on one side and yet stands in the other model in part, or a second time. */
export interface Partly {
  repeats: Pair[]
  resized: Pair[]
  cut: Pair[]
}

/** A tensor of a repeated layer is this many deviations of chance more like its original than a stranger. */
const REPEAT_Z = 5

export function partlyMatched(pairs: Pair[], onlyInA: Weight[], onlyInB: Weight[]): Partly {
  const repeats = [
    ...repeated(
      onlyInB,
      pairs.map(({ a }) => a),
    ).map(([b, a]) => pairOf(a, b)),
    ...repeated(
      onlyInA,
      pairs.map(({ b }) => b),
    ).map(([a, b]) => pairOf(a, b)),
  ]
  const done = new Set(repeats.flatMap(({ a, b }) => [a, b]))
  const restA = onlyInA.filter((weight) => !done.has(weight))
  const restB = onlyInB.filter((weight) => !done.has(weight))
  const resized = resizedOnes(restA, restB)
  for (const { a, b } of resized) done.add(a).add(b)
  const cut = cutOnes(
    restA.filter((weight) => !done.has(weight)),
    restB.filter((weight) => !done.has(weight)),
  )
  return { repeats, resized, cut }
}

function pairOf(a: Weight, b: Weight): Pair {
  return { a, b, transposed: false, by: 'best', candidates: 1 }
}

/** Matrices like the same part of another layer that is matched already, and the vectors of layers so found. */
function repeated(left: Weight[], matched: Weight[]): [Weight, Weight][] {
  const byPart = new Map<string, Weight[]>()
  for (const weight of matched) {
    const place = placeOf(weight)
    if (place) byPart.set(place.part, [...(byPart.get(place.part) ?? []), weight])
  }
  const likest = (weight: Weight): [Weight, Weight][] => {
    const place = placeOf(weight)
    const options = place && weight.centred ? (byPart.get(place.part) ?? []).filter((other) => fits(weight, other)) : []
    const scored = options.map((other) => ({ other, cosine: cosineOf(weight, other, false) }))
    const best = scored.sort((x, y) => y.cosine - x.cosine)[0]
    const isAlike = best && best.cosine * Math.sqrt(weight.height * weight.width) > REPEAT_Z
    return isAlike ? [[weight, best.other]] : []
  }
  const found = left.flatMap(likest)
  const layers = layersMatched(found.map(([b, a]) => pairOf(a, b)))
  const vectors = left.flatMap((weight): [Weight, Weight][] => {
    const place = placeOf(weight)
    if (!place || weight.print.rows > 1 || !layers.has(place.layer)) return []
    const other = byPart.get(place.part)?.find((option) => placeOf(option)?.layer === layers.get(place.layer))
    return other && fits(weight, other) ? [[weight, other]] : []
  })
  return [...found, ...vectors]
}

function fits(a: Weight, b: Weight): boolean {
  return orientations(a, b)[0] === false
}

/** Rows that were kept and trained on are more like themselves than this; those below a row taken out stand elsewhere. */
const SAME_BEGINNING = 0.5

/** Of one role first, then of any; with more or fewer rows. */
function resizedOnes(onlyInA: Weight[], onlyInB: Weight[]): Pair[] {
  const rest = new Set(onlyInB.filter(({ print }) => print.rows > 1))
  return onlyInA.flatMap((a) => {
    const options = [...rest].filter((b) => a.print.rows > 1 && b.print.rows !== a.print.rows)
    const alike = options.flatMap((b) => {
      const cosine = prefixCosine(a, b)
      return cosine === null || cosine < SAME_BEGINNING
        ? []
        : [{ b, cosine: cosine + Number(b.print.role === a.print.role) }]
    })
    const [best] = alike.sort((x, y) => y.cosine - x.cosine)
    if (!best) return []
    rest.delete(best.b)
    return [pairOf(a, best.b)]
  })
}

/** So large a share of the extremes survives where half of the rows were taken out at random, and half of that by chance. */
const MIN_EXTREMES = 0.25

/** Equal extremes that can hardly be chance. */
const MIN_EQUAL = 2

function cutOnes(onlyInA: Weight[], onlyInB: Weight[]): Pair[] {
  const byRole = new Map(onlyInB.map((weight) => [weight.print.role, weight]))
  const pairs = onlyInA.flatMap((a) => {
    const b = byRole.get(a.print.role)
    return b && isSmaller(a, b) !== isSmaller(b, a) ? [pairOf(a, b)] : []
  })
  const equal = pairs.reduce((sum, { a, b }) => sum + equalExtremes(a, b), 0)
  return equal >= MIN_EQUAL && equal >= MIN_EXTREMES * 2 * pairs.length ? pairs : []
}

function isSmaller({ print: a }: Weight, { print: b }: Weight): boolean {
  return a.rows <= b.rows && a.columns <= b.columns && a.rows * a.columns < b.rows * b.columns
}

function equalExtremes({ print: a }: Weight, { print: b }: Weight): number {
  return Number(a.invariants.min === b.invariants.min) + Number(a.invariants.max === b.invariants.max)
}
