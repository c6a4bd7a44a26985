import type { RuleVerdict, Verdict } from '../contract/check.ts'
import { FACT_DEFINITIONS } from './definitions.ts'
import { type CelValue, type Compile, celValue, compilerFor, type Expression, type Truth } from './expression.ts'
import { type Fact, type FactDefinition, type Facts, isKnown, type Texts, UNKNOWN } from './facts.ts'
import type { Pack, Rule } from './rule.ts'
import { filled, type Language, TEXTS } from './texts.ts'

/** A rule whose expressions have been checked. */
export interface CompiledRule {
  rule: Rule
  applies: Expression
  requires: Expression
  definitions: readonly FactDefinition[]
  /** Models by the thousand have the same values: a rule is evaluated once for each. */
  known: Map<string, Outcome>
}

/** What is wrong with a rule; a pack with any is not loaded. */
export interface RuleFault {
  rule: string
  where: 'applies' | 'requires' | 'id' | 'facts' | 'dates'
  message: string
}

interface Outcome {
  verdict: Verdict
  /** Null where it is not known whether the rule speaks of this at all. */
  applies: boolean | null
  reason: string
  todo: string | null
}

/** Checks every expression of the packs against the facts that there are, and those that they bring. All faults at once. */
export function compiled(packs: readonly Pack[]): { rules: CompiledRule[]; faults: RuleFault[] } {
  const rules: CompiledRule[] = []
  const faults: RuleFault[] = []
  const ids = new Set<string>()
  for (const pack of packs) {
    const definitions = [...FACT_DEFINITIONS, ...(pack.facts ?? [])]
    const compile = pack.facts ? compilerFor(definitions) : standard()
    const byName = new Map(definitions.map((definition) => [definition.name, definition]))
    if (byName.size < definitions.length)
      faults.push({ rule: pack.name, where: 'facts', message: 'a fact is defined twice' })
    for (const rule of pack.rules) {
      if (ids.has(rule.id)) faults.push({ rule: rule.id, where: 'id', message: 'is given twice' })
      ids.add(rule.id)
      const { ready, wrong } = compiledRule(rule, compile, byName)
      faults.push(...wrong)
      if (ready) rules.push(ready)
    }
  }
  return { rules, faults }
}

let environment: Compile | null = null

/** Made once: declaring all facts takes longer than checking all rules. */
function standard(): Compile {
  environment ??= compilerFor(FACT_DEFINITIONS)
  return environment
}

function compiledRule(
  rule: Rule,
  compile: Compile,
  byName: ReadonlyMap<string, FactDefinition>,
): { ready: CompiledRule | null; wrong: RuleFault[] } {
  const wrong: RuleFault[] = []
  const expressions = (['applies', 'requires'] as const).map((where) => {
    const expression = compile(rule[where])
    if (!('fault' in expression)) return expression
    wrong.push({ rule: rule.id, where, message: expression.fault })
    return null
  })
  const [applies, requires] = expressions
  if (rule.from !== null && rule.until !== null && rule.until <= rule.from)
    wrong.push({ rule: rule.id, where: 'dates', message: `${rule.until} is not after ${rule.from}` })
  if (!applies || !requires) return { ready: null, wrong }
  const definitions = [...new Set([...applies.reads, ...requires.reads])].sort().map((name) => byName.get(name)!)
  const ofSite = definitions.find(({ scope }) => scope === 'site')
  if (rule.scope === 'model' && ofSite)
    wrong.push({ rule: rule.id, where: 'facts', message: `${ofSite.name} is only known at a site` })
  return { ready: wrong.length > 0 ? null : { rule, applies, requires, definitions, known: new Map() }, wrong }
}

/**
 * What every rule of the subject's kind says of the facts: rules of models where the subject has no site, rules of sites where it
 * has one. In the order of their ids, whatever order they came in.
 */
export function judge(facts: Facts, rules: readonly CompiledRule[], language: Language = 'en'): RuleVerdict[] {
  const scope = facts.subject.site === null ? 'model' : 'site'
  return rules
    .filter(({ rule }) => rule.scope === scope)
    .map((each) => verdictOf(facts, each, language))
    .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
}

/** The overall verdict of the same rules, without saying why: for estates of which few models are ever looked at. Null: none was asked. */
export function quickVerdict(facts: Facts, rules: readonly CompiledRule[]): Verdict | null {
  const scope = facts.subject.site === null ? 'model' : 'site'
  let worst: Verdict | null = null
  for (const each of rules) {
    if (each.rule.scope !== scope) continue
    const { verdict } = outcomeOf(facts, each, 'en')
    if (verdict === 'departs') return verdict
    if (worst === null || verdict === 'undecided') worst = verdict
  }
  return worst
}

/** Of two verdicts the worse: departures before what could not be decided before what is met; null: nothing was asked. */
export function worseOf(a: Verdict | null, b: Verdict | null): Verdict | null {
  if (a === null || b === null) return a ?? b
  return overallVerdict([{ verdict: a }, { verdict: b }])
}

/** Departures before what could not be decided before what is met; nothing judged leaves everything open. */
export function overallVerdict(verdicts: readonly Pick<RuleVerdict, 'verdict'>[]): Verdict {
  if (verdicts.some(({ verdict }) => verdict === 'departs')) return 'departs'
  return verdicts.length === 0 || verdicts.some(({ verdict }) => verdict === 'undecided') ? 'undecided' : 'meets'
}

function verdictOf(facts: Facts, compiledRule: CompiledRule, language: Language): RuleVerdict {
  const { rule, definitions } = compiledRule
  const { applies, ...outcome } = outcomeOf(facts, compiledRule, language)
  return {
    id: rule.id,
    title: rule.title[language],
    site: facts.subject.site,
    model: facts.subject.model,
    applies,
    ...outcome,
    who: rule.who ?? null,
    by: rule.by ?? null,
    source: rule.source,
    facts: definitions.map(({ name }) => {
      const { value, status, statements } = factOf(facts, name)
      return {
        name,
        value: Array.isArray(value) ? [...value] : (value as string | number | boolean | null),
        status: value === null ? null : status,
        statements: [...statements],
      }
    }),
  }
}

/** Facts have own names only: `constructor` is not known, whatever every object has by that name. */
function factOf({ named }: Facts, name: string): Fact {
  return (Object.hasOwn(named, name) ? named[name] : undefined) ?? UNKNOWN
}

/** Beyond so many different sets of values remembering no longer pays. */
const MAX_KNOWN = 20_000

function outcomeOf(facts: Facts, compiledRule: CompiledRule, language: Language): Outcome {
  const { rule, definitions, known } = compiledRule
  const force = inForce(rule, facts.asOf)
  if (force !== 'yes') return notInForce(rule, force, language)
  let key: string = language
  for (const { name } of definitions) key += `\0${valueText(factOf(facts, name))}`
  const before = known.get(key)
  if (before) return before
  const outcome = evaluated(facts, compiledRule, language)
  if (known.size >= MAX_KNOWN) known.clear()
  known.set(key, outcome)
  return outcome
}

/** All of a fact that has a say in a verdict. */
function valueText({ value, status }: Fact): string {
  return status === 'disputed' ? '!' : value === null ? '?' : `${typeof value}${value}`
}

/** The names of all facts that rules of a kind read. */
export function namesRead(rules: readonly CompiledRule[], scope: Rule['scope']): string[] {
  const asked = rules.filter(({ rule }) => rule.scope === scope)
  return [...new Set(asked.flatMap(({ definitions }) => definitions.map(({ name }) => name)))].sort()
}

/** The values of facts as one text: where two have the same, rules that read no others say the same of both. */
export function valuesOf(facts: Facts, names: readonly string[]): string {
  let text = ''
  for (const name of names) text += `${valueText(factOf(facts, name))}\0`
  return text
}

function evaluated(facts: Facts, { rule, applies, requires, definitions }: CompiledRule, language: Language): Outcome {
  const context = contextOf(facts, definitions)
  const isAsked = applies.holds(context)
  if (isAsked.value === false)
    return { verdict: 'meets', applies: false, reason: TEXTS.notApplicable[language], todo: null }
  const isMet = requires.holds(context)
  const reason = (verdict: Verdict) => filled(rule.reasons[verdict][language], (name) => factOf(facts, name), language)
  if (isMet.value === true) return { verdict: 'meets', applies: isAsked.value, reason: reason('meets'), todo: null }
  if (isMet.value === false && isAsked.value === true)
    return { verdict: 'departs', applies: true, reason: reason('departs'), todo: rule.todo[language] }
  const open = [
    ...(isAsked.value === null ? [{ truth: isAsked, of: applies }] : []),
    ...(isMet.value === null ? [{ truth: isMet, of: requires }] : []),
  ]
  return {
    verdict: 'undecided',
    applies: isAsked.value,
    ...openReason(open, reason('undecided'), facts, definitions, language),
  }
}

/** Names what was missing, and what would settle it. */
function openReason(
  open: readonly { truth: Truth; of: Expression }[],
  said: string,
  facts: Facts,
  definitions: readonly FactDefinition[],
  language: Language,
): Pick<Outcome, 'reason' | 'todo'> {
  const names = new Set(open.flatMap(({ of }) => of.reads))
  const missing = definitions.filter((definition) => {
    return names.has(definition.name) && celOf(facts, definition) === undefined
  })
  const told = missing.map(({ name, meaning }) => {
    const text = factOf(facts, name).status === 'disputed' ? TEXTS.disputed : TEXTS.notKnown
    return text[language].replace('{{fact}}', () => meaning[language])
  })
  const faults = open.flatMap(({ truth }) => (truth.fault === null ? [] : [truth.fault]))
  const failed = faults.map((fault) => TEXTS.failed[language].replace('{{fault}}', () => fault))
  const settle = [...new Set(missing.map((definition) => textOf(definition.settle, language)))]
  return {
    reason: [said, ...told, ...failed].join(language === 'ja' ? '' : ' '),
    todo: settle.length > 0 ? settle.join(TEXTS.separator[language]) : TEXTS.mendRule[language],
  }
}

function textOf(texts: Texts, language: Language): string {
  return texts[language]
}

function contextOf(facts: Facts, definitions: readonly FactDefinition[]): Record<string, CelValue> {
  const context: Record<string, CelValue> = {}
  for (const definition of definitions) {
    const value = celOf(facts, definition)
    if (value !== undefined) context[definition.name] = value
  }
  return context
}

function celOf(facts: Facts, { name, type }: FactDefinition): CelValue | undefined {
  const fact = factOf(facts, name)
  return isKnown(fact) ? celValue(fact.value, type) : undefined
}

function inForce({ from, until }: Rule, asOf: string): 'yes' | 'not-yet' | 'no-more' {
  const day = asOf.slice(0, 'YYYY-MM-DD'.length)
  if (from !== null && day < from) return 'not-yet'
  return until !== null && day >= until ? 'no-more' : 'yes'
}

function notInForce({ from, until }: Rule, force: 'not-yet' | 'no-more', language: Language): Outcome {
  const text = force === 'not-yet' ? TEXTS.notYet : TEXTS.noMore
  const reason = text[language].replace('{{day}}', (force === 'not-yet' ? from : until) ?? '')
  return { verdict: 'meets', applies: false, reason, todo: null }
}
