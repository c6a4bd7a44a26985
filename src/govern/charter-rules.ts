import type { Charter, ContactMatter } from '../contract/charter.ts'
import type { RuleVerdict, Verdict } from '../contract/check.ts'
import { CHARTER_FACTS } from './charter-definitions.ts'
import { type CharterSetting, charterFacts, daysBetween } from './charter-facts.ts'
import { termsOf } from './charter-terms.ts'
import type { Facts, Texts } from './facts.ts'
import { type CompiledRule, compiled, judge, quickVerdict } from './judge.ts'
import type { Pack, Rule } from './rule.ts'
import type { Language } from './texts.ts'

/** A charter as it was signed. */
export interface CharterTerms {
  charter: Charter
  version: number | null
}

/** The rules that a charter comes to: one for each thing that it says. What it does not speak of has no rule. */
function charterPack({ charter, version }: CharterTerms): Pack {
  const { name, inForce } = charter
  const of = version === null ? name : `${name} v${version}`
  const rules = termsOf(charter).map((term): Rule => {
    const contact = contactFor(charter, term.matter)
    return {
      id: `charter/${name}/${term.id}`,
      scope: term.scope,
      source: `charter ${of}, ${term.section}`,
      // a version is chosen by the day before it is compiled; the last day is the charter's own
      from: null,
      until: inForce?.until === undefined ? null : dayAfter(inForce.until),
      applies: term.applies ? `charterCovers && ${term.applies}` : 'charterCovers',
      requires: term.requires,
      title: term.title,
      reasons: { meets: term.meets, departs: term.departs, undecided: OPEN },
      todo: term.todo,
      who: contact?.name ?? charter.accountable,
      by: null,
    }
  })
  return { name: `charter/${name}`, title: { en: name, ja: name }, rules, facts: CHARTER_FACTS }
}

/** The contact for a matter: named for it before named for departures before named for everything. */
function contactFor({ contacts = [] }: Charter, matter: ContactMatter) {
  const named = (wanted: ContactMatter) => contacts.find((contact) => contact.for?.includes(wanted))
  return named(matter) ?? named('departure') ?? contacts.find((contact) => contact.for === undefined)
}

/** A charter made ready to be held against many models. */
export interface CompiledCharter extends CharterTerms {
  rules: CompiledRule[]
}

/** Throws where a rule made here does not compile: a fault of this program, never of the charter. */
export function compiledCharter(terms: CharterTerms): CompiledCharter {
  const { rules, faults } = compiled([charterPack(terms)])
  const [fault] = faults
  if (fault) throw new Error(`${fault.rule}: ${fault.message}`)
  return { ...terms, rules }
}

/** What a charter says of a model, or of a model at a site; with who acts, and by which day. */
export function judgeCharter(
  { charter, rules }: CompiledCharter,
  facts: Facts,
  setting: CharterSetting,
  language: Language,
): RuleVerdict[] {
  const own = charterFacts(charter, facts, setting)
  const matters = new Map(termsOf(charter).map(({ id, matter }) => [`charter/${charter.name}/${id}`, matter]))
  return judge(withOwn(facts, own), rules, language).map((verdict) => {
    if (verdict.verdict === 'meets') return verdict
    const matter = matters.get(verdict.id)!
    const { incidents } = charter
    const within = verdict.id.endsWith('/tell-holders')
      ? incidents?.tellHoldersWithinDays
      : contactFor(charter, verdict.verdict === 'undecided' ? undecidedMatter(charter, matter) : matter)?.withinDays
    if (within === undefined) return verdict
    const days = verdict.facts.flatMap(({ name }) => own[name]?.since ?? []).sort()
    // what showed later than the day asked about cannot be
    const since = days.at(-1) ?? facts.asOf
    const start = daysBetween(since, facts.asOf) < 0 ? facts.asOf : since
    return { ...verdict, by: daysAfter(start, within) }
  })
}

/** The worst of it, without saying why. */
export function quickCharter(
  { charter, rules }: CompiledCharter,
  facts: Facts,
  setting: CharterSetting,
): Verdict | null {
  return quickVerdict(withOwn(facts, charterFacts(charter, facts, setting)), rules)
}

function withOwn(facts: Facts, own: ReturnType<typeof charterFacts>): Facts {
  return {
    ...facts,
    named: { ...facts.named, ...Object.fromEntries(Object.entries(own).map(([name, { fact }]) => [name, fact])) },
  }
}

function undecidedMatter({ contacts = [] }: Charter, matter: ContactMatter): ContactMatter {
  return contacts.some((contact) => contact.for?.includes('undecided')) ? 'undecided' : matter
}

const OPEN: Texts = {
  en: 'It cannot be said whether this is as agreed.',
  ja: '取り決めどおりかどうかを判断できません。',
}

function dayAfter(day: string): string {
  return daysAfter(day, 1)
}

const DAY_MS = 24 * 60 * 60 * 1_000

function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(day.slice(0, 10)) + days * DAY_MS).toISOString().slice(0, 10)
}
