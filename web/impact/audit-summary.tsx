import { lazy, Suspense } from 'react'
import type { AuditFigures, AuditReport } from '../../src/contract/audit.ts'
import { visible } from '../../src/report/escape.ts'
import { isReference, leadSentences } from '../../src/report/impact-lead.ts'
import { useLanguage } from '../language.tsx'
import { Loading } from '../parts/answer.tsx'
import { chance, figure, share, whole } from '../parts/format.ts'
import { Table } from '../parts/table.tsx'

const Forest = lazy(async () => ({ default: (await import('../charts/chart.tsx')).Forest }))

/** More rows are no picture; the table has them all. */
const MAX_DRAWN = 40

/** What an audit came to, in sentences, and the figures by group. */
export function AuditSummary({ report }: { report: AuditReport }) {
  const { t } = useLanguage()
  return (
    <>
      {leadSentences(report, t).map((sentence) => (
        <p key={sentence} className="lead">
          {sentence}
        </p>
      ))}
      {report.attributes.map(({ attribute, categories }) => (
        <GroupFigures
          key={attribute}
          title={visible(attribute)}
          rows={categories.map(({ category, ...figures }) => ({ name: category, figures }))}
        />
      ))}
    </>
  )
}

export interface GroupRow {
  name: string
  figures: AuditFigures
}

/** Impact ratios with their intervals, drawn and as a table. */
export function GroupFigures({ title, rows }: { title: string; rows: readonly GroupRow[] }) {
  const { t, language } = useLanguage()
  const drawn = rows.flatMap(({ name, figures: { impactRatio, impactRatioInterval } }) =>
    impactRatio === null || impactRatioInterval === null
      ? []
      : [{ name, estimate: impactRatio, low: impactRatioInterval[0], high: impactRatioInterval[1] }],
  )
  const number = (value: number | null) => (value === null ? '–' : figure(value, language))
  return (
    <section className="figures-of">
      <h3>{title}</h3>
      {drawn.length === 0 ? null : (
        <Suspense fallback={<Loading />}>
          <Forest rows={drawn.slice(0, MAX_DRAWN)} label={t('web.impact.forest', { attribute: title })} />
        </Suspense>
      )}
      <Table
        caption={t('web.impact.table', { attribute: title })}
        head={[
          t('audit.column.category'),
          t('audit.column.n'),
          t('audit.column.rate'),
          t('audit.column.ratio'),
          t('audit.column.ratioInterval'),
          t('audit.column.p'),
          t('audit.column.shortfall'),
        ]}
        numbers={[1, 2, 3, 4, 5, 6]}
        rows={rows.map(({ name, figures }) => ({
          key: name,
          cells: [
            <bdi key="name">{visible(name)}</bdi>,
            whole(figures.n, language),
            share(figures.rate, language),
            isReference(figures) ? t('web.impact.reference') : number(figures.impactRatio),
            figures.impactRatioInterval === null
              ? '–'
              : `${number(figures.impactRatioInterval[0])} – ${number(figures.impactRatioInterval[1])}`,
            figures.adjustedP === null ? '–' : chance(figures.adjustedP, language),
            figures.shortfall === null ? '–' : whole(Math.round(figures.shortfall), language),
          ],
        }))}
      />
    </section>
  )
}
