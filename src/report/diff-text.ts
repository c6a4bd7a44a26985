import type { DiffReport } from '../contract/diff.ts'
import type { ScannedRelation } from './family.ts'
import { similarityText } from './figures.ts'
import { distanceText } from './heat.ts'
import type { Translate } from './language.ts'
import { evidenceText } from './relation-text.ts'

/** The sentences that say what was done, as found: escape before showing. */
export function summarySentences(t: Translate, report: DiffReport): string[] {
  const { basis } = report
  return [mainSentence(t, report), ...moreSentences(t, report), `(${t(`diff.basis.${basis}`)})`]
}

function mainSentence(t: Translate, report: DiffReport): string {
  const { names, changes, related, reversed, direction } = report
  if (changes.includes('adapter')) return t('diff.summary.adapter', names)
  if (report.parent === report.child) {
    const files = report.sideFiles.filter(({ status }) => status !== 'equal').map(({ path }) => path)
    if (!changes.includes('configuration-changed')) return t('diff.summary.same', names)
    return t('diff.summary.sameConfiguration', { ...names, files: files.join(t('list.separator')) })
  }
  if (!related) return t('diff.summary.unrelated', names)
  const listed = { ...names, changes: changes.map((change) => t(`change.${change}.name`)).join(t('list.separator')) }
  if (reversed) return t('diff.summary.reversed', listed)
  return direction === 'known' ? t('diff.summary.known', listed) : t('diff.summary.open', listed)
}

/** Less than this would read as 0 %. */
const LEAST_FROZEN = 0.001

/** Parts named in the summary; the table has all. */
const MAX_PARTS = 4

function moreSentences(t: Translate, report: DiffReport): string[] {
  const { related, changes, details, frozen, basis, projections, quantisation, parent, child } = report
  if (!related || parent === child) return []
  const sentences: string[] = []
  const rank = details['rank']
  if (changes.includes('adapter-merged') && typeof rank === 'number')
    sentences.push(basis === 'weights' ? t('diff.rank', { rank }) : t('diff.rankAtLeast', { rank }))
  if (changes.includes('quantised') && quantisation.child)
    sentences.push(t('diff.quantised', { ...quantisation.child, bits: Number(quantisation.child.bits.toFixed(2)) }))
  if (frozen >= LEAST_FROZEN) sentences.push(t('diff.frozen', { share: shareText(frozen) }))
  const moved = projections.filter(({ relativeDistance }) => (relativeDistance ?? 0) > 0).slice(0, MAX_PARTS)
  const parts = moved.map(({ projection, relativeDistance }) =>
    t('diff.part', { part: projection, distance: distanceText(relativeDistance) }),
  )
  if (parts.length > 0) sentences.push(t('diff.most', { parts: parts.join(t('list.separator')) }))
  return sentences
}

/** Never rounded up to everything. */
export function shareText(share: number): string {
  return `${Math.floor(share * 1000) / 10} %`
}

/** The report as a relation, so that what is told of relations elsewhere is told here alike. */
export function relationOf(report: DiffReport): ScannedRelation {
  const { parent, child, changes, direction, status, p, similarity, details } = report
  return { child, parents: [{ id: parent, weight: null }], changes, direction, status, p, similarity, details }
}

/** Of a permuted copy no p is given: its weights are compared after they were put in order. */
export function evidenceOf(t: Translate, report: DiffReport): string {
  if (!(report.changes.includes('permuted') && report.p === null)) return evidenceText(t, relationOf(report))
  const similarity = t('relation.similarity', { value: similarityText(report.similarity) })
  return `${t(`status.${report.status}.name`)} · ${similarity}`
}
