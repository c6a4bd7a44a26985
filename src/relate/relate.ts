import type { Print } from '../identify/print.ts'
import { adapterRelation } from './adapters.ts'
import { assembliesAmong } from './assembly.ts'
import { candidatePairs } from './candidates.ts'
import { type Comparison, compare } from './comparison.ts'
import { familyEdges } from './family.ts'
import type { Lineage } from './lineage.ts'
import { type Resemblance, resemblanceOf, strangersAlike } from './look-alikes.ts'
import { assemblyRelation, mergeRelation, mergesAmong } from './merges.ts'
import { isRelated } from './related.ts'
import { edgeRelation } from './relation.ts'
import { type Subject, subjectOf } from './subject.ts'

/** The version of the rules; a lineage recorded under another is computed anew. */
export const RELATE_VERSION = 2

/** Relates models by their prints alone (docs/lineage.md). Models of one id are one model and must be given once. */
export function relate(prints: Print[]): Lineage {
  const models = prints.filter((print) => print.adapter === undefined)
  const subjects = models.map(subjectOf).filter((subject) => subject.weights.length > 0)
  const { related, mergeable, resemblances } = comparePairs(subjects)
  const assemblies = assembliesAmong(related)
  const assembled = new Set(assemblies.map(({ child }) => child))
  const merges = mergesAmong(mergeable, related).filter(({ child }) => !assembled.has(child))
  const combined = [...assemblies, ...merges]
  const edges = familyEdges(related, combined)
  return {
    relations: [
      ...assemblies.map((assembly) => assemblyRelation(assembly, related)),
      ...merges.map((merge) => mergeRelation(merge, mergeable)),
      ...edges.map(edgeRelation),
      ...prints.flatMap((print) => adapterRelation(print, subjects, related)),
    ],
    lookAlikes: strangersAlike(resemblances, related, combined),
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
