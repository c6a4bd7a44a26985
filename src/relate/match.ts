import { layersMatched, placeOf } from './layers.ts'
import { cosineOf, orientations, squaredDistance } from './likeness.ts'
import type { Match, Pair } from './pair.ts'
import { type Partly, partlyMatched } from './partly.ts'
import type { Subject, Weight } from './subject.ts'

/** A pair found by role must look this much alike, or it is put back and the best likeness decides. */
const ROLE_LIKENESS_Z = 3

/**
 * Equal digests first, then equal moments, then equal roles of equal shape, then by shape and best likeness of the sketches, both
 * orientations tried; vectors by the layer that their matrices went to, or by least distance, which pairs them up well but says
 * nothing about kinship.
 */
export function match(a: Subject, b: Subject): Match {
  const restA = new Set(a.weights)
  const restB = new Set(b.weights)
  const pairs: Pair[] = []
  const take = (pair: Pair) => {
    restA.delete(pair.a)
    restB.delete(pair.b)
    pairs.push(pair)
  }
  matchByDigest(restA, restB).forEach(take)
  matchByMoments(restA, restB).forEach(take)
  matchByRole(restA, restB).forEach(take)
  matchByLikeness(restA, restB).forEach(take)
  matchVectorsByLayer(restA, restB, layersMatched(pairs)).forEach(take)
  matchVectors(restA, restB).forEach(take)
  const partly = partlyMatched(pairs, [...restA], [...restB])
  for (const { a, b } of [...partly.repeats, ...partly.resized, ...partly.cut]) {
    restA.delete(a)
    restB.delete(b)
  }
  return { pairs, ...partly, ...leftOver(pairs, restA, restB) }
}

/** A tensor whose twin stands elsewhere in the same model (tied, or repeated in a branch) is not missing. */
function leftOver(pairs: Pair[], restA: Set<Weight>, restB: Set<Weight>): Omit<Match, 'pairs' | keyof Partly> {
  const matchedA = new Set(pairs.map((pair) => pair.a.print.digest))
  const matchedB = new Set(pairs.map((pair) => pair.b.print.digest))
  const isTwin = (matched: Set<string>) => (weight: Weight) => matched.has(weight.print.digest)
  const [inA, inB] = [groupOf(restA, isTwin(matchedA)), groupOf(restB, isTwin(matchedB))]
  return { onlyInA: inA.others, onlyInB: inB.others, twinsInA: inA.chosen, twinsInB: inB.chosen }
}

function groupOf(weights: Set<Weight>, isChosen: (weight: Weight) => boolean): { chosen: Weight[]; others: Weight[] } {
  const all = [...weights]
  return { chosen: all.filter(isChosen), others: all.filter((weight) => !isChosen(weight)) }
}

function matchByDigest(restA: Set<Weight>, restB: Set<Weight>): Pair[] {
  const byDigest = groupBy(restB, (weight) => weight.print.digest)
  return [...restA].flatMap((a) => {
    const twins = byDigest.get(a.print.digest)
    if (!twins?.length) return []
    const sameRole = twins.findIndex((twin) => twin.print.role === a.print.role)
    const b = twins.splice(Math.max(0, sameRole), 1)[0]!
    return [{ a, b, transposed: false, by: 'digest' as const, candidates: 1 }]
  })
}

/** Greatest and least value, and the sums of squares and fourth powers to the digits that another order of adding leaves. */
const MOMENTS_TOLERANCE = 1e-6

/** The same values in another order (neurons permuted, matrices turned) have the same moments; by chance none have. */
function matchByMoments(restA: Set<Weight>, restB: Set<Weight>): Pair[] {
  const key = (weight: Weight) => `${shapeKey(weight)} ${weight.print.invariants.min} ${weight.print.invariants.max}`
  const byExtremes = groupBy(restB, key)
  return [...restA].flatMap((a) => {
    const twins = (byExtremes.get(key(a)) ?? []).filter((b) => haveEqualMoments(a, b) && orientations(a, b).length > 0)
    const b = twins.find((twin) => twin.print.role === a.print.role) ?? twins[0]
    if (!b) return []
    const listed = byExtremes.get(key(a))!
    listed.splice(listed.indexOf(b), 1)
    return [{ a, b, transposed: mostAlikeOrientation(a, b), by: 'moments' as const, candidates: 1 }]
  })
}

function haveEqualMoments({ print: a }: Weight, { print: b }: Weight): boolean {
  const near = (x: number, y: number) => Math.abs(x - y) <= MOMENTS_TOLERANCE * Math.max(x, y)
  const [x, y] = [a.invariants, b.invariants]
  return near(x.sumSquares, y.sumSquares) && near(x.sumFourth, y.sumFourth) && x.zeros === y.zeros
}

function matchByRole(restA: Set<Weight>, restB: Set<Weight>): Pair[] {
  const byRole = groupBy(restB, (weight) => weight.print.role)
  return [...restA].flatMap((a) => {
    if (isVector(a)) return []
    const namesakes = byRole.get(a.print.role)?.filter((b) => orientations(a, b).length > 0) ?? []
    if (namesakes.length !== 1) return []
    const b = namesakes[0]!
    const transposed = mostAlikeOrientation(a, b)
    const pair: Pair = { a, b, transposed, by: 'role', candidates: orientations(a, b).length }
    return cosineOf(a, b, transposed) * Math.sqrt(a.height * a.width) > ROLE_LIKENESS_Z ? [pair] : []
  })
}

function matchByLikeness(restA: Set<Weight>, restB: Set<Weight>): Pair[] {
  const byShape = groupBy(restB, shapeKey)
  return [...groupBy(restA, shapeKey)].flatMap(([key, listA]) => bestMatches(listA, byShape.get(key) ?? []))
}

function bestMatches(listA: Weight[], listB: Weight[]): Pair[] {
  const usableB = listB.filter((weight) => weight.centred)
  const options = listA
    .filter((weight) => weight.centred)
    .flatMap((a) =>
      usableB.flatMap((b) =>
        orientations(a, b).map((transposed) => ({ a, b, transposed, score: cosineOf(a, b, transposed, 'folded') })),
      ),
    )
  return greedy(options).map(({ a, b, transposed }) => {
    // the one of its role was tried before
    const candidates = (usableB.length + 1) * orientations(a, b).length
    return { a, b, transposed, by: 'best', candidates }
  })
}

/** Vectors of the layer that their matrices went to, else of the same role. */
function matchVectorsByLayer(restA: Set<Weight>, restB: Set<Weight>, layers: Map<number, number>): Pair[] {
  const key = (part: string, layer: number, { print }: Weight) => `${part} ${layer} ${print.columns}`
  const byPlace = groupBy([...restA].filter(isVector), (weight) => {
    const place = placeOf(weight)
    return place ? key(place.part, place.layer, weight) : key(weight.print.role, -1, weight)
  })
  return [...restB].filter(isVector).flatMap((b) => {
    const place = placeOf(b)
    const layer = place && (layers.get(place.layer) ?? (layers.size === 0 ? place.layer : null))
    if (place && layer === null) return []
    const a = byPlace.get(place ? key(place.part, layer!, b) : key(b.print.role, -1, b))?.pop()
    return a ? [{ a, b, transposed: false, by: 'role' as const, candidates: 1 }] : []
  })
}

function matchVectors(restA: Set<Weight>, restB: Set<Weight>): Pair[] {
  const byLength = groupBy([...restB].filter(isVector), shapeKey)
  const options = [...restA].filter(isVector).flatMap((a) =>
    (byLength.get(shapeKey(a)) ?? []).map((b) => ({
      a,
      b,
      score: -squaredDistance(a, b, false) / (a.norm + b.norm) ** 2,
    })),
  )
  return greedy(options.filter(({ score }) => !Number.isNaN(score))).map(({ a, b }) => {
    return { a, b, transposed: false, by: 'best', candidates: 1 }
  })
}

/** One to one by falling score: true pairs stand so far above the rest that an optimal assignment gives the same. */
function greedy<T extends { a: Weight; b: Weight; score: number }>(options: T[]): T[] {
  const taken = new Set<Weight>()
  return [...options]
    .sort((x, y) => y.score - x.score)
    .filter(({ a, b }) => {
      if (taken.has(a) || taken.has(b)) return false
      taken.add(a).add(b)
      return true
    })
}

function mostAlikeOrientation(a: Weight, b: Weight): boolean {
  const [first, second] = orientations(a, b)
  if (second === undefined || !a.centred || !b.centred) return first ?? false
  return cosineOf(a, b, second) > cosineOf(a, b, first!) ? second : first!
}

function isVector(weight: Weight): boolean {
  return weight.print.rows === 1
}

/** Equal for a shape and its transpose. */
export function shapeKey({ print }: Weight): string {
  return `${Math.min(print.rows, print.columns)}x${Math.max(print.rows, print.columns)}`
}

export function groupBy<T>(items: Iterable<T>, key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const list = groups.get(key(item))
    if (list) list.push(item)
    else groups.set(key(item), [item])
  }
  return groups
}
