import { CommandError } from '../../contract/command-error.ts'

/** Which page of a list. */
export interface Paging {
  cursor?: string | undefined
  limit: number
}

/** A place in a list as it is handed out: readable for nobody's purpose, changed by nobody. */
export function cursorOf(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

/** Where a page begins; null: at the beginning. Refuses what no list handed out. */
export function placeIn<const T extends readonly ('string' | 'number')[]>(
  cursor: string | undefined,
  types: T,
): { [I in keyof T]: T[I] extends 'string' ? string : number } | null {
  if (cursor === undefined) return null
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (Array.isArray(place) && place.length === types.length && place.every((part, at) => typeof part === types[at]))
      return place as never
  } catch {
    // told below
  }
  throw new CommandError({ code: 'bad-option', option: 'cursor', value: cursor })
}

/** One page of a list that is whole and in order; `keyOf` tells items apart and sorts as the list does. */
export function pageOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  { cursor, limit }: Paging,
): { items: T[]; next: string | null } {
  const [after] = placeIn(cursor, ['string']) ?? [null]
  const from = after === null ? 0 : firstAfter(items, keyOf, after)
  const page = items.slice(from, from + limit)
  return { items: page, next: from + limit < items.length ? cursorOf([keyOf(page.at(-1)!)]) : null }
}

function firstAfter<T>(items: readonly T[], keyOf: (item: T) => string, key: string): number {
  let [from, to] = [0, items.length]
  while (from < to) {
    const middle = Math.floor((from + to) / 2)
    if (keyOf(items[middle]!) <= key) from = middle + 1
    else to = middle
  }
  return from
}
