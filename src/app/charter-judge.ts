import type { Charter } from '../contract/charter.ts'
import type { RuleVerdict, Verdict } from '../contract/check.ts'
import type { CharterSetting } from '../govern/charter-facts.ts'
import { type CompiledCharter, compiledCharter, judgeCharter, quickCharter } from '../govern/charter-rules.ts'
import type { Facts } from '../govern/facts.ts'
import { worseOf } from '../govern/judge.ts'
import { PACKS } from '../govern/packs/packs.ts'
import { attestation } from '../ledger/custody.ts'
import { isTampered, ofKind } from '../ledger/entry.ts'
import { INCIDENTS_TOPIC } from '../ledger/statement.ts'
import type { Estate } from '../store/estate.ts'
import { chartersInForce, type SignedCharter, signedCharters } from './charters.ts'
import type { Judge } from './judge.ts'
import type { LedgerView } from './ledger-view.ts'

export type Language = 'en' | 'ja'

const NO_RULES: never[] = []

/** A charter with what it is held against, for models by the thousand. */
interface Ready {
  compiled: CompiledCharter
  setting: CharterSetting
}

/** What the charters that are in force on a day say of any facts: those for the model, and for what it was, or may have been, made from. */
export async function chartersJudge(estate: Estate, view: LedgerView, day: string, language: Language): Promise<Judge> {
  const inForce = chartersInForce(await signedCharters(view), day)
  const byModel = new Map<string, CharterJudge[]>()
  for (const signed of inForce) {
    const judged = await judgeOf(estate, view, signed, language)
    for (const model of signed.models) byModel.set(model, [...(byModel.get(model) ?? []), judged])
  }
  const judgesOf = ({ subject, ancestors, relatives }: Facts) => {
    if (byModel.size === 0) return []
    const line = [subject, ...ancestors, ...relatives].map(({ model }) => model)
    return [...new Set(line.flatMap((model) => byModel.get(model) ?? []))]
  }
  return {
    rulesFor: (facts) => (judgesOf(facts).length === 0 ? NO_RULES : null),
    verdicts: (facts) => judgesOf(facts).flatMap((judged) => judged.verdicts(facts)),
    quick: (facts) =>
      judgesOf(facts).reduce<Verdict | null>((worst, judged) => worseOf(worst, judged.quick(facts)), null),
  }
}

/** What one charter says of facts; `quick`: the worst of it, without reasons. */
interface CharterJudge {
  verdicts(facts: Facts): RuleVerdict[]
  quick(facts: Facts): Verdict | null
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
): Promise<CharterJudge> {
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
): Promise<CharterJudge> {
  const { read, version, models, from, entry } = signed
  if (!read.ok || isTampered(entry))
    return { verdicts: (facts) => [notReadable(signed, facts, language)], quick: () => 'undecided' }
  const { by } = entry.statement.predicate
  const notices = await noticesIn(view)
  return judgedBy(
    await readyOf(estate, { charter: read.charter, version, models, from, signer: by }, notices),
    language,
  )
}

function judgedBy({ compiled, setting }: Ready, language: Language): CharterJudge {
  const packsMissing = (facts: Facts) => (facts.subject.site === null ? unknownPacks(compiled, facts, language) : [])
  return {
    verdicts: (facts) => [...judgeCharter(compiled, facts, setting, language), ...packsMissing(facts)],
    quick: (facts) =>
      worseOf(quickCharter(compiled, facts, setting), packsMissing(facts).length > 0 ? 'undecided' : null),
  }
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
