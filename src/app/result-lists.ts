import type { Result } from './result-summary.ts'

/**
 * A statement is read whole, travels in passports and is never taken back. What people need of a result is a few kilobytes; longer
 * ones are of very many categories, weeks or sites, and their JSON can lie beside the log.
 */
const MAX_RESULT_BYTES = 1024 * 1024

/** Keys of single inputs may be those of people: a log that keeps everything for ever is no place for them. */
const NAMES_ROWS = ['flipped']

/** Lists in the order in which they are left out: what other figures do not need first, and whom they are about last. */
const LEAST_NEEDED = [
  'timeline',
  'errorRates.calibration',
  'input.files',
  'favourable.others',
  'feedback.effects',
  'sites',
  'strata.mantelHaenszel',
  'errorRates',
  'groups',
  'intersections',
  'notes',
  'findings',
  'attributes.categories',
]

/** The result as its statement holds it, and which lists are left out of it. */
export function statedResult(result: Result): { result: Result; leftOut: string[] } {
  // through text, as whoever reads the statement gets it
  const stated = JSON.parse(JSON.stringify(result)) as Result
  const leftOut = NAMES_ROWS.filter((path) => emptied(stated, path.split('.')))
  for (const path of LEAST_NEEDED) {
    if (bytesOf(stated) <= MAX_RESULT_BYTES) break
    if (emptied(stated, path.split('.'))) leftOut.push(path)
  }
  return { result: stated, leftOut }
}

function bytesOf(result: Result): number {
  return Buffer.byteLength(JSON.stringify(result))
}

/** Empties the list at a path, in every element of the lists on the way; whether anything was in it. */
function emptied(value: unknown, [name, ...rest]: string[]): boolean {
  if (Array.isArray(value)) return value.map((each) => emptied(each, [name!, ...rest])).includes(true)
  if (typeof value !== 'object' || value === null) return false
  const inner = (value as Record<string, unknown>)[name!]
  if (rest.length > 0) return emptied(inner, rest)
  if (!Array.isArray(inner) || inner.length === 0) return false
  inner.length = 0
  return true
}
