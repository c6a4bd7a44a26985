import type { CheckReport, ChecksReport, RuleVerdict, ShownFact } from '../contract/check.ts'
import { wrap } from './columns.ts'
import { shown } from './escape.ts'
import type { Translate } from './language.ts'
import { type Paint, paintFor } from './paint.ts'
import type { TextOptions } from './text-context.ts'

/** The result of `yukue check` for a terminal. Ends with a line feed. */
export function renderCheckText(report: CheckReport, options: TextOptions): string {
  return `${checkLines(report, options).join('\n')}\n`
}

/** Subjects shown in full on a terminal; the rest is counted. */
const MAX_SHOWN = 20

/** The result of `yukue check --all`: departures first, then what could not be decided. */
export function renderChecksText({ asOf, counts, checks }: ChecksReport, options: TextOptions): string {
  const { t } = options
  const paint = paintFor(options.colour)
  const open = checks.filter(({ verdict }) => verdict !== 'meets')
  const told = open.slice(0, MAX_SHOWN).flatMap((check) => [...checkLines(check, options), ''])
  const rest = counts.departs + counts.undecided - Math.min(open.length, MAX_SHOWN)
  const more = rest > 0 ? [t('check.more', { count: rest }), ''] : []
  return `${[...told, ...more, paint.strong(t('check.all', { asOf, ...counts }))].join('\n')}\n`
}

function checkLines({ name, site, asOf, verdict, rules }: CheckReport, { t, width, colour }: TextOptions): string[] {
  const paint = paintFor(colour)
  const values = { name: shown(name, 80), asOf, verdict: t(`check.verdict.${verdict}`) }
  const heading = site === null ? t('check.heading', values) : t('check.headingSite', values)
  const asked = rules.filter(({ applies }) => applies !== false)
  const open = asked.filter((rule) => rule.verdict !== 'meets')
  const met = asked.length - open.length
  const silent = rules.length - asked.length
  const order = [...open].sort((a, b) => Number(a.verdict !== 'departs') - Number(b.verdict !== 'departs'))
  return [
    paint.strong(heading),
    ...(rules.length === 0 ? [t('check.nothing')] : []),
    ...order.flatMap((rule) => ['', ...ruleLines(rule, t, paint, width)]),
    ...(met + silent > 0 ? [''] : []),
    ...(met > 0 ? [`✓ ${t('check.met', { count: met })}`] : []),
    ...(silent > 0 ? [`· ${t('check.notApplicable', { count: silent })}`] : []),
  ]
}

function ruleLines(rule: RuleVerdict, t: Translate, paint: Paint, width: number): string[] {
  const title = rule.site === null ? rule.title : t('check.atSite', { title: rule.title, site: rule.site })
  const line = (key: 'todo' | 'who' | 'by' | 'source', value: string | null) =>
    value === null ? [] : [`${t(`check.${key}`)}${t('list.colon')}${shown(value, 600)}`]
  const body = [
    shown(rule.reason, 1_000),
    ...line('todo', rule.todo),
    ...line('who', rule.who),
    ...line('by', rule.by),
    ...line('source', rule.source),
    ...rule.facts.filter(({ value }) => value !== null).map((fact) => factLine(fact, t)),
  ]
  return [
    paint.strong(`${t(`check.sign.${rule.verdict}`)} ${rule.id}`),
    ...[shown(title, 300), ...body].flatMap((text) => wrap(text, width - 2).map((part) => `  ${part}`)),
  ]
}

function factLine({ name, value, status }: ShownFact, t: Translate): string {
  const text = Array.isArray(value) ? value.join(t('list.separator')) : String(value)
  return `· ${t('check.fact', { name, value: shown(text, 200), status: t(`status.${status ?? 'declared'}.name`) })}`
}
