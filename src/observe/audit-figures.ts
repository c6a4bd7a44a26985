import type { AuditAttribute, AuditReport } from '../contract/audit.ts'
import { clusteredFigures, hasRepeats, subjectPatterns } from './clusters.ts'
import { adjustFamily, type Disparity, disparity, withClusters } from './disparity.ts'
import type { DecisionLog } from './engine.ts'
import type { AuditIntersection } from './impact.ts'
import type { Question } from './question.ts'
import { tallyScores } from './scoring.ts'
import { type GroupTally, type Judged, tallyBy } from './tally.ts'

/** Every attribute and their crossing, with adjusted p-values. */
export interface AuditFiguresResult {
  attributes: AuditAttribute[]
  /** In the order of `attributes`; what strata and sites are compared with. */
  disparities: Disparity[]
  intersections: AuditIntersection[]
  intersectionsSummary: AuditReport['intersectionsSummary']
  repeats: boolean
}

interface Table {
  disparity: Disparity
  summary: Omit<AuditAttribute, 'categories'>
}

/** Judges each attribute by itself, then all together; Holm over either family. */
export async function auditFigures(
  log: DecisionLog,
  question: Question,
  cells: readonly Judged[],
): Promise<AuditFiguresResult> {
  const { groups } = question
  let repeats = false
  const tables: Table[] = []
  for (const [index, attribute] of groups.entries()) {
    const table = await tableOf(log, question, cells, [index], attribute)
    repeats ||= table.repeats
    tables.push(table)
  }
  const all = groups.map((_, index) => index)
  const crossing = groups.length > 1 ? await tableOf(log, question, cells, all, groups.join(' × ')) : null
  adjustFamily(tables.flatMap(({ disparity: { categories } }) => categories))
  if (crossing) adjustFamily(crossing.disparity.categories)
  return {
    attributes: tables.map(({ summary, disparity: { categories } }) => ({
      ...summary,
      categories: categories.map(({ parts, figures }) => ({ category: parts[0]!, ...figures })),
    })),
    disparities: tables.map((table) => table.disparity),
    intersections: (crossing?.disparity.categories ?? []).map(({ parts, figures }) => ({
      cell: Object.fromEntries(groups.map((attribute, index) => [attribute, parts[index]!])),
      ...figures,
    })),
    intersectionsSummary: crossing?.summary ?? null,
    repeats,
  }
}

async function tableOf(
  log: DecisionLog,
  question: Question,
  cells: readonly Judged[],
  indexes: readonly number[],
  attribute: string,
): Promise<Table & { repeats: boolean }> {
  const names = indexes.map((index) => question.groups[index]!)
  const scored = question.decision === null ? await tallyScores(log, question, names) : null
  const groups: GroupTally = scored?.groups ?? tallyBy(cells, indexes, question)
  const chosen = indexes.length === 1 ? question.references[attribute] : undefined
  const plain = disparity(groups, {
    reference: chosen === undefined ? null : [chosen],
    minimumShare: question.minimumShare?.share ?? 0,
  })
  const patterns = await subjectPatterns(log, question, names)
  const repeats = hasRepeats(patterns)
  const clustered = repeats ? clusteredFigures(patterns, plain.reference?.parts ?? null, question.seed) : () => null
  return {
    disparity: {
      reference: plain.reference,
      categories: plain.categories.map((category) => withClusters(category, clustered(category.parts))),
    },
    summary: {
      attribute,
      unknown: groups.unknown.n,
      unknownSelected: groups.unknown.selected,
      unknownValues: groups.unknownValues,
      reference: plain.reference ? plain.reference.parts.join(' × ') : null,
      median: scored?.median ?? null,
      ties: scored?.ties ?? null,
    },
    repeats,
  }
}
