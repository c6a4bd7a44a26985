import type { Duties, OpenRule } from '../../contract/api.ts'
import type { CheckReport, ChecksReport } from '../../contract/check.ts'
import { cursorOf, type Paging, placeIn } from './paging.ts'

/** Of reports that are answered from again and again until there is a newer one. */
const found = new WeakMap<ChecksReport, readonly OpenRule[]>()

/** What is not met, as single rules: departures first, then by the day until which something is to be done. */
export function openRules(report: ChecksReport): readonly OpenRule[] {
  const { checks, asOf } = report
  const rules = found.get(report) ?? checks.flatMap((check) => openRulesOf(check, asOf)).sort(byUrgency)
  found.set(report, rules)
  return rules
}

function openRulesOf(check: CheckReport, asOf: string): OpenRule[] {
  return check.rules
    .filter(({ verdict }) => verdict !== 'meets')
    .map(({ id, title, site, verdict, reason, todo, who, by, source, facts }) => ({
      subject: check.subject,
      name: check.name,
      site: site ?? check.site,
      rule: id,
      title,
      verdict,
      reason,
      todo,
      who,
      by,
      overdue: by !== null && by < asOf,
      source,
      statements: [...new Set(facts.flatMap(({ statements }) => statements))].sort((a, b) => a - b),
    }))
}

function byUrgency(a: OpenRule, b: OpenRule): number {
  const rank = ({ verdict }: OpenRule) => (verdict === 'departs' ? 0 : 1)
  return (
    rank(a) - rank(b) ||
    compare(a.by ?? '9999', b.by ?? '9999') ||
    compare(a.name, b.name) ||
    compare(a.rule, b.rule) ||
    compare(a.subject, b.subject)
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

export function dutiesPage(report: ChecksReport, { cursor, limit }: Paging): Duties {
  const rules = openRules(report)
  const [from] = placeIn(cursor, ['number']) ?? [0]
  const next = from + limit < rules.length ? cursorOf([from + limit]) : null
  return { items: rules.slice(from, from + limit), next, asOf: report.asOf }
}
