/** Figures with their uncertainty. */

/**
 * The 95 % interval of a share (Wilson 1927, score interval without continuity correction).
 *
 * @param {number} right
 * @param {number} all
 * @returns {[number, number]}
 */
export function wilson(right, all) {
  if (all === 0) return [0, 1]
  const z = 1.959964
  const share = right / all
  const centre = share + (z * z) / (2 * all)
  const spread = z * Math.sqrt((share * (1 - share)) / all + (z * z) / (4 * all * all))
  const scale = 1 + (z * z) / all
  return [Math.max(0, (centre - spread) / scale), Math.min(1, (centre + spread) / scale)]
}

/** @param {number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return sorted.length === 0
    ? Number.NaN
    : (Number(sorted[Math.ceil(middle) - 1]) + Number(sorted[Math.floor(middle)])) / 2
}
