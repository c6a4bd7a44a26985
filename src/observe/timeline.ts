import type { AuditReport } from '../contract/audit.ts'
import { entryOf } from './entry.ts'
import type { Question } from './question.ts'
import { byCodePoint, type Judged } from './tally.ts'
import { unknownTest } from './unknown.ts'

type Point = AuditReport['timeline'][number]

/** Decisions and favourable ones of every category, week by week. */
export function timeline(cells: readonly Judged[], question: Question): Point[] {
  const isUnknown = unknownTest(question.unknown)
  const points = new Map<string, Point>()
  for (const { week, groups, n, isSelected } of cells) {
    if (week === null) continue
    for (const [index, attribute] of question.groups.entries()) {
      const category = groups[index] ?? null
      if (category === null || isUnknown(category)) continue
      const key = JSON.stringify([attribute, category, week])
      const point = entryOf(points, key, () => ({ week, attribute, category, n: 0, selected: 0 }))
      point.n += n
      if (isSelected) point.selected += n
    }
  }
  return [...points.values()].sort(
    (a, b) =>
      byCodePoint(a.attribute, b.attribute) || byCodePoint(a.category, b.category) || byCodePoint(a.week, b.week),
  )
}
