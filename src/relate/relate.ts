import type { ChangeKind } from '../contract/scan.ts'
import type { Print } from '../identify/print.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { plainKernel } from '../kernel/plain-kernel.ts'
import { adapterRelation } from './adapters.ts'
import { assemblyFrom } from './assembly.ts'
import { candidatesAmong } from './candidates.ts'
import { coveredAmong } from './covered.ts'
import { doubtfulIn } from './doubtful.ts'
import { familyTree } from './family.ts'
import { fineCellsOf, type Glance, glanceOf } from './glance.ts'
import { isStillRelated, type Kin, related } from './kin.ts'
import type { Lineage, Relation } from './lineage.ts'
import { strangersAlike } from './look-alikes.ts'
import type { Merge } from './merge.ts'
import { assemblyRelation, mergeRelation, mergesAmong, type Neighbour } from './merges.ts'
import type { Span } from './nearest.ts'
import { type Pairs, pairsAmong } from './pairs.ts'
import { subjectOf } from './subject.ts'
import { type Asking, type Given, type Models, models, type Wanted } from './wanted.ts'

/** The version of the rules; a lineage recorded under another is computed anew. */
export const RELATE_VERSION = 5

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
  const answer = ({ what, ids }: Wanted): Given => {
    const asked = ids.map((id) => subjects.get(id)!)
    return what === 'fine' ? { what, cells: asked.map(fineCellsOf) } : { what, subjects: asked }
  }
  const answered = <T>(work: Asking<T>): T => {
    let step = work.next()
    while (!step.done) step = work.next(answer(step.value))
    return step.value
  }
  const { lineage, kin } = answered(relating({ glances, fresh, kin: [], merges: [] }, plainKernel))
  const at = models()
  const adapters = prints.flatMap((print) => answered(adapterRelation(print, { glances, kin }, at)))
  return { relations: [...lineage.relations, ...adapters], lookAlikes: lineage.lookAlikes }
}

/**
 * The same for models that are not in memory, and as a continuation: only pairs with a fresh model are looked at. Relations of
 * adapters are not among those it gives (`adapterRelation`).
 */
export function* relating(basis: Basis, kernel: Kernel): Asking<Related> {
  // in one order, so that what is cut off where there is too much of it does not depend on who asks
  const glances = basis.glances.filter(({ rows }) => rows.length > 0).sort((x, y) => (x.id < y.id ? -1 : 1))
  const tested = (glances.length * (glances.length - 1)) / 2
  const known = basis.kin.filter((pair) => isStillRelated(pair, tested))
  const at = models()
  const isFresh = (model: number) => basis.fresh.has(glances[model]!.id)
  const { near, nearest } = yield* candidatesAmong({ glances, isFresh, spans: spansOf(known, glances) }, at, kernel)
  const pairs = pairsAmong(glances, tested, at, known)
  yield* pairs.compare(nearest)
  // a change of low rank ties its ends closer than its size says
  yield* pairs.named(related(pairs.kin))
  const neighbours = neighboursOf(near, pairs, glances)
  const former = basis.merges.filter(({ child }) => !neighbours.has(child))
  const merges = yield* combinationsAmong({ neighbours, pairs, glances, former }, at)
  const lookAlikes = yield* strangersAlike(glances, { kin: pairs.kin, merges }, at, kernel)
  for (const { model, others } of doubtfulIn(familyTree(related(pairs.kin), merges), merges))
    yield* pairs.named(related(yield* pairs.between([model], others)))
  const tree = yield* pairs.named(familyTree(related(pairs.kin), merges))
  return { lineage: { relations: [...merges, ...tree.map(({ relation }) => relation)], lookAlikes }, kin: pairs.kin }
}

/** What combinations are looked for among. */
interface Surroundings {
  /** Of those that may be one. */
  neighbours: ReadonlyMap<string, Neighbour[]>
  pairs: Pairs
  glances: readonly Glance[]
  /** Combinations of other models that are known. */
  former: readonly Relation[]
}

/** Every model that has several parents here: what is put together from parts, and what lies between others. */
function* combinationsAmong({ neighbours, pairs, glances, former }: Surroundings, at: Models): Asking<Relation[]> {
  const byId = new Map(glances.map((glance) => [glance.id, glance]))
  const found = [...former]
  for (const { child, parents } of coveredAmong(neighbours.keys(), related(pairs.kin), byId)) {
    const among = yield* pairs.between(parents.slice(0, 1), parents.slice(1))
    const [subject, ...others] = yield* at.weights([child, ...parents])
    const assembly = assemblyFrom(subject!, others, related(among))
    if (assembly) found.push(assemblyRelation(assembly, yield* pairs.between([child], parents)))
  }
  const explained = explainedAmong(pairs.kin)
  const assembled = new Set(found.map(({ child }) => child))
  const others = new Map([...neighbours].filter(([child]) => !assembled.has(child) && !explained.has(child)))
  const combined = new Set([...assembled, ...explained])
  const around = { neighbours: others, kin: pairs.kin, glances: byId, combined }
  for (const merge of yield* mergesAmong(around, at)) {
    const between = yield* kinOfMerge(merge, pairs, neighbours)
    if (between) found.push(mergeRelation(merge, between))
  }
  return found
}

/** What is all of one other model but for what was taken out of it, or added to it, is made of that one alone. */
function explainedAmong(kin: readonly Kin[]): Set<string> {
  const relations = related(kin).map(({ relation }) => relation)
  const explaining = relations.filter(
    ({ direction, changes }) => direction === 'known' && changes.every((change) => EXACT.has(change)),
  )
  return new Set(explaining.map(({ child }) => child))
}

const EXACT: ReadonlySet<ChangeKind> = new Set([
  'pruned',
  'vocabulary-resized',
  'direction-ablated',
  'converted',
  'converted-lossy',
  'quantised',
])

/** Null for a combination of strangers, which is none. */
function* kinOfMerge(
  { child, parents, base }: Merge,
  { between }: Pairs,
  neighbours: ReadonlyMap<string, Neighbour[]>,
): Asking<Kin[] | null> {
  const ends = parents.map(({ subject }) => subject.id)
  const kin = yield* between([child.id], ends)
  if (kin.length < ends.length) return null
  if (base && (yield* between([child.id], [base.id])).length === 0) return null
  // what was built on a merge shows by how far it is from its parents
  const around = (neighbours.get(child.id) ?? []).slice(0, MAX_AROUND).map(({ id }) => id)
  yield* between([...around, ...ends], ends)
  return kin
}

/** The base of a hundred fine-tunes has them all around it; what a merge was built into is among the nearest. */
const MAX_AROUND = 24

function spansOf(kin: readonly Kin[], glances: readonly Glance[]): Span[] {
  const numbers = numbersOf(glances)
  return kin.map(({ a, b, difference }) => ({ a: numbers.get(a)!, b: numbers.get(b)!, distance: difference }))
}

function numbersOf(glances: readonly Glance[]): Map<string, number> {
  return new Map(glances.map(({ id }, number) => [id, number]))
}

/** The models around each that is in a new pair, by new pairs and those on record. */
function neighboursOf(
  near: readonly Span[],
  { kin, areStrangers }: Pairs,
  glances: readonly Glance[],
): Map<string, Neighbour[]> {
  const around = new Map<string, Map<string, number>>()
  const put = (model: string, id: string, distance: number) => around.get(model)?.set(id, distance)
  for (const { a, b } of near) for (const end of [a, b]) around.set(glances[end]!.id, new Map())
  for (const { a, b, distance } of near) {
    const [x, y] = [glances[a]!.id, glances[b]!.id]
    if (areStrangers(x, y)) continue
    put(x, y, distance)
    put(y, x, distance)
  }
  for (const { a, b, difference } of kin) {
    put(a, b, difference)
    put(b, a, difference)
  }
  const entries = [...around].map(([model, others]) => {
    return [model, [...others].map(([id, distance]) => ({ id, distance }))] as const
  })
  return new Map(entries)
}
