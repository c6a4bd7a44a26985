import { MAX_AXES, MAX_ELEMENTS } from './limits.ts'
import { readError } from './read-error.ts'

/** The number of elements of a shape found in a file. `offset`: byte offset of the shape. Throws `malformed`, `limit`. */
export function countElements(path: string, shape: readonly number[], what: string, offset: number): number {
  if (shape.length > MAX_AXES)
    throw readError(path, 'limit', { what: `axes of ${what}`, value: `${shape.length}`, limit: `${MAX_AXES}` })
  let elements = 1
  for (const length of shape) {
    if (!Number.isSafeInteger(length) || length < 0)
      throw readError(path, 'malformed', { what, reason: `an axis of length ${length}`, offset })
    elements *= length
    if (elements > MAX_ELEMENTS)
      throw readError(path, 'limit', { what: `elements of ${what}`, value: `${elements}`, limit: `${MAX_ELEMENTS}` })
  }
  return elements
}
