import type { ScanReport } from '../contract/scan.ts'
import { countFiles, type Families } from './family.ts'
import { wholeText } from './figures.ts'
import { findingsOf } from './findings.ts'
import { type Html, html } from './html.ts'
import type { Translate } from './language.ts'
import type { Section } from './page-parts.ts'
import { isOpen } from './relation-text.ts'

/** What somebody who reads nothing else should know: two sentences, the figures, and what needs attention. */
export function pageSummary(report: ScanReport, families: Families, t: Translate): Section {
  const content = html`<p class="lead">${joined(summarySentences(report, families, t), t)}</p>
${keyFigures(report, families, t)}
${attention(report, t)}`
  return { id: 'summary', heading: t('page.summary.heading'), content }
}

function summarySentences(report: ScanReport, { families }: Families, t: Translate): string[] {
  const models = report.models.length
  if (models === 0) return [t('page.summary.none')]
  const files = t('count.files', { count: countFiles(report.models) })
  const sentences = [t('page.summary.models', { count: models, files })]
  const members = families.reduce((sum, family) => sum + family.models.length, 0)
  if (families.length > 0)
    sentences.push(t('page.summary.families', { count: families.length, members: wholeText(members) }))
  const copies = report.models.reduce((sum, model) => sum + model.artifacts.length, 0) - models
  if (copies > 0) sentences.push(t('page.summary.copies', { count: copies }))
  return sentences
}

function joined(sentences: readonly string[], t: Translate): string {
  return sentences.reduce((first, second) => t('list.sentences', { first, second }))
}

function keyFigures(report: ScanReport, { families, singles }: Families, t: Translate): Html {
  const withStatus = (status: string) => report.relations.filter((relation) => relation.status === status).length
  const figures: [string, number][] = [
    [t('page.figures.files'), countFiles(report.models)],
    [t('page.figures.models'), report.models.length],
    [t('page.figures.families'), families.length],
    [t('page.figures.single'), singles.length],
    [t('page.figures.verified'), withStatus('verified')],
    [t('page.figures.inferred'), withStatus('inferred')],
  ]
  const entries = figures.map(([label, value]) => html`<div><dt>${label}</dt><dd>${wholeText(value)}</dd></div>`)
  return html`<dl class="figures">${entries}</dl>`
}

function attention(report: ScanReport, t: Translate): Html {
  const heading = html`<h3>${t('page.attention.heading')}</h3>`
  const points = attentionPoints(report, t)
  if (points.length === 0) return html`<div class="attention calm">${heading}<p>${t('page.attention.none')}</p></div>`
  const items = points.map(({ text, section }) => html`<li><a href="#${section}">${text}</a></li>`)
  return html`<div class="attention">${heading}<ul>${items}</ul></div>`
}

/** Gravest first, each with the section that tells more. */
function attentionPoints(report: ScanReport, t: Translate): { text: string; section: string }[] {
  const high = findingsOf(report).filter((finding) => finding.severity === 'high').length
  const ablated = report.relations.filter((relation) => relation.changes.includes('direction-ablated')).length
  const undetermined = report.relations.filter(isOpen).length
  const points: { count: number; text: (count: number) => string; section: string }[] = [
    { count: high, text: (count) => t('page.attention.findings', { count }), section: 'findings' },
    { count: ablated, text: (count) => t('page.attention.ablated', { count }), section: 'families' },
    { count: report.problems.length, text: (count) => t('page.attention.problems', { count }), section: 'problems' },
    {
      count: report.lookAlikes.length,
      text: (count) => t('page.attention.lookAlikes', { count }),
      section: 'look-alikes',
    },
    { count: undetermined, text: (count) => t('page.attention.undetermined', { count }), section: 'families' },
  ]
  return points.filter(({ count }) => count > 0).map(({ count, text, section }) => ({ text: text(count), section }))
}
