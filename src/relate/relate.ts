import type { Print } from '../identify/print.ts'
import { adapterRelation } from './adapters.ts'
import { candidateSpans } from './candidates.ts'
import { compare } from './comparison.ts'
import { familyRelations } from './family.ts'
import { fineCellsOf, type Glance, glanceOf } from './glance.ts'
import { isStillRelated, type Kin, kinByModel, kinOf, otherEnd, related } from './kin.ts'
import type { Lineage, Relation } from './lineage.ts'
import { strangersAlike } from './look-alikes.ts'
import { mergesAmong } from './merges.ts'
import type { Span } from './nearest.ts'
import { subjectOf } from './subject.ts'
import { type Asking, type Given, type Models, models, type Wanted } from './wanted.ts'

/** The version of the rules; a lineage recorded under another is computed anew. */
export const RELATE_VERSION = 2

/** What relating starts from. */
export interface Basis {
  /** Of every model that is to be related, once each. Models of one id are one model. */
  glances: readonly Glance[]
  /** Ids of those whose pairs have not been looked at yet; of the others `kin` and `merges` say what was found. */
  fresh: ReadonlySet<string>
  kin: readonly Kin[]
  merges: readonly Relation[]
}

/** A lineage, and all that it is built of, from which it can be continued when models are added. */
export interface Related {
  lineage: Lineage
  kin: Kin[]
}

/** Relates models by their prints alone (docs/lineage.md). Models of one id are one model and must be given once. */
export function relate(prints: readonly Print[]): Lineage {
  const subjects = new Map(prints.filter(({ adapter }) => !adapter).map((print) => [print.id, subjectOf(print)]))
  const glances = [...subjects.values()].map(glanceOf)
  const fresh = new Set(subjects.keys())
  const work = relating({ glances, fresh, kin: [], merges: [] })
  const answer = ({ what, ids }: Wanted): Given => {
    const asked = ids.map((id) => subjects.get(id)!)
    return what === 'fine' ? { what, cells: asked.map(fineCellsOf) } : { what, subjects: asked }
  }
  let step = work.next()
  while (!step.done) step = work.next(answer(step.value))
  const { relations, lookAlikes } = step.value.lineage
  return { relations: [...relations, ...prints.flatMap(adapterRelation)], lookAlikes }
}

/**
 * The same for models that are not in memory, and as a continuation: only pairs with a fresh model are looked at. Relations of
 * adapters, which are compared with nothing, are not among those it gives.
 */
export function* relating(basis: Basis): Asking<Related> {
  const glances = basis.glances.filter(({ rows }) => rows.length > 0)
  const tested = (glances.length * (glances.length - 1)) / 2
  const known = basis.kin.filter((pair) => isStillRelated(pair, tested))
  const at = models()
  const isFresh = (model: number) => basis.fresh.has(glances[model]!.id)
  const spans = yield* candidateSpans({ glances, isFresh, spans: spansOf(known, glances) }, at)
  const found = yield* compareAll(spans, glances, tested, at)
  const kin = [...known, ...found]
  const byId = new Map(glances.map((glance) => [glance.id, glance]))
  const children = new Set(found.flatMap(({ a, b }) => [a, b]))
  const merges = yield* mergesAmong([...children], kin, byId, at)
  // a merge can have been built on by what was compared before it was known for one
  const around = yield* compareAll(spansAbout(merges, kin, glances), glances, tested, at)
  const all = {
    kin: [...kin, ...around],
    merges: [...basis.merges.filter(({ child }) => !children.has(child)), ...merges],
  }
  const lookAlikes = yield* strangersAlike(glances, all, at)
  return {
    lineage: { relations: [...all.merges, ...familyRelations(related(all.kin), all.merges)], lookAlikes },
    kin: all.kin,
  }
}

function spansOf(kin: readonly Kin[], glances: readonly Glance[]): Span[] {
  const numbers = numbersOf(glances)
  return kin.map(({ a, b, difference }) => ({ a: numbers.get(a)!, b: numbers.get(b)!, distance: difference }))
}

function numbersOf(glances: readonly Glance[]): Map<string, number> {
  return new Map(glances.map(({ id }, number) => [id, number]))
}

/** Pairs compared at a time: their models are asked for together. */
const BATCH = 16

function* compareAll(spans: readonly Span[], glances: readonly Glance[], tested: number, at: Models): Asking<Kin[]> {
  const kin: Kin[] = []
  for (let from = 0; from < spans.length; from += BATCH) {
    const batch = spans.slice(from, from + BATCH).map(({ a, b }) => [glances[a]!.id, glances[b]!.id] as const)
    const ids = [...new Set(batch.flat())]
    const subjects = yield* at.weights(ids)
    const byId = new Map(ids.map((id, i) => [id, subjects[i]!]))
    for (const [a, b] of batch) {
      const pair = kinOf(compare(byId.get(a)!, byId.get(b)!), tested)
      if (pair) kin.push(pair)
    }
  }
  return kin
}

/** What placing a merge takes beside: how far its kin are from its parents, where that was not worth comparing before. */
function spansAbout(merges: readonly Relation[], kin: readonly Kin[], glances: readonly Glance[]): Span[] {
  const numbers = numbersOf(glances)
  const byModel = kinByModel(kin)
  const known = new Set(kin.flatMap(({ a, b }) => [`${a} ${b}`, `${b} ${a}`]))
  const spans: Span[] = []
  for (const { child, parents } of merges) {
    const others = (byModel.get(child) ?? []).map((pair) => otherEnd(pair, child)).slice(0, MAX_AROUND)
    for (const { id } of parents)
      for (const other of [...others, ...parents.map((parent) => parent.id)]) {
        if (other === id || known.has(`${id} ${other}`)) continue
        known.add(`${id} ${other}`).add(`${other} ${id}`)
        spans.push({ a: numbers.get(id)!, b: numbers.get(other)!, distance: 0 })
      }
  }
  return spans
}

/** The base of a hundred fine-tunes has them all around it; what a merge was built into is among the nearest. */
const MAX_AROUND = 24
