import { lazy } from 'react'
import { Link, useSearchParams } from 'wouter'
import type { ResultSummary } from '../../src/contract/api.ts'
import type { MeasuredResult } from '../../src/contract/api-ledger.ts'
import { visible } from '../../src/report/escape.ts'
import { AuditView } from '../impact/audit-view.tsx'
import { FlipsByGroup } from '../impact/flips.tsx'
import { SimulationView } from '../impact/simulation.tsx'
import { useLanguage } from '../language.tsx'
import { Answer } from '../parts/answer.tsx'
import { Download } from '../parts/download.tsx'
import { day, whole } from '../parts/format.ts'
import { changeAddress, ModelLink, SiteLink, StatementLink } from '../parts/links.tsx'
import { Table } from '../parts/table.tsx'
import { Severity } from '../parts/tags.tsx'
import { useTitle } from '../parts/title.ts'
import type { Results } from '../results.ts'
import { addressOf, useAnswer } from '../server.ts'
import { Opener } from '../write/opener.tsx'

const DecisionsForm = lazy(() => import('../write/decisions.tsx'))

/** What use of the models does to people: everything measured, or one result in full. */
export default function Impact({ number }: { number?: number }) {
  return number === undefined ? <AllResults /> : <OneResult number={number} />
}

function AllResults() {
  const { t, language } = useLanguage()
  useTitle(t('web.nav.impact'))
  const [parameters] = useSearchParams()
  const site = parameters.get('site')
  return (
    <>
      <div className="page-head">
        <h1>{site === null ? t('web.impact.title') : t('web.impact.titleSite', { site: visible(site) })}</h1>
        <p className="soft">{t('web.impact.intro')}</p>
        <div className="actions">
          <Opener needs="recorder" label={t('web.upload.decisions.open')}>
            <DecisionsForm site={site} />
          </Opener>
        </div>
      </div>
      <Answer of={useAnswer<Results>('results', { site, limit: 500 })}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="note">{t('web.impact.nothing')}</p>
          ) : (
            <Table
              caption={t('web.impact.results')}
              head={[
                t('web.impact.measured'),
                t('web.site.site'),
                t('web.site.model'),
                t('web.impact.on'),
                t('web.impact.rows'),
                t('web.impact.findings'),
                t('web.impact.grade'),
              ]}
              numbers={[4]}
              rows={items.map((item) => ({ key: `${item.number}`, cells: cellsOf(item) }))}
            />
          )
        }
      </Answer>
    </>
  )

  function cellsOf(item: ResultSummary) {
    return [
      <Link key="kind" href={`/impact/${item.number}`}>
        {t(`web.result.${item.kind}`)}
      </Link>,
      item.site === null ? '–' : <SiteLink key="site" site={item.site} />,
      <span key="models">
        {item.models.map(({ id, name }, at) => (
          <span key={id}>
            {at > 0 ? t('list.separator') : ''}
            <ModelLink id={id} name={name} />
          </span>
        ))}
      </span>,
      day(item.at, language),
      item.rows === null ? '–' : whole(item.rows, language),
      <span key="findings" className="row">
        {item.findings}
        {item.severity === null ? null : <Severity severity={item.severity} />}
      </span>,
      item.grade ?? (item.kind === 'audit' ? t('web.impact.noGrade') : '–'),
    ]
  }
}

function OneResult({ number }: { number: number }) {
  return (
    <Answer of={useAnswer<MeasuredResult>(`results/${number}`)}>{(measured) => <Shown measured={measured} />}</Answer>
  )
}

function Shown({ measured }: { measured: MeasuredResult }) {
  const { t, language } = useLanguage()
  const title = `${t(`web.result.${measured.kind}`)}${measured.site === null ? '' : ` – ${visible(measured.site)}`}`
  useTitle(title)
  const { result } = measured
  const [parent, child] = measured.models
  return (
    <>
      <div className="page-head">
        <p className="soft small">{t('web.nav.impact')}</p>
        <h1>{title}</h1>
        <p className="row">
          {measured.models.map(({ id, name }) => (
            <ModelLink key={id} id={id} name={name} />
          ))}
          {measured.site === null ? null : <SiteLink site={measured.site} />}
          <span className="soft small">{day(measured.at, language)}</span>
          <StatementLink number={measured.number} />
          <a
            className="small"
            href={addressOf(`results/${measured.number}`)}
            download={`result-${measured.number}.json`}
          >
            {t('web.impact.download')}
          </a>
        </p>
        <Download
          path={`results/${measured.number}/report`}
          name={`result-${measured.number}.html`}
          label={t('web.download.report')}
        />
      </div>
      {result.schema === 'yukue.audit/1' ? <AuditView report={result} /> : null}
      {result.schema === 'yukue.compare/1' ? (
        <>
          <FlipsByGroup report={result} />
          {parent === undefined || child === undefined ? null : (
            <p>
              <Link href={changeAddress(parent.id, child.id)}>{t('web.change.whole')}</Link>
            </p>
          )}
        </>
      ) : null}
      {result.schema === 'yukue.simulation/1' ? <SimulationView report={result} /> : null}
    </>
  )
}
