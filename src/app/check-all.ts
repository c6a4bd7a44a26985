import type { CheckReport, ChecksReport, Verdict } from '../contract/check.ts'
import type { Facts } from '../govern/facts.ts'
import { worseOf } from '../govern/judge.ts'
import type { Estate } from '../store/estate.ts'
import { type CheckOptions, prepared, reportOf } from './check.ts'
import { currentSites, factsAt, factsOfModel, type Sources, wholeOf } from './facts.ts'
import { type GatherProgress, gatherAll } from './gather-all.ts'
import type { Judge } from './judge.ts'
import { type PlainSites, plainSites } from './plain-sites.ts'
import { withEstate } from './with-estate.ts'

export interface CheckAllOptions extends CheckOptions {
  /** Subjects that are not met and are told in full; the rest is counted. */
  most?: number
  progress?: CheckAllProgress
}

export interface CheckAllProgress extends GatherProgress {
  onJudged?(done: number, total: number): void
}

/** All of a hundred thousand models would be a report of gigabytes. */
const MOST_TOLD = 1_000

/** How often progress is told, in models. */
const PROGRESS_STEP = 1_000

/** Whether every model of the estate, and every use of one, is as rules ask. */
export function checkAll(location: string, options: CheckAllOptions = {}): Promise<ChecksReport> {
  return withEstate(location, (estate) => checkAllIn(estate, options))
}

async function checkAllIn(estate: Estate, options: CheckAllOptions = {}): Promise<ChecksReport> {
  const { view, asOf, judges } = await prepared(estate, options)
  const sources = await gatherAll(estate, view, asOf, options.progress)
  const found = verdictsOf(sources, judges, options.progress)
  const counts = { meets: 0, departs: 0, undecided: 0 }
  for (const verdict of found.values()) counts[verdict]++
  const open = [...modelsWith(found, 'departs'), ...modelsWith(found, 'undecided')]
  const told = open.slice(0, options.most ?? MOST_TOLD).map((model) => openReport(sources, model, judges))
  return {
    schema: 'yukue.checks/1',
    asOf,
    verdict: counts.departs > 0 ? 'departs' : counts.undecided > 0 || found.size === 0 ? 'undecided' : 'meets',
    counts,
    checks: told,
    more: open.length - told.length,
  }
}

function verdictsOf(sources: Sources, judges: readonly Judge[], progress: CheckAllProgress = {}): Map<string, Verdict> {
  const found = new Map<string, Verdict>()
  const models = [...sources.names.keys()].sort()
  const plain = plainSites(sources)
  for (const [at, model] of models.entries()) {
    // of what no rule was asked nothing is decided
    found.set(model, worstOf(sources, model, judges, plain) ?? 'undecided')
    if (at % PROGRESS_STEP === 0) progress.onJudged?.(at, models.length)
  }
  return found
}

/** Of a model, and of it at each of its sites; nothing is worse than the first departure. */
function worstOf(sources: Sources, model: string, judges: readonly Judge[], plain: PlainSites): Verdict | null {
  const whole = wholeOf(sources, model)
  let worst = askedOf(whole, judges)
  const verdictAt = plain.ofModel(whole, judges)
  for (const site of currentSites(whole)) {
    if (worst === 'departs') return worst
    worst = worseOf(
      worst,
      verdictAt(site, () => askedOf(factsAt(sources, whole, site.site), judges)),
    )
  }
  return worst
}

function askedOf(facts: Facts, judges: readonly Judge[]): Verdict | null {
  let worst: Verdict | null = null
  for (const judge of judges) {
    worst = worseOf(worst, judge.quick(facts))
    if (worst === 'departs') return worst
  }
  return worst
}

function modelsWith(found: ReadonlyMap<string, Verdict>, wanted: Verdict): string[] {
  return [...found].flatMap(([model, verdict]) => (verdict === wanted ? [model] : []))
}

/** Of one model what is not met; `yukue check --model` tells the rest. */
function openReport(sources: Sources, model: string, judges: readonly Judge[]): CheckReport {
  const name = sources.names.get(model)?.name ?? model
  const subject = { subject: model, name, models: [model], site: null, asOf: sources.asOf }
  const report = reportOf(subject, factsOfModel(sources, model), judges)
  return { ...report, rules: report.rules.filter(({ verdict }) => verdict !== 'meets') }
}
