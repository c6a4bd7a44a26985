import type { Print } from '../identify/print.ts'
import { type Comparison, compare } from './comparison.ts'
import { familyEdges } from './family.ts'
import type { Lineage } from './lineage.ts'
import { lookAlikes } from './look-alikes.ts'
import { mergeRelation, mergesAmong } from './merges.ts'
import { isRelated, shareShapes } from './related.ts'
import { edgeRelation } from './relation.ts'
import { subjectOf } from './subject.ts'

/** Relates models by their prints alone (docs/lineage.md). Models of one id are one model and must be given once. */
export function relate(prints: Print[]): Lineage {
  const subjects = prints.map(subjectOf).filter((subject) => subject.weights.length > 0)
  const comparisons = comparePairs(subjects)
  const related = comparisons.filter((comparison) => isRelated(comparison, comparisons.length))
  const merges = mergesAmong(comparisons, related)
  const edges = familyEdges(related, merges)
  return {
    relations: [...merges.map((merge) => mergeRelation(merge, comparisons)), ...edges.map(edgeRelation)],
    lookAlikes: lookAlikes(comparisons, related, merges),
  }
}

function comparePairs(subjects: ReturnType<typeof subjectOf>[]): Comparison[] {
  return subjects.flatMap((a, i) => subjects.slice(i + 1).flatMap((b) => (shareShapes(a, b) ? [compare(a, b)] : [])))
}
