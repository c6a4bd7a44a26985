import { createHash } from 'node:crypto'
import { loadKernel } from '../kernel/load.ts'
import { adapterRelation } from '../relate/adapters.ts'
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
import type { Lineage, Relation } from '../relate/lineage.ts'
import { RELATE_VERSION, type Related, relating } from '../relate/relate.ts'
import { subjectOf } from '../relate/subject.ts'
import type { Given, Wanted } from '../relate/wanted.ts'
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
  const { lineage } = await answered(relating(all, loadKernel()), estate, prints)
  return withAdapters(lineage, await adapterRelations(glances, prints, new Map()))
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
  const { lineage, kin } = await answered(
    relating(
      {
        glances,
        fresh: new Set(fresh),
        kin: known.kin.filter(({ a, b }) => present.has(a) && present.has(b)),
        merges: former.filter(({ child, parents }) => parents.length > 1 && known.models.has(child)),
      },
      loadKernel(),
    ),
    estate,
    prints,
  )
  const before = new Set(known.kin)
  const adapters = new Map(former.filter(({ parents }) => parents.length === 0).map((own) => [own.child, own]))
  return {
    lineage: withAdapters(lineage, await adapterRelations(glances, prints, adapters)),
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

/** Adapters have an empty glance; what they say of themselves stands on record, or in their prints. */
async function adapterRelations(glances: Glance[], prints: Prints, known: Map<string, Relation>): Promise<Relation[]> {
  const adapters = glances.filter(({ rows }) => rows.length === 0)
  const relations = adapters.map(async ({ id }) => {
    const own = known.get(id)
    return own ? [own] : adapterRelation(await prints.get(id))
  })
  return (await Promise.all(relations)).flat()
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

async function answered(work: ReturnType<typeof relating>, estate: Estate, prints: Prints): Promise<Related> {
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
