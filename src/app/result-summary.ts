import type { AuditReport } from '../contract/audit.ts'
import type { CompareReport } from '../contract/compare.ts'
import type { ResultFigure, ResultSummary } from '../contract/result.ts'
import type { Simulation } from '../contract/simulation.ts'

/** A result as a statement holds it. */
export type Result = AuditReport | CompareReport | Simulation

type Summed = Pick<ResultSummary, 'kind' | 'n' | 'figures' | 'findings' | 'input'>

/** What of a result is shown where results are listed. */
export function summaryOf(result: Result): Summed {
  switch (result.schema) {
    case 'yukue.audit/1':
      return {
        kind: 'audit',
        n: result.decisions,
        figures: auditFigures(result),
        findings: result.findings.length,
        input: result.input.digest,
      }
    case 'yukue.compare/1':
      return {
        kind: 'comparison',
        n: result.items,
        figures: flipFigures(result),
        findings: 0,
        input: result.input.digest,
      }
    case 'yukue.simulation/1': {
      const { plain, corrected } = result.urn
      const figures = [figure('urn-plain', plain.mean), figure('urn-corrected', corrected.mean)]
      return { kind: 'simulation', n: null, figures, findings: 0, input: null }
    }
  }
}

function auditFigures({ favourable, attributes, intersections, feedback, homogenisation }: AuditReport) {
  const figures: ResultFigure[] = []
  if (favourable !== null && favourable.n > 0) figures.push(figure('rate', favourable.rate))
  const compared = [
    ...attributes.flatMap(({ attribute, categories }) =>
      categories.map((each) => ({ ...each, where: `${attribute} = ${each.category}` })),
    ),
    ...intersections.map((each) => ({ ...each, where: whereOf(each.cell) })),
  ].filter(({ impactRatio, excluded }) => impactRatio !== null && !excluded)
  const least = compared.reduce<(typeof compared)[number] | null>(
    (low, next) => (low === null || next.impactRatio! < low.impactRatio! ? next : low),
    null,
  )
  if (least !== null)
    figures.push(figure('least-impact-ratio', least.impactRatio!, least.impactRatioInterval, least.where))
  if (feedback !== null && feedback.grade !== null && feedback.estimate !== null)
    figures.push(figure('effect', feedback.estimate, feedback.interval, feedback.grade))
  if (homogenisation !== null && homogenisation.ratio !== null)
    figures.push(figure('refused-by-all', homogenisation.ratio, homogenisation.interval))
  return figures
}

function whereOf(cell: Readonly<Record<string, string>>): string {
  return Object.entries(cell)
    .map(([attribute, category]) => `${attribute} = ${category}`)
    .join(', ')
}

function flipFigures({ negativeFlips, positiveFlips, flips }: CompareReport): ResultFigure[] {
  if (negativeFlips === null || positiveFlips === null) return [figure('flips', flips.rate, flips.interval)]
  return [
    figure('negative-flips', negativeFlips.rate, negativeFlips.interval),
    figure('positive-flips', positiveFlips.rate, positiveFlips.interval),
  ]
}

function figure(
  code: ResultFigure['code'],
  value: number,
  interval: ResultFigure['interval'] = null,
  where: string | null = null,
): ResultFigure {
  return { code, where, value, interval }
}
