import type { Cells, Glance } from './glance.ts'
import { latelyUsed } from './lately-used.ts'
import { type Look, lookOf } from './screening.ts'
import type { Subject } from './subject.ts'

/**
 * What relating needs to see of models beyond their glances, by id. Asked for while it goes on, so that no more than a few models
 * are in memory, wherever they come from and however long that takes.
 */
export type Wanted = { what: 'fine' | 'weights'; ids: string[] }

/** The answers, in the order of the ids. */
export type Given = { what: 'fine'; cells: Cells[] } | { what: 'weights'; subjects: Subject[] }

/** A computation that asks for what it needs. */
export type Asking<T> = Generator<Wanted, T, Given>

/** Asks for what is not at hand any more. */
export interface Models {
  /** The finer looks at some models. */
  looks(glances: Glance[]): Asking<Look[]>
  weights(ids: string[]): Asking<Subject[]>
}

/** Bytes of finer sketches kept at hand: those of two thousand models of fifty matrices. */
const FINE_BYTES = 128 * 1024 * 1024

/** Bytes of full sketches kept at hand: those of two hundred such models. */
const WEIGHT_BYTES = 384 * 1024 * 1024

export function models(): Models {
  const looks = latelyUsed<Look>(FINE_BYTES, ({ cells }) => 2 * cells.values.byteLength)
  const weights = latelyUsed<Subject>(WEIGHT_BYTES, bytesOf)
  return {
    *looks(glances) {
      const known = glances.map(({ id }) => looks.get(id))
      const missing = glances.filter((_, i) => !known[i])
      const given = missing.length > 0 ? yield { what: 'fine' as const, ids: missing.map(({ id }) => id) } : null
      const cells = given?.what === 'fine' ? given.cells : []
      const made = missing.map((glance, i) => lookOf(glance, cells[i]!))
      for (const look of made) looks.put(look.glance.id, look)
      return inPlace(known, made)
    },
    *weights(ids) {
      const known = ids.map((id) => weights.get(id))
      const missing = ids.filter((_, i) => !known[i])
      const given = missing.length > 0 ? yield { what: 'weights', ids: missing } : null
      const subjects = given?.what === 'weights' ? given.subjects : []
      for (const [i, id] of missing.entries()) weights.put(id, subjects[i]!)
      return inPlace(known, subjects)
    },
  }
}

function inPlace<T>(known: (T | undefined)[], given: T[]): T[] {
  let at = 0
  return known.map((value) => value ?? given[at++]!)
}

function bytesOf({ weights }: Subject): number {
  return weights.reduce(
    (sum, { sketch, centred }) => sum + (sketch?.byteLength ?? 0) + (centred?.byteLength ?? 0) + WEIGHT_OVERHEAD,
    0,
  )
}

/** Of a weight's numbers and names. */
const WEIGHT_OVERHEAD = 4_096
