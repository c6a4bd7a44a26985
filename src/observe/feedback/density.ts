import { twoSided } from '../statistics/distributions.ts'
import { type Bin, localFit, meanOf, triangular } from './local-fit.ts'

/** Counts of a histogram of the running variable as bins to fit: x the middle, y the density. */
function densityBins(bins: readonly Bin[], width: number, total: number, side: 1 | -1): Bin[] {
  const counts = new Map<number, number>()
  for (const bin of bins) {
    const cell = Math.floor(Math.abs(meanOf(bin)) / width)
    counts.set(cell, (counts.get(cell) ?? 0) + bin.n)
  }
  const last = Math.max(...counts.keys())
  return Array.from({ length: last + 1 }, (_, cell) => {
    const x = side * (cell + 0.5) * width
    const y = (counts.get(cell) ?? 0) / (total * width)
    return { n: 1, powers: [1, x, x * x, x ** 3, x ** 4], crosses: [y, x * y, x * x * y], squares: y * y }
  })
}

/**
 * Whether the density of the running variable jumps at the threshold, as it does when people know the threshold and move across it
 * (J. McCrary, Journal of Econometrics 142, 2008).
 *
 * @param gap the distance between neighbouring values of a running variable that has few; 0 for a continuous one
 * @returns the p-value of no jump; null when there is too little on one side
 */
export function densityTest(left: readonly Bin[], right: readonly Bin[], gap: number): number | null {
  const total = [...left, ...right].reduce((sum, { n }) => sum + n, 0)
  const moments = [...left, ...right].reduce((sum, { powers }) => [sum[0]! + powers[1]!, sum[1]! + powers[2]!], [0, 0])
  const deviation = Math.sqrt(Math.max(0, moments[1]! / total - (moments[0]! / total) ** 2))
  const wanted = (2 * deviation) / Math.sqrt(total)
  const width = gap > 0 ? gap * Math.max(1, Math.round(wanted / gap)) : wanted
  if (!(width > 0)) return null
  const sides = [densityBins(left, width, total, -1), densityBins(right, width, total, 1)] as const
  const bandwidth = Math.min(...sides.map((cells) => pilotBandwidth(cells, width)))
  const fits = sides.map((cells) => localFit(cells, 1, triangular(bandwidth)))
  const [low, high] = fits.map((fit) => fit?.coefficients[0] ?? 0)
  if (!fits[0] || !fits[1] || !(low! > 0) || !(high! > 0)) return null
  const error = Math.sqrt((24 / 5 / (total * bandwidth)) * (1 / low! + 1 / high!))
  return twoSided((Math.log(high!) - Math.log(low!)) / error)
}

/** McCrary's rule from a quadratic over the whole side (his constant 3.348), at least ten cells and at most the side. */
function pilotBandwidth(cells: readonly Bin[], width: number): number {
  const reach = cells.length * width
  const fit = localFit(cells, 2, () => 1)
  const curvature = fit ? 2 * fit.coefficients[2]! : 0
  if (!fit || curvature === 0) return reach
  const [a, b, c] = fit.coefficients as [number, number, number]
  const residual =
    cells.reduce((sum, { powers, crosses }) => sum + (crosses[0]! - a - b * powers[1]! - c * powers[2]!) ** 2, 0) /
    cells.length
  const rule = 3.348 * ((residual * reach) / (cells.length * curvature ** 2)) ** 0.2
  return Math.min(reach, Math.max(10 * width, rule))
}
