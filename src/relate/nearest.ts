/** A pair of models, by their numbers, and how far apart they are. */
export interface Span {
  a: number
  b: number
  distance: number
}

/**
 * Of all spans those that a family is built of: to the `most` nearest of each model, and the minimum spanning forest, so that
 * nothing falls apart that was joined. Spans may be thinned piece by piece: both are found again among what was kept.
 */
export function thinned(spans: readonly Span[], models: number, most: number): Span[] {
  const sorted = spans.toSorted((x, y) => x.distance - y.distance)
  const counts = new Uint32Array(models)
  const above = Int32Array.from({ length: models }, (_, i) => i)
  return sorted.filter(({ a, b }) => {
    const isBridge = joins(above, a, b)
    const isNear = counts[a]! < most || counts[b]! < most
    counts[a]!++
    counts[b]!++
    return isBridge || isNear
  })
}

/** Joins two sets of a union–find; false when they were one already. */
function joins(above: Int32Array, a: number, b: number): boolean {
  const [x, y] = [top(above, a), top(above, b)]
  above[y] = x
  return x !== y
}

function top(above: Int32Array, item: number): number {
  let at = item
  while (above[at] !== at) {
    above[at] = above[above[at]!]!
    at = above[at]!
  }
  return at
}
