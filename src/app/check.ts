import type { CheckReport, RuleVerdict } from '../contract/check.ts'
import { CommandError } from '../contract/command-error.ts'
import type { Facts } from '../govern/facts.ts'
import { type CompiledRule, judge, overallVerdict, quickVerdict } from '../govern/judge.ts'
import type { Language } from '../govern/texts.ts'
import { CHARTERS_TOPIC, siteTopic } from '../ledger/statement.ts'
import type { Estate } from '../store/estate.ts'
import { factsOfModel, factsOfSite, modelsAtSite } from './facts.ts'
import { findAt } from './find-model.ts'
import { gatherModels, gatherSite } from './gather.ts'
import type { Judge } from './judge.ts'
import { type LedgerView, validTime, viewOf } from './ledger-view.ts'
import type { GivenFile } from './receipt.ts'
import { rulesFor } from './rule-files.ts'
import { withEstate } from './with-estate.ts'

export interface CheckOptions {
  /** A day or a time: what was known then, under the rules of that day. Today unless given. */
  asOf?: string | null
  /** Names of packs; all unless given. */
  packs?: readonly string[]
  /** A company's own rules. */
  rules?: readonly GivenFile[]
  language?: Language
  /** The clock, for the day of today. */
  now?: () => Date
}

/** Whether a model, and every use of it, is as rules ask. */
export function checkModel(reference: string, location: string, options: CheckOptions = {}): Promise<CheckReport> {
  return withEstate(location, (estate) => checkModelIn(estate, reference, options))
}

export async function checkModelIn(
  estate: Estate,
  reference: string,
  options: CheckOptions = {},
): Promise<CheckReport> {
  const { view, asOf, judges } = await prepared(estate, options)
  const { id, name } = await findAt(estate, view, reference)
  const sources = await gatherModels(estate, view, [id], asOf)
  return reportOf({ subject: id, name, models: [id], site: null, asOf }, factsOfModel(sources, id), judges)
}

/** Whether what is in use at a site is as rules ask, and is what was approved there. */
export function checkSite(site: string, location: string, options: CheckOptions = {}): Promise<CheckReport> {
  return withEstate(location, (estate) => checkSiteIn(estate, site, options))
}

export async function checkSiteIn(estate: Estate, site: string, options: CheckOptions = {}): Promise<CheckReport> {
  const { view, asOf, judges } = await prepared(estate, options)
  if ((await view.about([siteTopic(site)], ['deployed'])).length === 0)
    throw new CommandError({ code: 'unknown-site', site })
  const sources = await gatherSite(estate, view, site, asOf)
  const subject = { subject: `site:${site}`, name: site, models: modelsAtSite(sources, site), site, asOf }
  return reportOf(subject, factsOfSite(sources, site), judges)
}

/** What every check begins with. Rules are read first: a fault in them is told before anything is looked up. */
export async function prepared(
  estate: Estate,
  { asOf = null, packs = [], rules = [], language = 'en', now = () => new Date() }: CheckOptions,
): Promise<{ view: LedgerView; asOf: string; judges: Judge[] }> {
  const compiled = await rulesFor(packs, rules)
  const view = await viewOf(estate, asOf)
  const time = asOf === null ? await latestOf(estate, now()) : validTime('--as-of', asOf)
  const day = time.slice(0, 'YYYY-MM-DD'.length)
  return {
    view,
    asOf: day,
    judges: [packsJudge(compiled, language), ...(await chartersOf(estate, view, day, language))],
  }
}

/** Now, in UTC as every time of the log; where a clock was put back, the log's last entry: what stands there has happened. */
async function latestOf(estate: Estate, now: Date): Promise<string> {
  const entered = (await estate.ledgerHead())?.time ?? ''
  const time = now.toISOString()
  return entered > time ? entered : time
}

/** Loaded where there is one: charters are YAML, and most estates have none yet. */
async function chartersOf(estate: Estate, view: LedgerView, day: string, language: Language): Promise<Judge[]> {
  if ((await view.about([CHARTERS_TOPIC], ['charter'])).length === 0) return []
  const { chartersJudge } = await import('./charter-judge.ts')
  return [await chartersJudge(estate, view, day, language)]
}

function packsJudge(rules: readonly CompiledRule[], language: Language): Judge {
  return {
    verdicts: (facts) => judge(facts, rules, language),
    quick: (facts) => quickVerdict(facts, rules),
    rulesFor: () => rules,
  }
}

/** What all judges say of all facts about one subject. */
export function reportOf(
  subject: Omit<CheckReport, 'schema' | 'verdict' | 'rules'>,
  facts: readonly Facts[],
  judges: readonly Judge[],
): CheckReport {
  const rules = facts.flatMap((each) => judges.flatMap((asked) => asked.verdicts(each))).sort(inOrder)
  return { schema: 'yukue.check/1', ...subject, verdict: overallVerdict(rules), rules }
}

function inOrder(a: RuleVerdict, b: RuleVerdict): number {
  return compare(a.id, b.id) || compare(a.site ?? '', b.site ?? '') || compare(a.model, b.model)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
