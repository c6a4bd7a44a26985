import type { AuditFact, Fact, Gathered } from './facts.ts'
import { known, notKnown, restingOn } from './known.ts'

/** What audits and comparisons measured; the latest of each that nobody tampered with. */
export function measuredFacts(gathered: Gathered): Record<string, Fact> {
  const audits = gathered.audits.filter(({ status, isOfModel }) => isOfModel && status !== 'disputed')
  const [latest] = audits
  const measured = audits.find((audit) => lowestRatio(audit) !== null)
  return {
    ...ageFacts(latest, gathered.asOf),
    ...ratioFacts(measured),
    ...feedbackFacts(audits),
    ...flipFacts(gathered),
  }
}

function ageFacts(latest: AuditFact | undefined, asOf: string): Record<string, Fact> {
  if (!latest) return {}
  const basis = restingOn([latest])
  return {
    auditAgeDays: known(latest.ageDays, basis),
    auditOverAYear: known(asOf.slice(0, 10) > aYearAfter(latest.at), basis),
    auditDay: known(latest.at.slice(0, 10), basis),
  }
}

/** The same day of the next calendar year; of 29 February the 28th, as a year is over by then. */
function aYearAfter(time: string): string {
  const [year, month, day] = time.slice(0, 10).split('-').map(Number) as [number, number, number]
  const last = new Date(Date.UTC(year + 1, month, 0)).getUTCDate()
  const pad = (value: number) => String(value).padStart(2, '0')
  return `${year + 1}-${pad(month)}-${pad(Math.min(day, last))}`
}

function ratioFacts(audit: AuditFact | undefined): Record<string, Fact> {
  const lowest = audit && lowestRatio(audit)
  if (!audit || !lowest) return {}
  const basis = restingOn([audit])
  return { lowestImpactRatio: known(lowest.ratio, basis), lowestImpactGroup: known(lowest.group, basis) }
}

/** Of all categories that are in ratios; an audit recorded by its metrics has them as `impact-ratio…`. */
function lowestRatio({ result, metrics }: AuditFact): { ratio: number; group: string } | null {
  const found = result
    ? [
        ...result.attributes.flatMap(({ attribute, categories }) =>
          categories.map(({ category, impactRatio, excluded }) => {
            return { ratio: excluded ? null : impactRatio, group: `${attribute}=${category}` }
          }),
        ),
        ...result.intersections.map(({ cell, impactRatio, excluded }) => {
          const group = Object.entries(cell).map(([attribute, category]) => `${attribute}=${category}`)
          return { ratio: excluded ? null : impactRatio, group: group.join(' ∧ ') }
        }),
      ]
    : Object.entries(metrics).flatMap(([name, ratio]) => {
        const [, group] = /^(?:lowest[- _]?)?impact[- _]?ratio[- _:.]?(.*)$/i.exec(name) ?? []
        return group === undefined ? [] : [{ ratio, group: group || name }]
      })
  const ratios = found.flatMap(({ ratio, group }) => (ratio === null ? [] : [{ ratio, group }]))
  return ratios.sort((a, b) => a.ratio - b.ratio)[0] ?? null
}

/** Measured where the interval of an estimate leaves out nought; not where none could be identified. */
function feedbackFacts(audits: readonly AuditFact[]): Record<string, Fact> {
  const audit = audits.find(({ result }) => result?.feedback && result.feedback.grade !== null)
  const feedback = audit?.result?.feedback
  if (!audit || !feedback?.interval) return {}
  const [from, to] = feedback.interval
  return { feedbackMeasured: known(from > 0 || to < 0, restingOn([audit])) }
}

function flipFacts({ comparisons }: Gathered): Record<string, Fact> {
  const latest = comparisons.find(({ status }) => status !== 'disputed')
  if (!latest) return {}
  const { flips, negativeFlips, groups } = latest.result
  const basis = restingOn([latest])
  const worst = Math.max(...groups.map((group) => group.flips.rate))
  return {
    flipRate: known(flips.rate, basis),
    ...(negativeFlips ? { negativeFlipRate: known(negativeFlips.rate, basis) } : {}),
    ...(Number.isFinite(worst) ? { worstGroupFlipRate: known(worst, basis) } : {}),
  }
}

/** Whether what was measured at a site is the model in use there. */
export function auditCovers(audits: readonly AuditFact[]): Fact {
  const counted = audits.filter(({ status }) => status !== 'disputed')
  const own = counted.find(({ isOfModel }) => isOfModel)
  const [latest] = counted
  if (own) return known(true, restingOn([own]))
  return latest ? known(false, restingOn([latest])) : notKnown()
}
