import type { AuditReport } from '../contract/audit.ts'
import type { CompareReport } from '../contract/compare.ts'
import type { DossierLine } from '../contract/dossier.ts'
import type { FactStatus, TraceReport } from '../contract/trace.ts'
import type { Facts } from '../govern/facts.ts'
import { actorText } from './actor-text.ts'
import { shown } from './escape.ts'
import { bytesText, percentText, shortId, wholeText } from './figures.ts'
import type { Translate } from './language.ts'
import { changesText } from './relation-text.ts'

/** What a dossier is written from: all that is known of each model, and what the charters in force are. */
export interface DossierMaterial {
  t: Translate
  site: string | null
  models: readonly {
    trace: TraceReport
    facts: Facts
    printed: number | null
    seen: ReadonlyMap<string, number>
    related: readonly { models: readonly string[]; number: number }[]
  }[]
  charters: readonly {
    title: string
    name: string
    version: number
    from: string
    statement: number
    status: FactStatus
    accountable: string
    says: string[]
  }[]
}

/** Lines of one kind, for whichever headings ask for them. */
export type Lines = (material: DossierMaterial) => DossierLine[]

type OfModel = (model: DossierMaterial['models'][number], t: Translate, site: string | null) => DossierLine[]

/** The same of every model; with the model's name before it where there are several. */
function each(ofModel: OfModel): Lines {
  return ({ models, t, site }) =>
    models.flatMap((model) => {
      const lines = ofModel(model, t, site)
      if (models.length === 1) return lines
      return lines.map((line) => ({ ...line, text: `${shown(model.trace.model.name)}${t('list.colon')}${line.text}` }))
    })
}

function line(text: string, status: FactStatus | null, ...statements: (number | null)[]): DossierLine {
  return { text, status, statements: statements.filter((number) => number !== null) }
}

/** Of what was taken over from another log, the statement here that took it over. */
function here({
  statement,
  log,
}: {
  statement: number
  log?: TraceReport['hops'][number]['log'] | undefined
}): number | null {
  return log ? (log.here ?? null) : statement
}

export const LINES = {
  identity: each(({ trace: { model }, printed }, t) => [
    line(
      t('dossier.line.identity', {
        name: shown(model.name),
        id: model.id,
        size: model.parameters === null ? t('trace.unseen') : t('count.parameters', { count: model.parameters }),
      }),
      printed === null ? 'declared' : 'verified',
      printed,
    ),
  ]),
  provider: each(({ trace }, t) =>
    trace.sites.flatMap(({ actor, role, status, site, ...event }) =>
      actor === null || role === null
        ? []
        : [
            line(
              t('dossier.line.role', { actor: actorText(t, actor), role: t(`ledger.role.${role}`), site: shown(site) }),
              status,
              here(event),
            ),
          ],
    ),
  ),
  purpose: each(({ trace, facts }, t) => [
    ...trace.sites.flatMap(({ site, purpose, jurisdiction, at, until, status, ...event }) =>
      purpose === null
        ? []
        : [
            line(
              t('dossier.line.purpose', {
                site: shown(site),
                purpose: shown(purpose, 400),
                place: shown(jurisdiction ?? t('charter.explain.unsaid'), 80),
                since: until === null ? t('ledger.since', { date: at }) : t('ledger.fromUntil', { from: at, until }),
              }),
              status,
              here(event),
            ),
          ],
    ),
    ...claimLines(facts, 'intended-purpose', t),
  ]),
  lineage: each(({ facts, trace, related }, t) => {
    const nameOf = new Map(facts.ancestors.map(({ model, name }) => [model, name]))
    return [
      ...facts.ancestors.map(({ name, model, towards, changes, status, statement }) =>
        line(
          t('dossier.line.lineage', {
            child: shown(
              towards === facts.subject.model ? facts.subject.name : (nameOf.get(towards) ?? shortId(towards)),
            ),
            parent: `${shown(name)} (${shortId(model)})`,
            changes: changes.map((change) => t(`change.${change}.name`)).join(t('list.separator')),
          }),
          status,
          statement,
        ),
      ),
      ...trace.relatives.map(({ relation, model }) =>
        line(
          t('dossier.line.relative', { name: shown(model.name), changes: changesText(t, relation) }),
          relation.status === 'declared' ? 'declared' : 'inferred',
          ...related.filter(({ models }) => models.includes(model.id)).map(({ number }) => number),
        ),
      ),
    ]
  }),
  origin: each(({ trace }, t) =>
    trace.hops.map(({ at, event, from, to, status, confirmed, statement, log }) => {
      const ends = t('ledger.fromTo', { from: actorText(t, from), to: actorText(t, to) })
      const isOpen = from !== null && to !== null && from.id !== to.id && !confirmed
      const text = `${shown(at, 40)} ${t(`ledger.event.${event}`)}${t('list.colon')}${ends}`
      return line(
        isOpen ? t('list.note', { text, note: t('ledger.unconfirmed') }) : text,
        status,
        here({ statement, log }),
      )
    }),
  ),
  baseClaims: each(({ trace }, t) =>
    trace.claims
      .filter(({ subject }) => subject === 'base' || subject === 'quantisation')
      .map(({ subject, value, status, measured, ...event }) =>
        line(
          `${t(`ledger.claim.${subject}`)}${t('list.colon')}${shown(value, 240)}${measured === null ? '' : ` (${t('ledger.measured', { what: shown(measured, 80) })})`}`,
          status,
          here(event),
        ),
      ),
  ),
  licences: each(({ facts }, t) => [
    ...claimLines(facts, 'licence', t),
    ...facts.ancestors.flatMap(({ name, claims }) =>
      claims
        .filter(({ subject }) => subject === 'licence')
        .map(({ value, status, statement }) =>
          line(t('dossier.line.licence', { name: shown(name), licence: shown(value, 240) }), status, statement),
        ),
    ),
  ]),
  forms: each(({ trace, seen }, t) =>
    trace.places.map(({ path, format, bytes, status, lastSeen }) =>
      line(
        t('dossier.line.place', {
          path: shown(path),
          format: shown(format, 40),
          size: bytesText(bytes),
          seen: shown(lastSeen, 40),
        }),
        status,
        seen.get(path) ?? null,
      ),
    ),
  ),
  evaluations: each(({ trace }, t) =>
    trace.evaluations.map(({ at, suite, metrics, status, report, ...event }) => {
      const figures = Object.entries(metrics).map(([name, value]) => `${shown(name, 40)} ${value}`)
      const digest = report === null ? [] : [`${shown(report.name)} SHA-256 ${report.sha256}`]
      return line(
        `${shown(at, 40)} ${shown(suite)}${t('list.colon')}${[...figures, ...digest].join(t('list.separator')) || '–'}`,
        status,
        here(event),
      )
    }),
  ),
  impact: each(({ facts }, t) =>
    facts.audits.flatMap(({ at, result, status, statement, site }) =>
      result === null ? [] : impactLines(result, at, site, t).map((text) => line(text, status, statement)),
    ),
  ),
  comparisons: each(({ facts }, t) =>
    facts.comparisons.flatMap(({ at, result, status, statement }) =>
      flipLines(result, at, t).map((text) => line(text, status, statement)),
    ),
  ),
  incidents: each(({ trace: { exposures = [] } }, t) => [
    ...(exposures.length === 0 ? [line(t('charter.explain.noIncident'), null)] : []),
    ...exposures.map(({ at, severity, text, origin, path, settledBy, status, ...event }) => {
      const way =
        path.length > 1 ? ` ${t('exposure.path', { path: path.map(({ name }) => shown(name, 60)).join(' → ') })}` : ''
      const standing = settledBy === null ? t('exposure.open') : t('exposure.settled', { number: settledBy })
      const what = `${shown(at, 40)} ${t(`severity.${severity}`)}${t('list.colon')}${shown(text, 400)}`
      return line(`${what} (${shown(origin.name, 60)}; ${standing})${way}`, status, here(event), settledBy)
    }),
  ]),
  holders: each(({ trace: { holders = [], hops, sites }, seen }, t) =>
    holders.map(({ holder, since, status, copies }) => {
      const events = [
        ...hops.filter(({ from, to }) => from?.id === holder.id || to?.id === holder.id),
        ...sites.filter(({ actor }) => actor?.id === holder.id),
      ]
      const numbers = copies === null ? events.map(here) : [...seen.values()]
      return line(`${actorText(t, holder)} (${t('ledger.since', { date: shown(since, 40) })})`, status, ...numbers)
    }),
  ),
  sideFiles: each(({ facts }, t) =>
    (facts.presence?.sideFiles ?? []).map(({ path, role, change }) =>
      line(t(`site.side.${change}`, { path: shown(path), role: shown(role, 40) }), 'verified', ...presentAt(facts)),
    ),
  ),
  charters: (({ charters, t }) =>
    charters.flatMap(({ title, version, from, statement, status, accountable, says }) => [
      line(
        t('dossier.line.charter', { title: shown(title), version, from, accountable: shown(accountable) }),
        status,
        statement,
      ),
      ...says.map((text) => line(text, status, statement)),
    ])) satisfies Lines,
  oversight: each(({ facts }, t) => claimLines(facts, 'human-oversight', t)),
  transparency: each(({ facts }, t) => [
    ...claimLines(facts, 'transparency', t),
    ...claimLines(facts, 'candidate-notice', t),
  ]),
  monitoring: each(({ facts }, t) => [...claimLines(facts, 'monitoring', t), ...claimLines(facts, 'log-retention', t)]),
  feedback: each(({ facts }, t) => claimLines(facts, 'feedback-loop', t)),
  conformity: each(({ facts }, t) => claimLines(facts, 'conformity', t)),
  compute: each(({ facts }, t) => claimLines(facts, 'training-flop', t)),
  published: each(({ facts }, t) => claimLines(facts, 'audit-summary', t)),
  notices: each(({ facts }, t) => claimLines(facts, 'candidate-notice', t)),
} satisfies Record<string, Lines>

/** The statements by which scans saw what lies at the site. */
function presentAt({ presence }: Facts): number[] {
  return (presence?.present ?? []).map(({ statement }) => statement)
}

function claimLines({ claims }: Facts, wanted: string, t: Translate): DossierLine[] {
  return claims
    .filter(({ subject }) => subject === wanted)
    .map(({ subject, value, at, status, statement, site }) => {
      const where = site === null ? '' : ` (${shown(site, 80)})`
      return line(
        `${t(`ledger.claim.${subject as 'base'}`)}${t('list.colon')}${shown(value, 400)}${where}, ${shown(at, 40)}`,
        status,
        statement,
      )
    })
}

/** Selection rate and impact ratio of every group, as an audit measured them. */
function impactLines(
  { attributes, intersections, window, decisions }: AuditReport,
  at: string,
  site: string | null,
  t: Translate,
): string[] {
  const head = t('dossier.line.audit', {
    at: shown(at, 40),
    site: shown(site ?? t('charter.explain.unsaid'), 80),
    decisions: wholeText(decisions),
    from: shown(window.from ?? '?', 40),
    to: shown(window.to ?? '?', 40),
  })
  const groups = [
    ...attributes.flatMap(({ attribute, categories, unknown }) => [
      ...categories.map((figures) => ({
        ...figures,
        name: `${shown(attribute, 40)} = ${shown(figures.category, 80)}`,
      })),
      ...(unknown > 0 ? [{ unknown, attribute }] : []),
    ]),
    ...intersections.map((figures) => ({
      ...figures,
      name: Object.entries(figures.cell)
        .map(([name, value]) => `${shown(name, 40)} = ${shown(value, 80)}`)
        .join(', '),
    })),
  ]
  return [
    head,
    ...groups.map((group) => {
      if ('unknown' in group)
        return t('audit.ll144.unknown', { count: group.unknown, attribute: shown(group.attribute, 40) })
      const { name, n, selected, rate, impactRatio, excluded } = group
      const ratio = impactRatio === null ? 'N/A' : impactRatio.toFixed(2)
      const text = t('dossier.line.group', {
        name,
        n: wholeText(n),
        selected: wholeText(selected),
        rate: percentText(rate),
        ratio,
      })
      return excluded ? t('list.note', { text, note: t('dossier.line.excluded') }) : text
    }),
  ]
}

function flipLines({ items, flips, negativeFlips, groups }: CompareReport, at: string, t: Translate): string[] {
  const of = (rate: number, right: number | null) =>
    t('dossier.line.flips', { rate: percentText(rate), negative: right === null ? '–' : percentText(right) })
  return [
    `${shown(at, 40)}${t('list.colon')}${t('dossier.line.compared', { items: wholeText(items) })} ${of(flips.rate, negativeFlips?.rate ?? null)}`,
    ...groups.map(({ attribute, category, flips, negativeFlips }) => {
      return `${shown(attribute, 40)} = ${shown(category, 80)}${t('list.colon')}${of(flips.rate, negativeFlips?.rate ?? null)}`
    }),
  ]
}
