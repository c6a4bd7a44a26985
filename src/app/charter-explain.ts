import type { Charter } from '../contract/charter.ts'
import type { CharterExplained, CharterVersion, Happened } from '../contract/charter-reports.ts'
import type { RuleVerdict } from '../contract/check.ts'
import { CommandError } from '../contract/command-error.ts'
import type { Facts } from '../govern/facts.ts'
import { compiled, judge, overallVerdict } from '../govern/judge.ts'
import { PACKS } from '../govern/packs/packs.ts'
import type { Estate } from '../store/estate.ts'
import { charterIn, chosenVersion, dayAsked, shownCharter } from './charter.ts'
import { charterJudge, judgeOf, type Language } from './charter-judge.ts'
import { dayOf, signedCharters } from './charters.ts'
import { factsOfModel, factsOfSite, modelsAtSite } from './facts.ts'
import { findAt } from './find-model.ts'
import { gatherModels, gatherSite } from './gather.ts'
import { type LedgerView, viewOf } from './ledger-view.ts'
import type { GivenFile } from './receipt.ts'
import { recordable } from './record.ts'
import { traceIn } from './trace.ts'
import { withEstate } from './with-estate.ts'

export interface ExplainOptions {
  /** A file with a charter, or the name of one on record. */
  charter: GivenFile | { name: string; version?: string | undefined }
  /** Hold this model, or what is at this site, against it; a charter on record is else held against its own models. */
  model?: string | undefined
  site?: string | undefined
  asOf?: string | undefined
  language: Language
  now?: () => Date
}

/** A charter, and, held against models, what happened to each and what its rules and the charter's packs say of that. */
export async function explainCharter(options: ExplainOptions, location: string): Promise<CharterExplained> {
  const { model, site, asOf = null, now = () => new Date(), charter: given } = options
  if (model !== undefined && site !== undefined)
    throw new CommandError({ code: 'bad-option', option: '--site', value: site })
  const day = dayAsked(asOf, now)
  // a file alone needs no estate, and makes none
  if ('text' in given && model === undefined && site === undefined) return explained(fromText(given), day, [])
  if ('text' in given) charterIn(given)
  return withEstate(location, async (estate) => {
    const view = await viewOf(estate, asOf)
    const told =
      'text' in given
        ? await fromFile(estate, view, given, day, options.language)
        : await onRecord(estate, view, given, day, options.language)
    const asked = { view, day, asOf, judges: [...told.judges, ...packsOf(told.charter, options.language)] }
    if (site !== undefined) return explained(told, day, await heldSite(estate, site, asked))
    const ids = model === undefined ? told.models : [(await findAt(estate, view, model)).id]
    const held = []
    for (const id of ids) held.push(await heldModel(estate, id, asked))
    return explained(told, day, held)
  })
}

type Judge = (facts: Facts) => RuleVerdict[]

interface Told {
  charter: Charter
  source: string
  version: CharterVersion | null
  models: string[]
  judges: Judge[]
}

function explained(
  { charter, source, version }: Pick<Told, 'charter' | 'source' | 'version'>,
  asOf: string,
  held: CharterExplained['held'],
): CharterExplained {
  return { schema: 'yukue.charter-explained/1', source, version, charter, asOf, held }
}

function fromText(file: GivenFile): Pick<Told, 'charter' | 'source' | 'version'> {
  return { charter: charterIn(file), source: file.path, version: null }
}

async function fromFile(
  estate: Estate,
  view: LedgerView,
  file: GivenFile,
  day: string,
  language: Language,
): Promise<Told> {
  const told = fromText(file)
  const found = await Promise.all(told.charter.models.map((reference) => recordable(estate, view, reference)))
  const models = found.map(({ id }) => id)
  const from = told.charter.inForce?.from ?? day
  return {
    ...told,
    models,
    judges: [
      (await charterJudge(estate, view, { charter: told.charter, version: null, models, from }, language)).verdicts,
    ],
  }
}

async function onRecord(
  estate: Estate,
  view: LedgerView,
  { name, version }: { name: string; version?: string | undefined },
  day: string,
  language: Language,
): Promise<Told> {
  const signed = await signedCharters(view)
  const one = chosenVersion(signed, name, version, day)
  if (!one.read.ok) throw new CommandError({ code: 'bad-charter', path: name, fault: one.read.fault })
  const { schema: _, name: __, text: ___, charter: ____, ...shown } = await shownCharter(estate, view, one, signed, day)
  const source = `${name} v${one.version}`
  return {
    charter: one.read.charter,
    source,
    version: shown,
    models: one.models,
    judges: [(await judgeOf(estate, view, one, language)).verdicts],
  }
}

/** The packs that the charter says apply; none where it says nothing. Those that there are not are named by the charter's own verdicts. */
function packsOf({ rules = [] }: Charter, language: Language): Judge[] {
  const packs = PACKS.filter(({ name }) => rules.includes(name))
  if (packs.length === 0) return []
  const ready = compiled(packs).rules
  return [(facts) => judge(facts, ready, language)]
}

interface Asked {
  view: LedgerView
  day: string
  asOf: string | null
  judges: readonly Judge[]
}

async function heldModel(estate: Estate, id: string, asked: Asked): Promise<CharterExplained['held'][number]> {
  const { view, day, judges } = asked
  const sources = await gatherModels(estate, view, [id], day)
  const rules = verdictsOf(factsOfModel(sources, id), judges)
  const happened = await happenedTo(estate, id, asked)
  const { name } = happened.model
  const subject = { subject: id, name, models: [id], site: null, asOf: day }
  return { happened, check: { schema: 'yukue.check/1', ...subject, verdict: overallVerdict(rules), rules } }
}

/** Each model at the site by itself, so that it is told what happened to each. */
async function heldSite(estate: Estate, site: string, asked: Asked): Promise<CharterExplained['held']> {
  const { view, day, judges } = asked
  const sources = await gatherSite(estate, view, site, day)
  const models = modelsAtSite(sources, site)
  if (models.length === 0) throw new CommandError({ code: 'unknown-site', site })
  const all = verdictsOf(factsOfSite(sources, site), judges)
  const held = []
  for (const id of models) {
    const happened = await happenedTo(estate, id, asked)
    const rules = all.filter(({ model }) => model === id)
    const subject = { subject: `site:${site}`, name: happened.model.name, models: [id], site, asOf: day }
    held.push({
      happened,
      check: { schema: 'yukue.check/1' as const, ...subject, verdict: overallVerdict(rules), rules },
    })
  }
  return held
}

function verdictsOf(facts: readonly Facts[], judges: readonly Judge[]): RuleVerdict[] {
  const verdicts = facts.flatMap((each) => judges.flatMap((judged) => judged(each)))
  const key = ({ id, site }: RuleVerdict) => `${id} ${site ?? ''}`
  return verdicts.sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

async function happenedTo(estate: Estate, id: string, { asOf }: Pick<Asked, 'asOf'>): Promise<Happened> {
  const report = await traceIn(estate, id, { asOf: asOf === null ? null : dayOf(asOf), holders: true })
  const {
    model,
    ancestors,
    relatives,
    descendants,
    hops,
    sites,
    evaluations,
    incidents,
    holders = [],
    exposures = [],
  } = report
  return { model, ancestors, relatives, descendants, hops, sites, evaluations, incidents, holders, exposures }
}
