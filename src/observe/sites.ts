import type { AuditReport } from '../contract/audit.ts'
import type { Disparity } from './disparity.ts'
import { entryOf } from './entry.ts'
import { holm } from './statistics/adjust.ts'
import { chiSquaredTail, studentQuantile, twoSided } from './statistics/distributions.ts'
import { differenceInterval, katzError, normalInterval, ratioInterval, type Share } from './statistics/intervals.ts'
import { byCodePoint, type Judged } from './tally.ts'

type Site = AuditReport['sites'][number]
type Heterogeneity = AuditReport['heterogeneity'][number]

interface SiteShares {
  site: string
  model: string | null
  category: Share
  reference: Share
}

/** One category's disparity at every site, and how far the sites differ. */
export function acrossSites(
  cells: readonly Judged[],
  attribute: string,
  index: number,
  whole: Disparity,
  parentSite: string | null,
): { sites: Site[]; heterogeneity: Heterogeneity[] } {
  const { reference } = whole
  if (!reference) return { sites: [], heterogeneity: [] }
  const categories = whole.categories.filter(({ figures, parts }) => !figures.excluded && parts !== reference.parts)
  const parts = categories.map(({ parts: [category] }) => {
    const shares = sharesBySite(cells, index, category!, reference.parts[0]!)
    return {
      sites: siteFigures(shares, attribute, category!, parentSite),
      heterogeneity: heterogeneity(shares, attribute, category!),
    }
  })
  return {
    sites: parts.flatMap(({ sites }) => sites),
    heterogeneity: parts.flatMap((part) => part.heterogeneity ?? []),
  }
}

function sharesBySite(cells: readonly Judged[], index: number, category: string, base: string): SiteShares[] {
  const found = new Map<string, SiteShares>()
  for (const cell of cells) {
    const group = cell.groups[index]
    if (cell.site === null || (group !== category && group !== base)) continue
    const key = JSON.stringify([cell.site, cell.model])
    const shares = entryOf(found, key, () => ({
      site: cell.site,
      model: cell.model,
      category: { n: 0, selected: 0 },
      reference: { n: 0, selected: 0 },
    }))
    const share = group === category ? shares.category : shares.reference
    share.n += cell.n
    if (cell.isSelected) share.selected += cell.n
  }
  return [...found.values()]
    .filter((shares) => shares.category.n > 0)
    .sort((a, b) => byCodePoint(a.site, b.site) || byCodePoint(a.model ?? '', b.model ?? ''))
}

function ratioOf({ category, reference }: SiteShares): number | null {
  if (reference.n === 0 || reference.selected === 0) return null
  return category.selected / category.n / (reference.selected / reference.n)
}

function siteFigures(shares: SiteShares[], attribute: string, category: string, parentSite: string | null): Site[] {
  const parent = parentSite === null ? undefined : shares.find(({ site }) => site === parentSite)
  return shares.map((own) => {
    const difference = parent && parent !== own ? differenceFrom(own, parent) : null
    return {
      site: own.site,
      model: own.model,
      attribute,
      category,
      n: own.category.n,
      rate: own.category.selected / own.category.n,
      impactRatio: ratioOf(own),
      difference: difference?.estimate ?? null,
      interval: difference?.interval ?? null,
      adjustedP: difference?.p ?? null,
    }
  })
}

/** Child's impact ratio less the parent's, by MOVER; the test is on logarithms, where the ratios are nearest to normal. */
function differenceFrom(child: SiteShares, parent: SiteShares) {
  const [own, before] = [ratioOf(child), ratioOf(parent)]
  const ranges = [child, parent].map(({ category, reference }) => ratioInterval(category, reference))
  if (own === null || before === null || ranges.some((range) => !range || range[1] === null)) return null
  const [first, second] = ranges.map((range) => [range![0], range![1]!] as const)
  const [a, b] = [logRatio(child), logRatio(parent)]
  return {
    estimate: own - before,
    interval: differenceInterval({ estimate: own, interval: first! }, { estimate: before, interval: second! }),
    p: twoSided((a.log - b.log) / Math.sqrt(a.variance + b.variance)),
  }
}

/** Holm over all differences of the run. */
export function adjustSites(sites: Site[]): Site[] {
  const tested = sites.filter(({ adjustedP }) => adjustedP !== null)
  const adjusted = new Map(
    holm(tested.map(({ adjustedP }) => adjustedP!)).map((p, index) => [tested[index]!, p] as const),
  )
  return sites.map((site) => ({ ...site, adjustedP: adjusted.get(site) ?? null }))
}

/** Half a decision is added where a share is 0 or 1, as meta-analyses do. */
function logRatio({ category, reference }: SiteShares): { log: number; variance: number } {
  const isEdge = [category, reference].some(({ n, selected }) => selected === 0 || selected === n)
  const shift = isEdge ? 0.5 : 0
  const [a, b] = [category, reference].map(({ n, selected }) => ({ n: n + 2 * shift, selected: selected + shift }))
  return { log: Math.log(a!.selected / a!.n / (b!.selected / b!.n)), variance: katzError(a!, b!) ** 2 }
}

/**
 * Cochran's Q and I² (Higgins and Thompson 2002) of log impact ratios, pooled by DerSimonian and Laird (Controlled Clinical Trials
 * 7, 1986), with the prediction interval of Higgins, Thompson and Spiegelhalter (JRSS A 172, 2009).
 */
function heterogeneity(shares: SiteShares[], attribute: string, category: string): Heterogeneity | null {
  const points = shares.filter(({ reference }) => reference.n > 0).map(logRatio)
  const k = points.length
  if (k < 2) return null
  const weighted = (tau: number) => {
    const weights = points.map(({ variance }) => 1 / (variance + tau))
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    const mean = points.reduce((sum, { log }, i) => sum + weights[i]! * log, 0) / total
    return { weights, total, mean }
  }
  const fixed = weighted(0)
  const q = points.reduce((sum, { log }, i) => sum + fixed.weights[i]! * (log - fixed.mean) ** 2, 0)
  const scale = fixed.total - fixed.weights.reduce((sum, weight) => sum + weight * weight, 0) / fixed.total
  const tau = Math.max(0, (q - (k - 1)) / scale)
  const { mean, total } = weighted(tau)
  const [low, high] = normalInterval(mean, Math.sqrt(1 / total))
  const reach = k > 2 ? studentQuantile(0.975, k - 2) * Math.sqrt(tau + 1 / total) : null
  return {
    attribute,
    category,
    sites: k,
    pooled: Math.exp(mean),
    interval: [Math.exp(low), Math.exp(high)],
    q,
    p: chiSquaredTail(q, k - 1),
    iSquared: q > 0 ? Math.max(0, (q - (k - 1)) / q) : 0,
    predictionInterval: reach === null ? null : [Math.exp(mean - reach), Math.exp(mean + reach)],
  }
}
