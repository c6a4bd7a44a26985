import type { ChangeKind } from '../contract/scan.ts'
import { type Comparison, total } from './comparison.ts'
import { layersMatched, placeOf, stackOf } from './layers.ts'
import { shapeKey } from './match.ts'
import type { Pair } from './pair.ts'
import { prefixCosine } from './prefix.ts'
import type { Weight } from './subject.ts'

/** A part of a verdict: what one look at a comparison names. */
export interface Part {
  changes: ChangeKind[]
  /** The end that cannot be the child; null where this decides nothing. */
  parent: 'a' | 'b' | null
  /** It speaks for both ends, or against what others say. */
  contradicted?: boolean
  details: Record<string, unknown>
}

const NOTHING: Part = { changes: [], parent: null, details: {} }

/** Weights left out on one side that are fewer than this share are odds and ends of an export. */
const NEGLIGIBLE_SHARE = 1e-3

/** What one model has more of than the other: layers, words, neurons, branches, a head. */
export function extentParts(comparison: Comparison): Part[] {
  const { onlyInA, onlyInB } = comparison.match
  const layers = layerPart(comparison)
  const folded = foldedVectors(comparison)
  const isLeft = (weight: Weight) => !layers.explained.has(weight) && !folded.has(weight)
  return [
    layers.part,
    vocabularyPart(comparison),
    cutPart(comparison),
    folded.size > 0 ? { ...NOTHING, changes: ['converted'] } : NOTHING,
    extractedPart(comparison, total(onlyInA.filter(isLeft)), total(onlyInB.filter(isLeft))),
  ]
}

/** A branch, a sample rate, a backbone without its head; with something new beside it also trained. */
function extractedPart({ match }: Comparison, onlyA: number, onlyB: number): Part {
  const negligible = NEGLIGIBLE_SHARE * total(match.pairs.map((pair) => pair.a))
  if (onlyA <= negligible && onlyB <= negligible) return NOTHING
  const details = { leftOut: Math.max(onlyA, onlyB), added: Math.min(onlyA, onlyB) }
  return { changes: details.added > negligible ? ['extracted', 'fine-tuned'] : ['extracted'], parent: null, details }
}

/**
 * Which layer of one model each layer of the other is. Only where layers are equals: what is left over has the role and the shape of
 * what is matched in another layer of its stack.
 */
function layerPart({ match }: Comparison): { part: Part; explained: Set<Weight> } {
  const pairs = [...match.pairs, ...match.repeats]
  const stack = mainStack(pairs)
  if (stack === null) return { part: NOTHING, explained: new Set() }
  const inStack = ({ a, b }: Pair) => stackOf(a) === stack && stackOf(b) === stack
  const matched = pairs.filter(inStack)
  const parts = new Set(matched.map(({ a }) => unitKey(a)))
  const isUnit = (weight: Weight) => stackOf(weight) === stack && parts.has(unitKey(weight))
  const leftA = match.onlyInA.filter(isUnit)
  const leftB = match.onlyInB.filter(isUnit)
  const layersA = layerNumbers([...matched.map(({ a }) => a), ...leftA])
  const layersB = layerNumbers([...matched.map(({ b }) => b), ...leftB])
  const fromA = layersMatched(matched)
  const fromB = layersMatched(matched.map((pair) => ({ ...pair, a: pair.b, b: pair.a })))
  const isIdentity = [fromA, fromB].every((map) => [...map].every(([to, from]) => to === from))
  const isWhole = layersA.every((layer) => fromB.has(layer)) && layersB.every((layer) => fromA.has(layer))
  if (isIdentity && isWhole) return { part: NOTHING, explained: new Set() }
  const gone = (weight: Weight, map: Map<number, number>) => !map.has(placeOf(weight)!.layer)
  const explained = new Set([
    ...leftA.filter((weight) => gone(weight, fromB)),
    ...leftB.filter((weight) => gone(weight, fromA)),
  ])
  if (explained.size === 0 && (isIdentity || ([fromA, fromB].every(isRenumbering) && isWhole)))
    return { part: NOTHING, explained }
  const details = {
    mapFromA: layersB.map((layer) => fromA.get(layer) ?? null),
    mapFromB: layersA.map((layer) => fromB.get(layer) ?? null),
  }
  return { part: { changes: ['layers-changed'], parent: null, details }, explained }
}

/** The same layers in the same order, counted otherwise: with the functions between them, or without. */
function isRenumbering(map: Map<number, number>): boolean {
  const from = [...map].sort(([x], [y]) => x - y).map(([, layer]) => layer)
  return from.every((layer, i) => i === 0 || layer > from[i - 1]!)
}

/** The stack that holds most of what was matched. */
function mainStack(pairs: Pair[]): string | null {
  const elements = new Map<string, number>()
  for (const { a } of pairs) {
    const stack = stackOf(a)
    if (stack !== null) elements.set(stack, (elements.get(stack) ?? 0) + a.print.invariants.count)
  }
  const [most] = [...elements].sort(([, x], [, y]) => y - x)
  return most?.[0] ?? null
}

function unitKey(weight: Weight): string {
  return `${placeOf(weight)?.part} ${shapeKey(weight)}`
}

function layerNumbers(weights: Weight[]): number[] {
  return [...new Set(weights.map((weight) => placeOf(weight)!.layer))].sort((x, y) => x - y)
}

/** The rows that both have are compared where others do not blur them; equal values leave this cosine, rounded ones too. */
const SAME_ROWS = 1 - 1e-5

/** Embeddings and heads with more words: what grew is the child. */
function vocabularyPart({ match }: Comparison): Part {
  if (match.resized.length === 0) return NOTHING
  const grown = match.resized.map(({ a, b }) => b.print.rows - a.print.rows)
  const most = grown.reduce((best, rows) => (Math.abs(rows) > Math.abs(best) ? rows : best))
  const agree = grown.every((rows) => Math.sign(rows) === Math.sign(most))
  const isTrained = match.resized.some(({ a, b }) => {
    const cosine = Math.abs(most) < 64 ? prefixCosine(a, b) : null
    return cosine !== null && cosine < SAME_ROWS
  })
  return {
    changes: isTrained ? ['vocabulary-resized', 'fine-tuned'] : ['vocabulary-resized'],
    parent: agree ? (most > 0 ? 'a' : 'b') : null,
    details: { rows: Math.abs(most) },
  }
}

/** Rows and columns taken out: neurons, heads, channels. */
function cutPart({ a, b, match }: Comparison): Part {
  if (match.cut.length === 0) return NOTHING
  const removed = match.cut.reduce(
    (sum, pair) => sum + pair.a.print.invariants.count - pair.b.print.invariants.count,
    0,
  )
  const larger = Math.max(total(a.weights), total(b.weights))
  return { changes: ['pruned'], parent: null, details: { sparsity: Math.abs(removed) / larger, structured: true } }
}

/** Vectors that a folded batch norm leaves over on either side: as long as the matrices whose rows were multiplied have rows. */
function foldedVectors({ match, changes }: Comparison): Set<Weight> {
  const rows = new Set(match.pairs.flatMap(({ a }, i) => (changes[i]!.kind === 'scaled' ? [a.print.rows] : [])))
  const vectors = [...match.onlyInA, ...match.onlyInB].filter(
    ({ print }) => print.rows === 1 && rows.has(print.columns),
  )
  return new Set(vectors)
}
