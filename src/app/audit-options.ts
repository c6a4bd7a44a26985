import { CommandError } from '../contract/command-error.ts'
import type { AuditOptions } from './audit.ts'

/** What is asked of a log of decisions, as texts: the flags of `yukue audit`, and what a request has in their place. */
export interface AuditFlags {
  decision?: string | undefined
  favourable?: string[] | undefined
  score?: string | undefined
  group?: string[] | undefined
  stratum?: string | undefined
  weight?: string | undefined
  subject?: string | undefined
  site?: string | undefined
  model?: string | undefined
  time?: string | undefined
  timeFormat?: string | undefined
  from?: string | undefined
  to?: string | undefined
  outcome?: string | undefined
  positive?: string[] | undefined
  reference?: string[] | undefined
  unknown?: string[] | undefined
  minShare?: string | undefined
  justification?: string | undefined
  parentSite?: string | undefined
  deployer?: string | undefined
  base?: string[] | undefined
  effect?: boolean | undefined
  holdout?: string | undefined
  probability?: string | undefined
  threshold?: string | undefined
  unit?: string | undefined
  adopted?: string | undefined
  period?: string | undefined
  deployed?: string[] | undefined
  feature?: string[] | undefined
  table?: string | undefined
  seed?: string | undefined
}

const PERIODS = ['day', 'week', 'month', 'quarter', 'year'] as const

/** The largest seed: 32 bits. */
const MAX_SEED = 0xffff_ffff

/** Texts as one set of options; contradictions and missing halves of a pair are refused. */
export function auditOptionsFrom(path: string, flags: AuditFlags): AuditOptions {
  const decision = flags.decision ?? null
  const favourable = flags.favourable ?? []
  if (decision !== null && favourable.length === 0) throw needed('--favourable', '--decision')
  if (decision === null && favourable.length > 0) throw needed('--decision', '--favourable')
  const asksEffect = flags.effect ?? false
  if (decision === null && flags.score === undefined && !asksEffect) throw needed('--decision', 'audit')
  // numbers or periods of a panel are no times of decisions
  const isWindowed = flags.from !== undefined || flags.to !== undefined
  const isPanel = asksEffect && !isWindowed && flags.unit !== undefined && decision === null
  const question = {
    decision,
    favourable,
    score: flags.score ?? null,
    groups: distinct(flags.group ?? [], '--group'),
    stratum: flags.stratum ?? null,
    weight: flags.weight ?? null,
    subject: flags.subject ?? null,
    site: flags.site ?? null,
    model: flags.model ?? null,
    time: isPanel || (flags.adopted !== undefined && asksEffect && !isWindowed) ? null : (flags.time ?? null),
    timeFormat: flags.timeFormat ?? null,
    from: dayFrom('--from', flags.from),
    to: dayFrom('--to', flags.to),
    outcome: (flags.positive ?? []).length > 0 ? (flags.outcome ?? null) : null,
    positive: flags.positive ?? [],
    references: Object.fromEntries((flags.reference ?? []).map((text) => pairFrom('--reference', text))),
    minimumShare: minimumShare(flags),
    unknown: flags.unknown ?? null,
    parentSite: flags.parentSite ?? null,
    seed: wholeFrom('--seed', flags.seed ?? '1', MAX_SEED),
  }
  if ((question.from !== null || question.to !== null) && question.time === null) throw needed('--time', '--from, --to')
  if (question.parentSite !== null && question.site === null) throw needed('--site', '--parent-site')
  if (flags.outcome !== undefined && !asksEffect && question.outcome === null) throw needed('--positive', '--outcome')
  const deployed = (flags.deployed ?? []).map((text) => dayFrom('--deployed', text)!)
  return {
    path,
    table: flags.table ?? null,
    question,
    probability: flags.probability ?? null,
    deployer: flags.deployer ?? null,
    bases: Object.fromEntries((flags.base ?? []).map((text) => pairFrom('--base', text))),
    deployed,
    ledger: null,
    design: asksEffect
      ? {
          outcome: flags.outcome ?? null,
          positive: question.positive,
          decision,
          favourable,
          holdout: flags.holdout ?? null,
          probability: flags.probability ?? null,
          subject: question.subject,
          score: question.score,
          threshold: flags.threshold === undefined ? null : numberFrom('--threshold', flags.threshold),
          unit: flags.unit ?? null,
          time: flags.time ?? null,
          timeFormat: question.timeFormat,
          period: periodFrom(flags.period),
          adopted: flags.adopted ?? null,
          deployed,
          features: flags.feature ?? [],
          from: question.from,
          to: question.to,
        }
      : null,
  }
}

function minimumShare({ minShare, justification }: AuditFlags) {
  if (minShare === undefined) return null
  const share = numberFrom('--min-share', minShare.replace(/%$/, '')) / (minShare.endsWith('%') ? 100 : 1)
  if (!(share >= 0 && share < 1)) throw unusable('--min-share', minShare, '0 … 1, 2%')
  if (justification === undefined || justification.trim() === '') throw needed('--justification', '--min-share')
  return { share, justification }
}

function pairFrom(option: string, text: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 1) throw unusable(option, text, 'name=value')
  return [text.slice(0, at), text.slice(at + 1)]
}

function distinct(names: string[], option: string): string[] {
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new CommandError({ code: 'option-twice', option, first: twice, second: twice })
  return names
}

function dayFrom(option: string, text: string | undefined): string | null {
  if (text === undefined) return null
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && isCalendarDay(text)
  if (!isDay) throw unusable(option, text, '2024-01-31')
  return text
}

/** The 30th of February would roll over into March. */
function isCalendarDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
}

function periodFrom(text: string | undefined) {
  const period = PERIODS.find((known) => known === (text ?? 'month'))
  if (!period) throw unusable('--period', text!, PERIODS.join(', '))
  return period
}

export function numberFrom(option: string, text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw unusable(option, text, '0.5, 620')
  return value
}

export function wholeFrom(option: string, text: string, most: number): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value > most) throw new CommandError({ code: 'bad-number', option, value: text })
  return value
}

function needed(option: string, because: string): CommandError {
  return new CommandError({ code: 'option-needed', option, because })
}

function unusable(option: string, value: string, expected: string): CommandError {
  return new CommandError({ code: 'option-not-usable', option, value, expected })
}
