import type { Charter } from '../contract/charter.ts'
import type { RuleVerdict, Verdict } from '../contract/check.ts'
import type { CharterSetting } from '../govern/charter-facts.ts'
import { type CompiledCharter, compiledCharter, judgeCharter } from '../govern/charter-rules.ts'
import type { Facts } from '../govern/facts.ts'
import { overallVerdict } from '../govern/judge.ts'
import { PACKS } from '../govern/packs/packs.ts'
import { attestation } from '../ledger/custody.ts'
import { isTampered, ofKind } from '../ledger/entry.ts'
import { INCIDENTS_TOPIC } from '../ledger/statement.ts'
import type { Estate } from '../store/estate.ts'
import { chartersInForce, type SignedCharter, signedCharters } from './charters.ts'
import type { LedgerView } from './ledger-view.ts'

export type Language = 'en' | 'ja'

/** A charter with what it is held against, for models by the thousand. */
interface Ready {
  compiled: CompiledCharter
  setting: CharterSetting
}

/** What the charters that are in force on a day say of any facts: those for the model, and for what it was, or may have been, made from. */
export async function chartersJudge(
  estate: Estate,
  view: LedgerView,
  day: string,
  language: Language,
): Promise<{ verdicts(facts: Facts): RuleVerdict[]; quick(facts: Facts): Verdict | null }> {
  const inForce = chartersInForce(await signedCharters(view), day)
  const byModel = new Map<string, ((facts: Facts) => RuleVerdict[])[]>()
  for (const signed of inForce) {
    const judged = await judgeOf(estate, view, signed, language)
    for (const model of signed.models) byModel.set(model, [...(byModel.get(model) ?? []), judged])
  }
  const verdicts = (facts: Facts) => {
    if (byModel.size === 0) return []
    const line = [facts.subject, ...facts.ancestors, ...facts.relatives].map(({ model }) => model)
    const judges = new Set(line.flatMap((model) => byModel.get(model) ?? []))
    return [...judges].flatMap((judged) => judged(facts))
  }
  const quick = (facts: Facts) => {
    const said = verdicts(facts)
    return said.length === 0 ? null : overallVerdict(said)
  }
  return { verdicts, quick }
}

/** What a charter that is not on record would say. */
export async function charterJudge(
  estate: Estate,
  view: LedgerView,
  {
    charter,
    version,
    models,
    from,
  }: { charter: Charter; version: number | null; models: readonly string[]; from: string },
  language: Language,
): Promise<(facts: Facts) => RuleVerdict[]> {
  // nobody has signed it yet: whoever keeps this record would
  const signer = [...view.trust.values()].find(({ use }) => use === 'log')?.actor ?? null
  const ready = await readyOf(estate, { charter, version, models, from, signer }, await noticesIn(view))
  return judgedBy(ready, language)
}

/** What a version of a charter says that is on record. */
export async function judgeOf(
  estate: Estate,
  view: LedgerView,
  signed: SignedCharter,
  language: Language,
): Promise<(facts: Facts) => RuleVerdict[]> {
  const { read, version, models, from, entry } = signed
  if (!read.ok || isTampered(entry)) return (facts) => [notReadable(signed, facts, language)]
  const { by } = entry.statement.predicate
  const notices = await noticesIn(view)
  return judgedBy(
    await readyOf(estate, { charter: read.charter, version, models, from, signer: by }, notices),
    language,
  )
}

function judgedBy({ compiled, setting }: Ready, language: Language): (facts: Facts) => RuleVerdict[] {
  return (facts) => [
    ...judgeCharter(compiled, facts, setting, language),
    ...(facts.subject.site === null ? unknownPacks(compiled, facts, language) : []),
  ]
}

async function readyOf(
  estate: Estate,
  terms: {
    charter: Charter
    version: number | null
    models: readonly string[]
    from: string
    signer: CharterSetting['signer']
  },
  notices: CharterSetting['notices'],
): Promise<Ready> {
  const { charter, version, models, from, signer } = terms
  const persons = await personsListed(estate, charter)
  const personName = (commitment: string) => persons.get(commitment) ?? null
  const setting = { models: new Set(models), signer, from, personName, notices }
  return { compiled: compiledCharter({ charter, version }), setting }
}

/** The commitments that stand for the persons whom a charter lists by name. */
async function personsListed(estate: Estate, { holders }: Charter): Promise<Map<string, string>> {
  const names = (holders?.allowed ?? []).flatMap((text) => /^person:\s*(.+)$/su.exec(text)?.[1]?.trim() ?? [])
  return names.length === 0 ? new Map() : estate.commitmentsOf(names)
}

async function noticesIn(view: LedgerView): Promise<CharterSetting['notices']> {
  const entries = ofKind(await view.about([INCIDENTS_TOPIC], ['notified']), 'notified')
  return entries.map((entry) => {
    const { incident, holder, at } = entry.statement.predicate
    return { incident, holder, at, status: attestation(entry), statement: entry.number }
  })
}

/** A charter that cannot be read, or whose signature does not fit, is agreed and says nothing: nothing can be decided by it. */
function notReadable({ name, version, entry, read }: SignedCharter, facts: Facts, language: Language): RuleVerdict {
  const isAltered = isTampered(entry)
  const text = {
    en: {
      title: 'The charter itself',
      reason: isAltered
        ? 'The signature of this charter does not fit its text.'
        : `The text of this charter cannot be read${read.ok ? '' : ` (line ${read.fault.line})`}.`,
      todo: 'Sign it again: yukue charter record FILE.',
    },
    ja: {
      title: '憲章そのもの',
      reason: isAltered
        ? 'この憲章の署名が文面と合いません。'
        : `この憲章の文面を読み取れません${read.ok ? '' : `(${read.fault.line}行目)`}。`,
      todo: '署名し直す: yukue charter record ファイル。',
    },
  }[language]
  return fixed(`charter/${name}/text`, `charter ${name} v${version}`, {
    ...text,
    who: null,
    facts,
    statements: [entry.number],
  })
}

/** A pack that a charter names, and that there is not, is asked for and checked by nobody. */
function unknownPacks({ charter, version }: CompiledCharter, facts: Facts, language: Language): RuleVerdict[] {
  const known = new Set(PACKS.map(({ name }) => name))
  const missing = (charter.rules ?? []).filter((name) => !known.has(name))
  if (missing.length === 0) return []
  const names = missing.join(', ')
  const text = {
    en: {
      title: 'Rule packs of the charter',
      reason: `There is no rule pack called ${names}.`,
      todo: `Correct the name, or give the rules: yukue check --rules FILE. Known: ${[...known].join(', ')}.`,
    },
    ja: {
      title: '憲章が定める規則集',
      reason: `${names}という規則集はありません。`,
      todo: `名前を直すか、規則を与える: yukue check --rules ファイル。既知: ${[...known].join(', ')}。`,
    },
  }[language]
  const source = `charter ${charter.name}${version === null ? '' : ` v${version}`}, rules`
  return [fixed(`charter/${charter.name}/rules`, source, { ...text, who: charter.accountable, facts, statements: [] })]
}

function fixed(
  id: string,
  source: string,
  said: { title: string; reason: string; todo: string; who: string | null; facts: Facts; statements: number[] },
): RuleVerdict {
  const { title, reason, todo, who, facts, statements } = said
  const { model, site } = facts.subject
  const shownFacts = statements.length === 0 ? [] : [{ name: 'charter', value: null, status: null, statements }]
  return {
    id,
    title,
    site,
    model,
    applies: null,
    verdict: 'undecided',
    reason,
    todo,
    who,
    by: null,
    source,
    facts: shownFacts,
  }
}
