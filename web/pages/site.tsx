import { lazy } from 'react'
import { Link } from 'wouter'
import type { ModelDetails } from '../../src/contract/api.ts'
import type { CheckReport } from '../../src/contract/check.ts'
import type { SiteReport } from '../../src/contract/site.ts'
import { visible } from '../../src/report/escape.ts'
import { SiteImpact } from '../impact/site-impact.tsx'
import { useLanguage } from '../language.tsx'
import { Answer } from '../parts/answer.tsx'
import { Download } from '../parts/download.tsx'
import { day, shortId } from '../parts/format.ts'
import { ActorLink, changeAddress, ModelLink, NamedModel, StatementLink } from '../parts/links.tsx'
import { RuleCard } from '../parts/rule.tsx'
import { Status } from '../parts/tags.tsx'
import { useTitle } from '../parts/title.ts'
import { VerdictList } from '../parts/verdict-list.tsx'
import { useAnswer } from '../server.ts'
import { Opener } from '../write/opener.tsx'

const RecordForm = lazy(() => import('../write/record.tsx'))
const DecisionsForm = lazy(() => import('../write/decisions.tsx'))

/** One deployment: what was approved, what runs there, what was done to it, what it does to people, and what follows. */
export default function Site({ name }: { name: string }) {
  const { t } = useLanguage()
  useTitle(visible(name))
  const path = `sites/${encodeURIComponent(name)}`
  const check = useAnswer<CheckReport>(`${path}/check`)
  const site = useAnswer<SiteReport>(path)
  return (
    <>
      <div className="page-head">
        <p className="soft small">{t('web.site.kind')}</p>
        <h1>
          <bdi>{visible(name)}</bdi>
        </h1>
        <div className="actions">
          <Download path={`${path}/dossier`} name={`${name}.dossier.html`} label={t('web.download.dossier')} />
          {site.data === undefined ? null : <Writing report={site.data} />}
        </div>
      </div>
      <Answer of={site}>{(report) => <Deployment report={report} />}</Answer>
      <section aria-labelledby="impact">
        <h2 id="impact">{t('web.site.people')}</h2>
        <SiteImpact site={name} />
      </section>
      <section aria-labelledby="open">
        <h2 id="open">{t('web.model.open')}</h2>
        <Answer of={check}>
          {(found) => (
            <VerdictList check={found}>
              {(rule) => <RuleCard rule={rule} ofMany={found.models.length > 1} />}
            </VerdictList>
          )}
        </Answer>
      </section>
    </>
  )
}

/** What may be written down of the site: of what was approved there, and of what runs there. */
function Writing({ report: { site, approved, present } }: { report: SiteReport }) {
  const { t } = useLanguage()
  const { data } = useAnswer<ModelDetails>(`models/${encodeURIComponent(approved.model)}`)
  const there = present.map(({ model, name }) => [model, name] as const)
  const named = new Map([[approved.model, data?.name ?? ''], ...there])
  const models = [...named].map(([id, name]) => ({ id, name }))
  return (
    <>
      <Opener needs="recorder" label={t('web.record.open')}>
        <RecordForm models={models} site={site} />
      </Opener>
      <Opener needs="recorder" label={t('web.upload.decisions.open')}>
        <DecisionsForm model={models[0] ?? null} site={site} />
      </Opener>
    </>
  )
}

function Deployment({ report }: { report: SiteReport }) {
  const { t } = useLanguage()
  const { approved } = report
  const names = new Map(report.present.map(({ model, name }) => [model, name]))
  return (
    <>
      <p className="lead">{t(`site.verdict.${report.verdict}`)}</p>
      <Approval approved={approved} />
      <section aria-labelledby="done">
        <h2 id="done">{t('web.site.done')}</h2>
        {report.differences.length === 0 ? (
          <p className="empty">{t(`web.site.noDifference.${report.verdict}`)}</p>
        ) : null}
        <div className="stack">
          {report.differences.map((difference) => (
            <Difference
              key={`${difference.kind} ${difference.path}`}
              difference={difference}
              approved={approved.model}
              name={difference.kind === 'model' ? (names.get(difference.model) ?? shortId(difference.model)) : ''}
            />
          ))}
        </div>
        {report.present.length === 0 ? null : (
          <>
            <h3 className="sub">{t('site.present')}</h3>
            <ul className="plain">
              {report.present.map(({ model, name, path }) => (
                <li key={path} className="row">
                  <ModelLink id={model} name={name} /> <code className="soft">{visible(path)}</code>
                </li>
              ))}
            </ul>
          </>
        )}
      </section>
    </>
  )
}

function Approval({ approved }: { approved: SiteReport['approved'] }) {
  const { t, language } = useLanguage()
  return (
    <dl className="facts">
      <dt>{t('site.approved')}</dt>
      <dd className="row">
        <NamedModel id={approved.model} />
        <Status status={approved.status} />
        <StatementLink number={approved.statement} />
      </dd>
      <dt>{t('web.site.purpose')}</dt>
      <dd>{visible(approved.purpose ?? t('web.site.noPurpose'))}</dd>
      <dt>{t('web.site.actor')}</dt>
      <dd>
        <ActorLink actor={approved.actor} />
        {approved.role === null ? null : <span className="soft"> · {t(`ledger.role.${approved.role}`)}</span>}
      </dd>
      <dt>{t('web.site.jurisdiction')}</dt>
      <dd>{visible(approved.jurisdiction ?? '–')}</dd>
      <dt>{t('web.site.period')}</dt>
      <dd>
        {approved.until === null
          ? t('ledger.since', { date: day(approved.at, language) })
          : t('ledger.fromUntil', { from: day(approved.at, language), until: day(approved.until, language) })}
      </dd>
    </dl>
  )
}

/** What was done to what runs there. */
function Difference({
  difference,
  approved,
  name,
}: {
  difference: SiteReport['differences'][number]
  approved: string
  name: string
}) {
  const { t } = useLanguage()
  if (difference.kind === 'layout')
    return <p className="card">{t('site.layout', { path: visible(difference.path) })}</p>
  if (difference.kind === 'side-file') {
    const { path, role, change } = difference
    return <p className="card">{t(`site.side.${change}`, { path: visible(path), role })}</p>
  }
  const { relation, model, path } = difference
  return (
    <article className="card verdict departs">
      <h3>{t('site.model', { path: visible(path), name: visible(name) })}</h3>
      {relation === null ? (
        <p>{t('site.stranger')}</p>
      ) : (
        <>
          <p className="row">
            <strong>{relation.changes.map((change) => t(`change.${change}.name`)).join(t('list.separator'))}</strong>
            <Status status={relation.status} />
            {relation.direction === 'known' ? null : <span className="tag open">{t('direction.undetermined')}</span>}
          </p>
          {relation.changes.map((change) => (
            <p key={change} className="soft small">
              {t(`change.${change}.meaning`)}
            </p>
          ))}
          <p>
            <Link href={changeAddress(approved, model)}>{t('web.change.whole')}</Link>
          </p>
        </>
      )}
    </article>
  )
}
