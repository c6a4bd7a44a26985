import type { CompareFigures, CompareReport } from '../../src/contract/compare.ts'
import { visible } from '../../src/report/escape.ts'
import { useLanguage } from '../language.tsx'
import { chance, share, whole } from '../parts/format.ts'
import { Table } from '../parts/table.tsx'

/** How answers changed from the parent to the child, overall and by group. */
export function FlipsByGroup({ report }: { report: CompareReport }) {
  const { t, language } = useLanguage()
  const rows: { key: string; name: string; figures: CompareFigures; p: number | null }[] = [
    { key: 'all', name: t('web.flips.all'), figures: report, p: report.mcnemarP },
    ...report.groups.map((group) => ({
      key: `${group.attribute} ${group.category}`,
      name: `${visible(group.attribute)}: ${visible(group.category)}`,
      figures: group,
      p: group.adjustedP,
    })),
  ]
  const flips = (of: CompareFigures['flips'] | null) =>
    of === null
      ? '–'
      : `${whole(of.n, language)} (${share(of.rate, language)}; ${share(of.interval[0], language)} – ${share(of.interval[1], language)})`
  return (
    <>
      <p>{t('web.flips.lead', { flips: report.flips.n, items: report.items })}</p>
      <Table
        caption={t('web.flips.caption')}
        head={[
          t('audit.column.category'),
          t('web.flips.inputs'),
          t('web.flips.changed'),
          t('web.flips.worse'),
          t('web.flips.better'),
          t('web.flips.accuracy'),
          t('audit.column.p'),
        ]}
        numbers={[1, 2, 3, 4, 5, 6]}
        rows={rows.map(({ key, name, figures, p }) => ({
          key,
          cells: [
            <bdi key="name">{name}</bdi>,
            whole(figures.items, language),
            flips(figures.flips),
            flips(figures.negativeFlips),
            flips(figures.positiveFlips),
            figures.accuracy === null
              ? '–'
              : `${share(figures.accuracy.parent, language)} → ${share(figures.accuracy.child, language)}`,
            p === null ? '–' : chance(p, language),
          ],
        }))}
      />
    </>
  )
}
