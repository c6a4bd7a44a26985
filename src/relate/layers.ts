import { cosineWithin } from './likeness.ts'
import type { Pair } from './pair.ts'
import type { Weight } from './subject.ts'

/** Where in a stack of equal layers a tensor stands. */
export interface Place {
  /** The role with the layer's number left out: equal for the same part of every layer. */
  part: string
  layer: number
}

/** The first number that stands alone between dots counts layers, blocks or stages in every naming scheme seen. */
const NUMBER = /(^|\.)(\d+)(?=\.)/

/** Null for tensors outside of layers, and where names are only numbers given by an exporter. */
export function placeOf({ print: { role } }: Weight): Place | null {
  const found = NUMBER.exec(role)
  if (!found) return null
  const part = `${role.slice(0, found.index)}${found[1]}#${role.slice(found.index + found[0].length)}`
  return { part, layer: Number(found[2]) }
}

/**
 * Which layer of `a` each layer of `b` is, by most of the matrices that were matched with the same part of some layer; layers of `b`
 * without any are not listed.
 */
export function layersMatched(pairs: Iterable<Pair>): Map<number, number> {
  const votes = new Map<number, Map<number, number>>()
  for (const pair of pairs) {
    const { a, b } = pair
    const [from, to] = [placeOf(a), placeOf(b)]
    if (!from || !to || from.part !== to.part || a.print.rows === 1 || !isSure(pair)) continue
    const of = votes.get(to.layer) ?? new Map<number, number>()
    votes.set(to.layer, of.set(from.layer, (of.get(from.layer) ?? 0) + a.print.invariants.count))
  }
  return new Map([...votes].map(([layer, of]) => [layer, most(of)]))
}

/** What is left over of strangers is paired with the least unlike. */
const SURE_Z = 5

function isSure(pair: Pair): boolean {
  const { a, by } = pair
  return by === 'digest' || by === 'moments' || cosineWithin(pair) * Math.sqrt(a.height * a.width) > SURE_Z
}

function most(votes: Map<number, number>): number {
  return [...votes].reduce((best, vote) => (vote[1] > best[1] ? vote : best))[0]
}

/** The name of the stack that a tensor's layer stands in: what comes before its number. */
export function stackOf(weight: Weight): string | null {
  const place = placeOf(weight)
  return place?.part.slice(0, place.part.indexOf('#')) ?? null
}
