import type { AuditAttribute, AuditFigures, AuditReport } from '../contract/audit.ts'
import type { AuditIntersection, ImpactFinding } from './impact.ts'

/** A finding raises a false alarm in one run of twenty at most, whatever the number of categories (Holm). */
const LEVEL = 0.05

/** The "four-fifths rule" of the US Uniform Guidelines (29 CFR 1607.4 D): a usual mark of weight, no pass mark. */
const FOUR_FIFTHS = 0.8

/** Categories that were selected less often than the others together, beyond chance. */
export function disparityFindings(
  attributes: readonly AuditAttribute[],
  intersections: readonly AuditIntersection[],
): ImpactFinding[] {
  return [
    ...attributes.flatMap(({ attribute, categories }) =>
      categories.flatMap(({ category, ...figures }) => disparityFinding(`${attribute}=${category}`, figures)),
    ),
    ...intersections.flatMap(({ cell, ...figures }) => {
      const where = Object.entries(cell).map(([attribute, category]) => `${attribute}=${category}`)
      return disparityFinding(where.join(', '), figures)
    }),
  ]
}

function disparityFinding(where: string, figures: AuditFigures): ImpactFinding[] {
  const { adjustedP, shortfall, impactRatio, rate, n } = figures
  if (adjustedP === null || adjustedP >= LEVEL || shortfall === null || shortfall <= 0) return []
  const severity = impactRatio !== null && impactRatio < FOUR_FIFTHS ? 'high' : 'medium'
  return [
    {
      code: 'disparity',
      severity,
      where,
      values: { where, n, rate, ratio: impactRatio ?? 0, p: adjustedP, shortfall: Math.round(shortfall) },
    },
  ]
}

/** Where the strata tell another story than the totals (Simpson's paradox). */
export function strataFindings(strata: AuditReport['strata'], attributes: readonly AuditAttribute[]): ImpactFinding[] {
  return (strata.mantelHaenszel ?? []).flatMap((within): ImpactFinding[] => {
    const own = attributes.find(({ attribute }) => attribute === within.attribute)
    const whole = own?.categories.find(({ category }) => category === within.category)
    if (!whole || whole.fisherP === null || whole.fisherP >= LEVEL || within.oddsRatio === null || within.p === null)
      return []
    const where = `${within.attribute}=${within.category}`
    const values = {
      where,
      column: strata.column ?? '',
      ratio: whole.impactRatio ?? 0,
      odds: within.oddsRatio,
      p: within.p,
    }
    const isLower = (whole.impactRatio ?? 1) < 1
    if (isLower === within.oddsRatio < 1) {
      return within.p >= LEVEL ? [{ code: 'strata-explain', severity: 'medium', where, values }] : []
    }
    return [{ code: within.p < LEVEL ? 'strata-reverse' : 'strata-explain', severity: 'medium', where, values }]
  })
}

/** Sites that differ from each other, and sites where a disparity is larger than at the parent site. */
export function siteFindings({ sites, heterogeneity }: Pick<AuditReport, 'sites' | 'heterogeneity'>): ImpactFinding[] {
  const amplified = sites
    .filter(
      ({ adjustedP, difference }) => adjustedP !== null && adjustedP < LEVEL && difference !== null && difference < 0,
    )
    .map(({ site, attribute, category, difference, adjustedP }): ImpactFinding => {
      const where = `${site}: ${attribute}=${category}`
      const values = { site, where: `${attribute}=${category}`, difference: difference!, p: adjustedP! }
      return { code: 'amplified-at-site', severity: 'high', where, values }
    })
  const differing = heterogeneity
    .filter(({ p }) => p < LEVEL / Math.max(1, heterogeneity.length))
    .map(({ attribute, category, iSquared, p, sites: count }): ImpactFinding => {
      const where = `${attribute}=${category}`
      return { code: 'sites-differ', severity: 'medium', where, values: { where, share: iSquared, p, sites: count } }
    })
  return [...amplified, ...differing]
}

/** People refused everywhere more often than independent deployers would refuse them. */
export function homogenisationFindings(result: AuditReport['homogenisation']): ImpactFinding[] {
  if (!result) return []
  const { ratio, interval, p, sharedBase } = result
  const found: ImpactFinding[] = []
  if (ratio !== null && interval !== null && interval[0] > 1 && p !== null && p < LEVEL)
    found.push({
      code: 'refused-by-all',
      severity: 'high',
      where: `${result.deployers} deployers`,
      values: { ratio, share: result.allRefused, expected: result.expected, deployers: result.deployers },
    })
  if (sharedBase?.interval && sharedBase.interval[0] > 0)
    found.push({
      code: 'shared-base',
      severity: 'high',
      where: 'base model',
      values: { sharing: sharedBase.sharing ?? 0, apart: sharedBase.notSharing ?? 0 },
    })
  return found
}
