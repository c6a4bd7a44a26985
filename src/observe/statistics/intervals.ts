import { bisect, Z95 } from './distributions.ts'

/** Ends of a 95 % interval. An upper end without bound is null: JSON has no infinity. */
export type Interval = readonly [low: number, high: number | null]

/** A share of a group. */
export interface Share {
  n: number
  selected: number
}

/** Below five in a cell the normal approximation of a ratio's logarithm is too rough (Cochran's rule). */
const SMALL_CELL = 5

/** Wilson's score interval of a share (E. B. Wilson, JASA 22, 1927). */
export function wilson({ n, selected }: Share, z = Z95): [number, number] {
  if (n === 0) return [0, 1]
  const p = selected / n
  const square = z * z
  const centre = (p + square / (2 * n)) / (1 + square / n)
  const half = (z * Math.sqrt((p * (1 - p)) / n + square / (4 * n * n))) / (1 + square / n)
  // a share of 0 or 1 ends there exactly, whatever the rounding
  return [selected === 0 ? 0 : Math.max(0, centre - half), selected === n ? 1 : Math.min(1, centre + half)]
}

/** Standard error of ln(share ÷ share) (Katz et al., Biometrics 34, 1978). */
export function katzError(group: Share, reference: Share): number {
  return Math.sqrt(1 / group.selected - 1 / group.n + 1 / reference.selected - 1 / reference.n)
}

function katz(group: Share, reference: Share, z: number): Interval {
  const log = Math.log(group.selected / group.n / (reference.selected / reference.n))
  const error = katzError(group, reference)
  return [Math.exp(log - z * error), Math.exp(log + z * error)]
}

/** Interval of a ratio of shares: Katz's, or Koopman's where a cell is below five. Null when both shares are 0. */
export function ratioInterval(group: Share, reference: Share, z = Z95): Interval | null {
  if (group.n === 0 || reference.n === 0) return null
  return hasSmallCell(group, reference) ? koopman(group, reference, z) : katz(group, reference, z)
}

function hasSmallCell(...groups: Share[]): boolean {
  return groups.some(({ n, selected }) => selected < SMALL_CELL || n - selected < SMALL_CELL)
}

/** The score interval of a ratio of shares (P. A. R. Koopman, Biometrics 40, 1984): all ratios that its χ² does not reject. */
function koopman(group: Share, reference: Share, z: number): Interval | null {
  if (group.selected === 0 && reference.selected === 0) return null
  const rejects = (ratio: number) => scoreStatistic(group, reference, ratio) > z * z
  const estimate = group.selected / group.n / (reference.selected / reference.n)
  // outside e^±60 no count that a number can hold leads
  const low = group.selected === 0 ? 0 : Math.exp(bisect(-60, logOr(estimate, 60), (log) => !rejects(Math.exp(log))))
  const high =
    reference.selected === 0 ? null : Math.exp(bisect(logOr(estimate, -60), 60, (log) => rejects(Math.exp(log))))
  return [low, high]
}

function logOr(estimate: number, otherwise: number): number {
  const log = Math.log(estimate)
  return Number.isFinite(log) ? log : otherwise
}

/** Under ratio θ the reference's share solves a quadratic (Miettinen and Nurminen, Statistics in Medicine 4, 1985, eq. 12). */
function scoreStatistic(group: Share, reference: Share, ratio: number): number {
  const [n1, x1, n2, x2] = [group.n, group.selected, reference.n, reference.selected]
  const a = (n1 + n2) * ratio
  const b = -(ratio * (n1 + x2) + x1 + n2)
  const c = x1 + x2
  // the root of least size, in the form that loses no digits
  const p2 = (2 * c) / (-b + Math.sqrt(Math.max(0, b * b - 4 * a * c)))
  const p1 = Math.min(1, ratio * p2)
  const variance = (p1 * (1 - p1)) / n1 + (ratio * ratio * p2 * Math.max(0, 1 - p2)) / n2
  const gap = x1 / n1 - (ratio * x2) / n2
  if (variance <= 0) return gap === 0 ? 0 : Number.POSITIVE_INFINITY
  return (gap * gap) / variance
}

/** Interval of a difference from the intervals of its parts (MOVER: Zou and Donner, Statistics in Medicine 27, 2008). */
export function differenceInterval(
  first: { estimate: number; interval: readonly [number, number] },
  second: { estimate: number; interval: readonly [number, number] },
): [number, number] {
  const difference = first.estimate - second.estimate
  const below = Math.hypot(first.estimate - first.interval[0], second.interval[1] - second.estimate)
  const above = Math.hypot(first.interval[1] - first.estimate, second.estimate - second.interval[0])
  return [difference - below, difference + above]
}

/** The normal interval of an estimate. */
export function normalInterval(estimate: number, error: number, z = Z95): [number, number] {
  return [estimate - z * error, estimate + z * error]
}
