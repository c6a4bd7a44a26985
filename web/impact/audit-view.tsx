import { lazy, Suspense } from 'react'
import type { AuditReport } from '../../src/contract/audit.ts'
import { visible } from '../../src/report/escape.ts'
import { leftOutText, nextSteps } from '../../src/report/impact-lead.ts'
import { heterogeneityText } from '../../src/report/impact-text-parts.ts'
import { useLanguage } from '../language.tsx'
import { Loading } from '../parts/answer.tsx'
import { chance, figure, share, whole } from '../parts/format.ts'
import { Table } from '../parts/table.tsx'
import { AuditSummary, GroupFigures } from './audit-summary.tsx'
import { Feedback } from './feedback.tsx'
import { Findings } from './findings.tsx'

const Timeline = lazy(async () => ({ default: (await import('../charts/chart.tsx')).Timeline }))

/** An audit in full: what stands out, by group, intersections, sites, time, feedback, and what the figures rest on. */
export function AuditView({ report }: { report: AuditReport }) {
  const { t, language } = useLanguage()
  return (
    <>
      <AuditSummary report={report} />
      <Findings report={report} />
      <section aria-labelledby="next">
        <h2 id="next">{t('audit.heading.next')}</h2>
        <ul>
          {nextSteps(report, t).map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ul>
      </section>
      {report.intersections.length === 0 ? null : (
        <section aria-labelledby="intersections">
          <h2 id="intersections">{t('audit.heading.intersections')}</h2>
          <GroupFigures
            title={t('audit.heading.intersections')}
            rows={report.intersections.map(({ cell, ...figures }) => ({
              name: Object.values(cell).join(' × '),
              figures,
            }))}
          />
        </section>
      )}
      <Sites report={report} />
      <Weeks report={report} />
      <Feedback feedback={report.feedback} />
      <section aria-labelledby="basis">
        <h2 id="basis">{t('web.impact.basis')}</h2>
        <p>
          {t('web.impact.basisRows', {
            decisions: whole(report.decisions, language),
            rows: whole(report.rows, language),
          })}
        </p>
        {report.leftOut.map(({ reason, n }) => (
          <p key={reason} className="small">
            {whole(n, language)}: {leftOutText(t, reason)}
          </p>
        ))}
        <p className="small soft">
          <code>{report.input.digest}</code>
        </p>
        {report.input.files.map(({ path, sha256 }) => (
          <p key={sha256} className="small soft">
            {visible(path)} <code>{sha256}</code>
          </p>
        ))}
      </section>
    </>
  )
}

/** How the ratio differs from site to site. */
function Sites({ report: { sites, heterogeneity } }: { report: AuditReport }) {
  const { t, language } = useLanguage()
  if (sites.length === 0) return null
  return (
    <section aria-labelledby="by-site">
      <h2 id="by-site">{t('web.impact.bySite')}</h2>
      {heterogeneity.map((row) => (
        <p key={`${row.attribute} ${row.category}`}>{heterogeneityText(row, t)}</p>
      ))}
      <Table
        caption={t('web.impact.bySite')}
        head={[
          t('web.site.site'),
          t('audit.column.category'),
          t('audit.column.n'),
          t('audit.column.rate'),
          t('audit.column.ratio'),
          t('audit.column.p'),
        ]}
        numbers={[2, 3, 4, 5]}
        rows={sites.map((row) => ({
          key: `${row.site} ${row.model} ${row.attribute} ${row.category}`,
          cells: [
            visible(row.site),
            `${visible(row.attribute)}: ${visible(row.category)}`,
            whole(row.n, language),
            share(row.rate, language),
            row.impactRatio === null ? '–' : figure(row.impactRatio, language),
            row.adjustedP === null ? '–' : chance(row.adjustedP, language),
          ],
        }))}
      />
    </section>
  )
}

/** Rates week by week, with the days of deployment. */
function Weeks({ report }: { report: AuditReport }) {
  const { t } = useLanguage()
  const attributes = [...new Set(report.timeline.map(({ attribute }) => attribute))]
  if (attributes.length === 0) return null
  return (
    <section aria-labelledby="weeks">
      <h2 id="weeks">{t('web.impact.weeks')}</h2>
      {attributes.map((attribute) => (
        <div key={attribute}>
          <h3>{visible(attribute)}</h3>
          <Suspense fallback={<Loading />}>
            <Timeline
              points={pointsOf(report, attribute)}
              days={report.deployments}
              label={t('web.impact.weeksOf', { attribute })}
            />
          </Suspense>
        </div>
      ))}
      {report.deployments.length === 0 ? null : (
        <p className="small soft">
          {t('web.impact.deployments', { days: report.deployments.join(t('list.separator')) })}
        </p>
      )}
    </section>
  )
}

function pointsOf(report: AuditReport, attribute: string) {
  return report.timeline
    .filter((point) => point.attribute === attribute && point.n > 0)
    .map(({ week, category, n, selected }) => ({ week, category, rate: selected / n }))
}
