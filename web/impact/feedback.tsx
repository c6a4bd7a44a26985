import { lazy, Suspense } from 'react'
import type { AuditFeedback } from '../../src/contract/audit.ts'
import { visible } from '../../src/report/escape.ts'
import { effectText } from '../../src/report/impact-lead.ts'
import { useText } from '../language.tsx'
import { Loading } from '../parts/answer.tsx'
import { Table } from '../parts/table.tsx'

const Lines = lazy(async () => ({ default: (await import('../charts/chart.tsx')).Lines }))

/** What the use of the model changed, with the grade of the evidence; where it cannot be told, what would make it so. */
export function Feedback({ feedback }: { feedback: AuditFeedback | null }) {
  const t = useText()
  return (
    <section aria-labelledby="feedback">
      <h2 id="feedback">{t('audit.heading.feedback')}</h2>
      {feedback === null ? <p className="note">{t('web.impact.noFeedback')}</p> : <Estimated feedback={feedback} />}
    </section>
  )
}

function Estimated({ feedback }: { feedback: AuditFeedback }) {
  const t = useText()
  const { grade, estimand, estimate, interval, byExposure, checks, reason } = feedback
  return (
    <>
      {grade === null || estimate === null || interval === null ? (
        <div className="note">
          <p>
            <strong>{t('audit.notIdentifiable')}</strong>
          </p>
          <p>{visible(reason)}</p>
        </div>
      ) : (
        <>
          <p className="lead">
            {t('audit.feedbackEstimate', {
              grade: t(`audit.grade.${grade}`),
              estimand: visible(estimand ?? ''),
              estimate: effectText(estimate),
              low: effectText(interval[0]),
              high: effectText(interval[1]),
            })}
          </p>
          <p>{visible(reason)}</p>
        </>
      )}
      {byExposure.length < 2 ? null : (
        <Suspense fallback={<Loading />}>
          <Lines
            points={byExposure.map(({ exposure, estimate: y }) => ({
              x: exposure,
              y,
              series: t('audit.column.effect'),
            }))}
            x={t('audit.column.period')}
            y={t('audit.column.effect')}
            label={t('audit.heading.feedback')}
          />
        </Suspense>
      )}
      {checks.length === 0 ? null : (
        <Table
          caption={t('web.impact.checks')}
          head={[t('audit.column.check'), 'p', t('web.impact.passed')]}
          rows={checks.map(({ check, p, passed }) => ({
            key: check,
            cells: [visible(check), p === null ? '–' : p.toPrecision(2), t(passed ? 'web.yes' : 'web.no')],
          }))}
        />
      )}
    </>
  )
}
