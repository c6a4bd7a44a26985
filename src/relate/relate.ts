import type { Print } from '../identify/print.ts'
import { adapterRelation } from './adapters.ts'
import { candidatePairs } from './candidates.ts'
import { type Comparison, compare } from './comparison.ts'
import { familyEdges } from './family.ts'
import type { Lineage } from './lineage.ts'
import { type Resemblance, resemblanceOf, strangersAlike } from './look-alikes.ts'
import { mergeRelation, mergesAmong } from './merges.ts'
import { isRelated } from './related.ts'
import { edgeRelation } from './relation.ts'
import { type Subject, subjectOf } from './subject.ts'

/** The version of the rules; a lineage recorded under another is computed anew. */
export const RELATE_VERSION = 1

/** Relates models by their prints alone (docs/lineage.md). Models of one id are one model and must be given once. */
export function relate(prints: Print[]): Lineage {
  const models = prints.filter((print) => print.adapter === undefined)
  const subjects = models.map(subjectOf).filter((subject) => subject.weights.length > 0)
  const { related, mergeable, resemblances } = comparePairs(subjects)
  const merges = mergesAmong(mergeable, related)
  const edges = familyEdges(related, merges)
  return {
    relations: [
      ...merges.map((merge) => mergeRelation(merge, mergeable)),
      ...edges.map(edgeRelation),
      ...prints.flatMap(adapterRelation),
    ],
    lookAlikes: strangersAlike(resemblances, related, merges),
  }
}

/** What is kept of all pairs; of strangers no more than that they look alike, for there are many. */
interface Compared {
  related: Comparison[]
  /** The related ones, and those of too few tensors to tell: only these can be parents and child of a merge. */
  mergeable: Comparison[]
  resemblances: Resemblance[]
}

function comparePairs(subjects: Subject[]): Compared {
  const tested = (subjects.length * (subjects.length - 1)) / 2
  const compared: Compared = { related: [], mergeable: [], resemblances: [] }
  for (const [a, b] of candidatePairs(subjects)) {
    const comparison = compare(a, b)
    const kin = isRelated(comparison, tested)
    if (kin) compared.related.push(comparison)
    if (kin || comparison.p === null) compared.mergeable.push(comparison)
    const resemblance = kin ? null : resemblanceOf(comparison)
    if (resemblance) compared.resemblances.push(resemblance)
  }
  return compared
}
