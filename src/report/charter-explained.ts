import type { CharterExplained, Happened } from '../contract/charter-reports.ts'
import type { CheckReport, RuleVerdict } from '../contract/check.ts'
import { actorText } from './actor-text.ts'
import { charterHead, charterParts, silentLine } from './charter-sentences.ts'
import { shown } from './escape.ts'
import type { Translate } from './language.ts'
import { changesText, namesOf } from './relation-text.ts'

/** One line of the page, with what stands below it. */
export interface Said {
  text: string
  below: string[]
  /** Whether it is the heading of those that follow. */
  isHeading?: boolean
}

/** A section of the page. */
export interface Told {
  id: 'may' | 'did' | 'departs' | 'undecided' | 'acts' | 'meets'
  heading: string
  lines: Said[]
}

type Held = CharterExplained['held'][number]

/** A page is read; whoever wants all of a long list asks for JSON. */
const MAX_LINES = 40

/**
 * A charter as an executive answers for it: what may happen, what did happen, what departs, what could not be decided, who acts by when.
 * Nothing that was judged is left out of it.
 */
export function tellCharter(report: CharterExplained, t: Translate): Told[] {
  const { held } = report
  const mayPart = { id: 'may' as const, heading: t('charter.explain.may'), lines: mayLines(report, t) }
  if (held.length === 0)
    return [mayPart, { id: 'did', heading: t('charter.explain.did'), lines: [said(t('charter.explain.notHeld'))] }]
  const parts: Told[] = [
    mayPart,
    { id: 'did', heading: t('charter.explain.did'), lines: held.flatMap((each) => didLines(each, held.length > 1, t)) },
    verdictPart('departs', held, t),
    verdictPart('undecided', held, t),
    { id: 'acts', heading: t('charter.explain.acts'), lines: actLines(held, t) },
    verdictPart('meets', held, t),
  ]
  return parts
}

/** What everything comes to, one sentence for each model. */
export function verdictLines(
  { held, asOf }: CharterExplained,
  t: Translate,
): { verdict: CheckReport['verdict']; text: string }[] {
  return held.map(({ check }) => {
    return {
      verdict: check.verdict,
      text: t(`charter.explain.verdict.${check.verdict}`, { day: asOf, name: shown(check.name) }),
    }
  })
}

function said(text: string, below: string[] = []): Said {
  return { text, below }
}

function mayLines({ charter }: CharterExplained, t: Translate): Said[] {
  const silent = silentLine(charter, t)
  return [
    ...charterHead(charter, t).map((line) => said(line)),
    ...(silent === null ? [] : [said(silent)]),
    ...charterParts(charter, t).flatMap(({ heading, lines }) => [
      { ...said(heading), isHeading: true },
      ...lines.map((line) => said(line)),
    ]),
  ]
}

function didLines({ happened, check }: Held, isOneOfMany: boolean, t: Translate): Said[] {
  const lines = [
    ...holderLines(happened, t),
    ...changeLines(happened, t),
    ...siteLines(happened, t),
    ...evaluationLines(happened, t),
    ...incidentLines(happened, t),
    said(t('charter.explain.measuredNote')),
  ]
  return isOneOfMany ? [{ ...said(shown(check.name)), isHeading: true }, ...lines] : lines
}

function cut(lines: Said[], t: Translate): Said[] {
  const left = lines.length - MAX_LINES
  return left > 0 ? [...lines.slice(0, MAX_LINES), said(t('charter.explain.more', { count: left }))] : lines
}

function holderLines({ holders }: Happened, t: Translate): Said[] {
  if (holders.length === 0) return [said(t('charter.explain.noHolders'))]
  const names = [...new Set(holders.map(({ holder }) => actorText(t, holder)))]
  return [said(t('charter.explain.holders', { names: names.join(t('list.separator')) }))]
}

function changeLines({ model, ancestors, relatives, descendants }: Happened, t: Translate): Said[] {
  const nameOf = namesOf([model, ...[...ancestors, ...relatives, ...descendants].map((step) => step.model)])
  const relations = new Map(
    [...ancestors, ...relatives].map(({ relation }) => [JSON.stringify([relation.child, relation.parents]), relation]),
  )
  if (relations.size === 0) return [said(t('charter.explain.unchanged'))]
  const lines = [...relations.values()].map((relation) => {
    const child = shown(nameOf(relation.child))
    const parents = relation.parents.map(({ id }) => shown(nameOf(id))).join(t('list.separator'))
    const changes = changesText(t, relation)
    if (relation.direction === 'undetermined') return said(t('charter.explain.open', { child, parents, changes }))
    return said(t('charter.explain.changed', { child, parents, changes, status: t(`status.${relation.status}.name`) }))
  })
  return cut(lines, t)
}

function siteLines({ sites }: Happened, t: Translate): Said[] {
  if (sites.length === 0) return [said(t('charter.explain.notUsed'))]
  const unsaid = t('charter.explain.unsaid')
  return cut(
    sites.map(({ site, at, until, purpose, jurisdiction }) => {
      const values = {
        site: shown(site),
        since: shown(at, 40),
        purpose: shown(purpose ?? unsaid, 240),
        place: shown(jurisdiction ?? unsaid, 80),
      }
      return said(
        until === null ? t('charter.explain.used', values) : t('charter.explain.usedUntil', { ...values, until }),
      )
    }),
    t,
  )
}

function evaluationLines({ evaluations }: Happened, t: Translate): Said[] {
  if (evaluations.length === 0) return [said(t('charter.explain.notEvaluated'))]
  return cut(
    evaluations.map(({ at, suite, metrics, status }) => {
      const figures = Object.entries(metrics).map(([name, value]) => `${shown(name, 40)} ${value}`)
      const all = [...figures, t(`status.${status}.name`)].join(t('list.separator'))
      return said(t('charter.explain.evaluated', { at: shown(at, 40), suite: shown(suite), figures: all }))
    }),
    t,
  )
}

function incidentLines({ exposures }: Happened, t: Translate): Said[] {
  if (exposures.length === 0) return [said(t('charter.explain.noIncident'))]
  return cut(
    exposures.map(({ at, severity, text, origin, path, settledBy }) => {
      const what = { at: shown(at, 40), severity: t(`severity.${severity}`), text: shown(text, 400) }
      const way = path.map(({ name }) => shown(name, 60)).join(' → ')
      const line =
        path.length === 1
          ? t('charter.explain.incident', what)
          : t('charter.explain.exposed', { ...what, origin: shown(origin.name), path: way })
      return said(line, settledBy === null ? [] : [t('exposure.settled', { number: settledBy })])
    }),
    t,
  )
}

function verdictPart(verdict: 'meets' | 'departs' | 'undecided', held: readonly Held[], t: Translate): Told {
  const lines = held.flatMap(({ check }) =>
    check.rules
      .filter((rule) => rule.verdict === verdict && rule.applies !== false)
      .map((rule) => said(ruleText(rule, check, held.length > 1, t), ruleBelow(rule, t))),
  )
  const none = {
    departs: t('charter.explain.nothingDeparts'),
    undecided: t('charter.explain.nothingUndecided'),
    meets: null,
  }[verdict]
  const filled = lines.length === 0 && none !== null ? [said(none)] : verdict === 'meets' ? cut(lines, t) : lines
  return { id: verdict, heading: t(`charter.explain.${verdict}`), lines: filled }
}

function ruleText(
  { title, reason, site }: RuleVerdict,
  { name }: CheckReport,
  isOneOfMany: boolean,
  t: Translate,
): string {
  const where = [...(isOneOfMany ? [shown(name)] : []), ...(site ? [shown(site)] : [])]
  const text = `${shown(title)}${t('list.colon')}${shown(reason, 2_000)}`
  return where.length === 0 ? text : t('list.note', { text, note: where.join(t('list.separator')) })
}

function ruleBelow({ verdict, todo, source, facts, id }: RuleVerdict, t: Translate): string[] {
  const numbers = [...new Set(facts.flatMap(({ statements }) => statements))].sort((a, b) => a - b)
  const told = numbers.slice(0, MAX_LINES).join(', ')
  return [
    ...(todo === null
      ? []
      : [t(verdict === 'undecided' ? 'charter.explain.settle' : 'charter.explain.todo', { todo: shown(todo, 2_000) })]),
    [shown(source), shown(id), ...(numbers.length > 0 ? [t('ledger.statementNumber', { number: told })] : [])].join(
      ' · ',
    ),
  ]
}

/** The soonest first; what nobody is named for last. */
function actLines(held: readonly Held[], t: Translate): Said[] {
  const open = held.flatMap(({ check }) =>
    check.rules.filter(({ verdict, applies }) => verdict !== 'meets' && applies !== false),
  )
  const acts = new Map<string, { by: string | null; text: string }>()
  for (const { who, by, todo, title } of open) {
    const what = `${shown(title)}${t('list.colon')}${shown(todo ?? '', 2_000)}`
    const name = who === null ? t('charter.explain.nobody') : shown(who)
    const text =
      by === null
        ? t('charter.explain.actNoDay', { who: name, todo: what })
        : t('charter.explain.act', { who: name, by, todo: what })
    acts.set(text, { by, text })
  }
  if (acts.size === 0) return [said(t('charter.explain.nothingDeparts'))]
  return [...acts.values()].sort((a, b) => ((a.by ?? '9999') < (b.by ?? '9999') ? -1 : 1)).map(({ text }) => said(text))
}
