import type { Overview } from '../../contract/api.ts'
import type { Language } from '../../report/language.ts'
import type { EstateCounts } from '../../store/listings.ts'
import type { Checks } from './checks.ts'
import { openRules } from './duties.ts'
import { shownResults } from './list-results.ts'
import { currentSites } from './list-sites.ts'
import type { LiveEstate } from './live-estate.ts'

/** Departures and duties told on one page; the rest is counted. */
const MOST_TOLD = 20
const LATEST = 5

/** The three axes at a glance, departures first. */
export async function overview(live: LiveEstate, checks: Checks, language: Language): Promise<Overview> {
  const chronicle = await live.chronicle()
  const counts = await live.counts()
  const today = live.today()
  const { report } = await checks.now(language)
  const rules = openRules(report)
  const departures = rules.filter(({ verdict }) => verdict === 'departs')
  const due = rules.filter(({ by }) => by !== null).sort((a, b) => (a.by! < b.by! ? -1 : a.by! > b.by! ? 1 : 0))
  const sites = [...currentSites(chronicle.deployments(), today)]
  const inUse = sites.filter(([, { until }]) => until === null || until > today)
  const measured = new Set(chronicle.results.map(({ site }) => site))
  const { origin, size, time } = chronicle
  return {
    asOf: report.asOf,
    log: origin === null || time === null ? null : { origin, size, time },
    mobility: {
      models: counts.models,
      copies: counts.copies,
      gone: counts.gone,
      actors: chronicle.actors.size,
      handOvers: chronicle.handOvers,
      unconfirmed: chronicle.unconfirmed,
    },
    change: changesIn(counts),
    performativity: {
      sites: inUse.length,
      ended: sites.length - inUse.length,
      results: chronicle.results.length,
      unmeasured: inUse.filter(([site]) => !measured.has(site)).length,
      incidents: chronicle.incidents,
      findings: severitiesOf(chronicle.results.flatMap(({ severity }) => severity ?? [])),
    },
    verdict: report.verdict,
    counts: report.counts,
    departures: departures.slice(0, MOST_TOLD),
    moreDepartures: Math.max(0, departures.length - MOST_TOLD),
    due: due.slice(0, MOST_TOLD),
    latest: await shownResults(live, chronicle.results.slice(-LATEST).reverse()),
    lastScan: await lastScanOf(live),
  }
}

type Severity = 'low' | 'medium' | 'high'

function changesIn({ relations, origins, findings }: EstateCounts): Overview['change'] {
  const byChange: Record<string, number> = {}
  let [all, undetermined] = [0, 0]
  for (const { changes, direction, count } of relations) {
    all += count
    if (direction === 'undetermined') undetermined += count
    for (const change of JSON.parse(changes) as string[]) byChange[change] = (byChange[change] ?? 0) + count
  }
  const severities = findings.flatMap(({ findings: text, count }) => {
    const found = (JSON.parse(text) as { severity: Severity }[]).map(({ severity }) => severity)
    return [...new Set(found)].flatMap((severity) => Array.from({ length: count }, () => severity))
  })
  return { relations: all, byChange, undetermined, origins, findings: severitiesOf(severities) }
}

function severitiesOf(severities: readonly Severity[]): Record<Severity, number> {
  const counts = { low: 0, medium: 0, high: 0 }
  for (const severity of severities) counts[severity]++
  return counts
}

async function lastScanOf({ estate }: LiveEstate): Promise<Overview['lastScan']> {
  const [last] = await estate.scans()
  return last ? { finished: last.finished, problems: last.totals['problems'] ?? 0 } : null
}
