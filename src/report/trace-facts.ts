import type { TraceReport } from '../contract/trace.ts'
import { actorText, signaturesText } from './actor-text.ts'
import { shown } from './escape.ts'
import { shortId } from './figures.ts'
import type { TextContext } from './text-context.ts'

/** The first line of an entry and those below it, unwrapped. */
export type TextEntry = [first: string, ...rest: string[]]

type Site = TraceReport['sites'][number]

export function hopEntries(hops: TraceReport['hops'], { t }: TextContext): TextEntry[] {
  return hops.map(({ event, from, to, place, at, confirmed, status, signatures, note, log }) => {
    const ends = t('ledger.fromTo', { from: actorText(t, from), to: actorText(t, to) })
    const isBetween = from !== null && to !== null && from.id !== to.id
    const standing = isBetween ? [t(confirmed ? 'ledger.confirmed' : 'ledger.unconfirmed')] : []
    const rest = [[t(`status.${status}.name`), ...standing, ...signaturesText(t, signatures)].join(' · ')]
    return [
      `• ${shown(at, 40)}  ${t(`ledger.event.${event}`)}  ${ends}`,
      ...rest,
      ...[place, note].flatMap(remark),
      ...there(log, t),
    ]
  })
}

export function siteEntries(sites: readonly Site[], context: TextContext, traced: string): TextEntry[] {
  const { t, nameOf } = context
  return sites.map((site) => {
    const { actor, role, purpose, jurisdiction, at, until, model, status, signatures, place } = site
    const time = until === null ? t('ledger.since', { date: at }) : t('ledger.fromUntil', { from: at, until })
    const facts = [
      ...(model === traced ? [] : [t('ledger.ofModel', { name: shown(nameOf(model), 60) })]),
      actorText(t, actor),
      ...(role === null ? [] : [t(`ledger.role.${role}`)]),
      ...[purpose, jurisdiction].flatMap(remark),
    ]
    const standing = [t(`status.${status}.name`), ...signaturesText(t, signatures)].join(' · ')
    return [`• ${shown(site.site, 80)}  ${time}`, facts.join(' · '), standing, ...remark(place)]
  })
}

export function claimEntries(claims: TraceReport['claims'], { t }: TextContext): TextEntry[] {
  return claims.map(({ subject, value, by, status, measured, at, log }) => {
    const weights =
      measured !== null
        ? t('ledger.measured', { what: measured.startsWith('blake3:') ? shortId(measured) : shown(measured, 60) })
        : t(status === 'disputed' ? 'ledger.contradicted' : 'ledger.notMeasured')
    const first = `• ${t(`ledger.claim.${subject}`)}${t('list.colon')}${shown(value, 120)}`
    return [first, [t(`status.${status}.name`), weights, actorText(t, by), shown(at, 40)].join(' · '), ...there(log, t)]
  })
}

export function evaluationEntries(evaluations: TraceReport['evaluations'], { t }: TextContext): TextEntry[] {
  return evaluations.map(({ suite, by, metrics, status, at }) => {
    const figures = Object.entries(metrics).map(([name, value]) => `${shown(name, 40)} ${value}`)
    return [
      `• ${shown(at, 40)}  ${shown(suite, 80)}`,
      [t(`status.${status}.name`), actorText(t, by), ...figures].join(' · '),
    ]
  })
}

export function incidentEntries(incidents: TraceReport['incidents'], { t }: TextContext): TextEntry[] {
  return incidents.map(({ severity, text, by, status, at, reference }) => [
    `• ${shown(at, 40)}  ${t(`severity.${severity}`)}${t('list.colon')}${shown(text, 400)}`,
    [t(`status.${status}.name`), actorText(t, by)].join(' · '),
    ...remark(reference),
  ])
}

/** Incidents of a model and of what it came from, with the path that connects them. */
export function exposureEntries(exposures: NonNullable<TraceReport['exposures']>, { t }: TextContext): TextEntry[] {
  return exposures.map(({ severity, text, status, at, origin, path, settledBy, statement, log }) => {
    const way = path.map(({ name }) => shown(name, 60)).join(' → ')
    const standing = settledBy === null ? t('exposure.open') : t('exposure.settled', { number: settledBy })
    return [
      `${settledBy === null ? '✗' : '•'} ${shown(at, 40)}  ${t(`severity.${severity}`)}${t('list.colon')}${shown(text, 400)}`,
      [
        standing,
        t(`status.${status}.name`),
        t('exposure.of', { name: shown(origin.name, 60), number: statement }),
      ].join(' · '),
      ...(path.length > 1 ? [t('exposure.path', { path: way })] : []),
      ...there(log, t),
    ]
  })
}

/** What the incidents of a model reach. */
export function exposedEntries(exposed: NonNullable<TraceReport['exposed']>, { t }: TextContext): TextEntry[] {
  return exposed.map(({ model, path, sites }) => [
    `✗ ${shown(model.name)}  ${shortId(model.id)}`,
    ...(path.length > 1 ? [t('exposure.path', { path: path.map(({ name }) => shown(name, 60)).join(' → ') })] : []),
    ...(sites.length > 0
      ? [t('exposure.sites', { sites: sites.map((site) => shown(site, 80)).join(t('list.separator')) })]
      : []),
  ])
}

export function holderEntries(holders: NonNullable<TraceReport['holders']>, { t }: TextContext): TextEntry[] {
  return holders.map(({ holder, since, copies, status }) => {
    const facts = [t(`status.${status}.name`), t('ledger.since', { date: shown(since, 40) })]
    if (copies !== null) facts.push(t('ledger.copiesHere', { count: copies }))
    return [`• ${actorText(t, holder)}`, facts.join(' · ')]
  })
}

/** In which log a statement stands that came with a passport. */
function there(log: TraceReport['hops'][number]['log'], t: TextContext['t']): string[] {
  return log ? [t('passport.text.inLog', { origin: shown(log.origin, 80), number: log.number ?? '–' })] : []
}

function remark(text: string | null): string[] {
  return text === null ? [] : [shown(text, 400)]
}
