import { createHash } from 'node:crypto'
import { loadKernel } from '../kernel/load.ts'
import { adapterRelation, mayFit } from '../relate/adapters.ts'
import {
  type Cells,
  decodeFine,
  decodeGlance,
  encodeFine,
  encodeGlance,
  fineCellsOf,
  GLANCE_VERSION,
  type Glance,
  glanceOf,
} from '../relate/glance.ts'
import type { Kin } from '../relate/kin.ts'
import type { Lineage, Relation } from '../relate/lineage.ts'
import { RELATE_VERSION, relating } from '../relate/relate.ts'
import { subjectOf } from '../relate/subject.ts'
import { type Asking, type Given, models, type Wanted } from '../relate/wanted.ts'
import type { Estate } from '../store/estate.ts'
import type { GlanceRecord } from '../store/glances.ts'
import type { KinRecord } from '../store/kin.ts'
import type { Prints } from './known-prints.ts'

/** What a lineage depends on: the rules, and the models. */
export function basisOf(ids: readonly string[]): string {
  return createHash('sha256')
    .update([`relate/${RELATE_VERSION}`, ...ids.toSorted()].join('\n'))
    .digest('hex')
}

/** The lineage on record. */
export async function storedLineage(estate: Estate): Promise<Lineage> {
  const relations = (await estate.allRelations()).map(({ foundAt: _, ...relation }) => relation)
  return inOrder({ relations, lookAlikes: await estate.lookAlikes() })
}

/** Relates some of the estate's models, from nothing. */
export async function lineageAmong(estate: Estate, prints: Prints, ids: readonly string[]): Promise<Lineage> {
  const glances = await glancesOf(estate, prints, ids)
  const all = { glances, fresh: new Set(ids), kin: [], merges: [] }
  const { lineage, kin } = await answered(relating(all, loadKernel()), estate, prints)
  const adapters = await adapterRelations({ glances, fresh: all.fresh, kin, former: [] }, estate, prints)
  return withAdapters(lineage, adapters)
}

/** The lineage of all of the estate's models, going on from what is on record, with what there is to record. */
export async function lineageOfEstate(
  estate: Estate,
  prints: Prints,
  ids: readonly string[],
): Promise<{ lineage: Lineage; kin: KinRecord }> {
  const glances = await glancesOf(estate, prints, ids)
  const known = await estate.knownKin(RELATE_VERSION)
  const present = new Set(ids)
  const fresh = ids.filter((id) => !known.models.has(id))
  const former = known.models.size > 0 ? (await storedLineage(estate)).relations : []
  const isFresh = new Set(fresh)
  const { lineage, kin } = await answered(
    relating(
      {
        glances,
        fresh: isFresh,
        kin: known.kin.filter(({ a, b }) => present.has(a) && present.has(b)),
        merges: former.filter(({ child, parents }) => parents.length > 1 && known.models.has(child)),
      },
      loadKernel(),
    ),
    estate,
    prints,
  )
  const before = new Set(known.kin)
  const adapters = await adapterRelations({ glances, fresh: isFresh, kin, former }, estate, prints)
  return {
    lineage: withAdapters(lineage, adapters),
    kin: { rules: RELATE_VERSION, kin: kin.filter((pair) => !before.has(pair)), models: fresh },
  }
}

function withAdapters({ relations, lookAlikes }: Lineage, adapters: Relation[]): Lineage {
  return inOrder({ relations: [...relations, ...adapters], lookAlikes })
}

/** One order, whichever way a lineage was come by: merges first, then by the models concerned. */
function inOrder({ relations, lookAlikes }: Lineage): Lineage {
  const keyed = relations.map((relation) => ({ relation, key: keyOf(relation) }))
  keyed.sort((x, y) => (x.key < y.key ? -1 : x.key > y.key ? 1 : 0))
  return { relations: keyed.map(({ relation }) => relation), lookAlikes }
}

function keyOf({ child, parents }: Relation): string {
  const rank = parents.length > 1 ? 0 : parents.length === 1 ? 1 : 2
  return [rank, child, ...parents.map(({ id }) => id)].join(' ')
}

/** What the relations of adapters hang on. */
interface Grounds {
  glances: readonly Glance[]
  /** Ids of models that the relations on record leave out. */
  fresh: ReadonlySet<string>
  kin: readonly Kin[]
  /** The relations on record. */
  former: readonly Relation[]
}

/**
 * Adapters have an empty glance, for their factors compare with nothing. What is on record of one stands until a model is added that
 * it may be for.
 */
async function adapterRelations(
  { glances, fresh, kin, former }: Grounds,
  estate: Estate,
  prints: Prints,
): Promise<Relation[]> {
  const whole = glances.filter(({ rows }) => rows.length > 0).sort((x, y) => (x.id < y.id ? -1 : 1))
  const added = whole.filter(({ id }) => fresh.has(id))
  const known = new Map(former.flatMap((own) => (own.changes.includes('adapter') ? [[own.child, own] as const] : [])))
  const present = new Set(glances.map(({ id }) => id))
  const at = models()
  const relations: Relation[] = []
  for (const { id } of glances.filter(({ rows }) => rows.length === 0)) {
    const print = await prints.get(id)
    const own = fresh.has(id) ? undefined : known.get(id)
    const stands =
      own?.parents.every((parent) => present.has(parent.id)) && !added.some((glance) => mayFit(print, glance))
    if (own && stands) relations.push(own)
    else relations.push(...(await answered(adapterRelation(print, { glances: whole, kin }, at), estate, prints)))
  }
  return relations
}

/** Glances made and written at a time: 40 MB of them, and as many prints as that takes are at hand one after the other. */
const BATCH = 256

/** The glances of models; those that the estate lacks are made from their prints, and kept. */
async function glancesOf(estate: Estate, prints: Prints, ids: readonly string[]): Promise<Glance[]> {
  const stored = await estate.coarseGlances(GLANCE_VERSION)
  const glances = new Map<string, Glance>()
  for (const id of ids) {
    const bytes = stored.get(id)
    const glance = bytes ? decodeGlance(id, bytes) : null
    if (glance) glances.set(id, glance)
  }
  const missing = ids.filter((id) => !glances.has(id))
  for (let at = 0; at < missing.length; at += BATCH) {
    const records: GlanceRecord[] = []
    for (const id of missing.slice(at, at + BATCH)) {
      const { glance, fine } = await newGlance(prints, id)
      glances.set(id, glance)
      records.push({ model: id, version: GLANCE_VERSION, coarse: encodeGlance(glance), fine: encodeFine(fine) })
    }
    await estate.saveGlances(records)
  }
  return ids.map((id) => glances.get(id)!)
}

/** The factors of an adapter compare with nothing. */
async function newGlance(prints: Prints, id: string): Promise<{ glance: Glance; fine: Cells }> {
  const print = await prints.get(id)
  const subject = subjectOf(print.adapter ? { ...print, tensors: [] } : print)
  return { glance: glanceOf(subject), fine: fineCellsOf(subject) }
}

async function answered<T>(work: Asking<T>, estate: Estate, prints: Prints): Promise<T> {
  let step = work.next()
  while (!step.done) step = work.next(await answer(step.value, estate, prints))
  return step.value
}

async function answer({ what, ids }: Wanted, estate: Estate, prints: Prints): Promise<Given> {
  if (what === 'weights') return { what, subjects: (await Promise.all(ids.map((id) => prints.get(id)))).map(subjectOf) }
  const stored = await estate.fineGlances(GLANCE_VERSION, ids)
  const cells = ids.map(async (id) => {
    const bytes = stored.get(id)
    return (bytes && decodeFine(bytes)) ?? (await newGlance(prints, id)).fine
  })
  return { what, cells: await Promise.all(cells) }
}
