import type { Change } from '../ledger/changes.ts'
import type { Lineage, Relation } from '../relate/lineage.ts'
import type { EstateDb } from './database.ts'
import { topicNumbers } from './ledger.ts'
import type { KnownRelation } from './records.ts'
import { inBatches } from './rows.ts'
import type { RelationRow } from './schema.ts'

/**
 * Puts a lineage of the whole estate in place of the former one, which stays on record as what was known before `since`. A
 * relation between the same models keeps its `foundAt`. Gives what is other than it was.
 */
export async function replaceRelations(db: EstateDb, lineage: Lineage, time: string, since: number): Promise<Change[]> {
  const known = await currentRelations(db)
  const before = new Map(known.map((relation) => [endsOf(relation), relation]))
  const placed = lineage.relations.map((relation, position) => ({ relation, position }))
  const kept = placed.filter(({ relation }) => isSame(before.get(endsOf(relation)), relation))
  const fresh = placed.filter(({ relation }) => !isSame(before.get(endsOf(relation)), relation))
  const keptEnds = new Set(kept.map(({ relation }) => endsOf(relation)))
  const ended = known.filter((relation) => !keptEnds.has(endsOf(relation)))
  await endRelations(db, ended, since)
  await moveRelations(db, kept, before)
  const foundAt = (relation: Relation) => before.get(endsOf(relation))?.foundAt ?? time
  await addRelations(
    db,
    fresh.map(({ relation, position }) => ({ relation, position, foundAt: foundAt(relation) })),
    since,
  )
  await replaceLookAlikes(db, lineage)
  const found = new Set(fresh.map(({ relation }) => endsOf(relation)))
  const withdrawn = ended.filter((relation) => !found.has(endsOf(relation)))
  return [
    ...withdrawn.map((relation): Change => ({ kind: 'related', state: 'withdrawn', relation: plain(relation) })),
    ...fresh.map(({ relation }): Change => ({ kind: 'related', state: 'found', relation: plain(relation) })),
  ]
}

/** A relation as it stands in the database. */
interface StoredRelation extends KnownRelation {
  number: number
  position: number
}

interface PlacedRelation {
  relation: Relation
  /** Its place in the lineage. */
  position: number
}

function isSame(known: Relation | undefined, found: Relation): boolean {
  return known !== undefined && JSON.stringify(plain(known)) === JSON.stringify(plain(found))
}

function plain({ child, parents, changes, direction, status, p, similarity, details }: Relation): Relation {
  return { child, parents, changes, direction, status, p, similarity, details }
}

async function endRelations(db: EstateDb, relations: readonly StoredRelation[], since: number): Promise<void> {
  await inBatches(relations, async (batch) => {
    const numbers = batch.map(({ number }) => number)
    await db.updateTable('relations').set({ until: since }).where('number', 'in', numbers).execute()
    await db.updateTable('edges').set({ until: since }).where('relation', 'in', numbers).execute()
  })
}

async function moveRelations(
  db: EstateDb,
  kept: readonly PlacedRelation[],
  before: ReadonlyMap<string, StoredRelation>,
): Promise<void> {
  for (const { relation, position } of kept) {
    const stored = before.get(endsOf(relation))!
    if (stored.position !== position)
      await db.updateTable('relations').set({ position }).where('number', '=', stored.number).execute()
  }
}

/** Adds relations as known from `since` on. */
export async function addRelations(
  db: EstateDb,
  relations: readonly (PlacedRelation & { foundAt: string })[],
  since: number,
): Promise<void> {
  const last = await db.selectFrom('relations').select('number').orderBy('number', 'desc').limit(1).executeTakeFirst()
  const first = (last?.number ?? -1) + 1
  const numbered = relations.map((placed, at) => ({ ...placed, number: first + at }))
  await inBatches(numbered, (batch) =>
    db
      .insertInto('relations')
      .values(batch.map((relation) => relationRow(relation, since)))
      .execute(),
  )
  const parents = numbered.flatMap(({ number, relation }) =>
    relation.parents.map(({ id, weight }, position) => ({ relation: number, position, parent: id, weight })),
  )
  await inBatches(parents, (batch) => db.insertInto('relation_parents').values(batch).execute())
  await addEdges(db, numbered, since)
}

async function addEdges(
  db: EstateDb,
  relations: readonly { number: number; relation: Relation }[],
  since: number,
): Promise<void> {
  const ids = relations.flatMap(({ relation: { child, parents } }) => [child, ...parents.map(({ id }) => id)])
  const numbers = await topicNumbers(db, ids)
  const edges = relations.flatMap(({ number, relation: { child, parents, direction } }) => {
    const ends = new Set(parents.map(({ id }) => numbers.get(id)!))
    const known = direction === 'known' ? 1 : 0
    return [...ends].map((parent) => ({
      relation: number,
      parent,
      child: numbers.get(child)!,
      known,
      since,
      until: null,
    }))
  })
  await inBatches(edges, (batch) => db.insertInto('edges').values(batch).execute())
}

async function replaceLookAlikes(db: EstateDb, lineage: Lineage): Promise<void> {
  await db.deleteFrom('look_alikes').execute()
  const lookAlikes = lineage.lookAlikes.map(({ models: [first, second], ...alike }) => ({ first, second, ...alike }))
  await inBatches(lookAlikes, (batch) => db.insertInto('look_alikes').values(batch).execute())
}

/** Every relation that holds now, in the order in which the lineage gave them. */
export async function allRelations(db: EstateDb): Promise<KnownRelation[]> {
  return (await currentRelations(db)).map(knownRelationOf)
}

async function currentRelations(db: EstateDb): Promise<StoredRelation[]> {
  return withParents(
    db,
    await db.selectFrom('relations').selectAll().where('until', 'is', null).orderBy('position').execute(),
  )
}

/** Relations by their numbers, whether they hold now or not. */
export async function relationsNumbered(db: EstateDb, numbers: readonly number[]): Promise<Map<number, KnownRelation>> {
  const relations = new Map<number, KnownRelation>()
  await inBatches(numbers, async (batch) => {
    const rows = await db.selectFrom('relations').selectAll().where('number', 'in', batch).execute()
    for (const relation of await withParents(db, rows)) relations.set(relation.number, knownRelationOf(relation))
  })
  return relations
}

function knownRelationOf({ number: _, position: __, ...relation }: StoredRelation): KnownRelation {
  return relation
}

/** The relations in which a model is the child or a parent. */
export async function relationsOf(db: EstateDb, model: string): Promise<KnownRelation[]> {
  const asParent = db.selectFrom('relation_parents').select('relation').where('parent', '=', model)
  const rows = db
    .selectFrom('relations')
    .selectAll()
    .where('until', 'is', null)
    .where((eb) => eb.or([eb('child', '=', model), eb('number', 'in', asParent)]))
  return (await withParents(db, await rows.orderBy('position').execute())).map(knownRelationOf)
}

/** Pairs of models that look alike from outside though their weights do not. */
export async function allLookAlikes(db: EstateDb): Promise<Lineage['lookAlikes']> {
  const rows = await db.selectFrom('look_alikes').selectAll().orderBy('first').orderBy('second').execute()
  return rows.map(({ first, second, shared, similarity }) => ({ models: [first, second], shared, similarity }))
}

/** Those of one model. */
export async function lookAlikesOf(db: EstateDb, model: string): Promise<Lineage['lookAlikes']> {
  const rows = db
    .selectFrom('look_alikes')
    .selectAll()
    .where((eb) => eb.or([eb('first', '=', model), eb('second', '=', model)]))
  const found = await rows.orderBy('first').orderBy('second').execute()
  return found.map(({ first, second, shared, similarity }) => ({ models: [first, second], shared, similarity }))
}

async function withParents(db: EstateDb, rows: RelationRow[]): Promise<StoredRelation[]> {
  const relations = new Map(rows.map((row) => [row.number, storedRelation(row)]))
  await inBatches([...relations.keys()], async (numbers) => {
    const parents = db.selectFrom('relation_parents').selectAll().where('relation', 'in', numbers).orderBy('relation')
    for (const { relation, parent, weight } of await parents.orderBy('position').execute())
      relations.get(relation)?.parents.push({ id: parent, weight })
  })
  return [...relations.values()]
}

/** With an undetermined direction, parent and child are just the two ends, in either order. */
function endsOf({ child, parents, direction }: Relation): string {
  const ids = parents.map((parent) => parent.id)
  return direction === 'known' ? [child, 'of', ...ids.sort()].join(' ') : [child, ...ids].sort().join(' ')
}

function relationRow(
  { number, position, relation, foundAt }: PlacedRelation & { number: number; foundAt: string },
  since: number,
): RelationRow {
  const { child, changes, direction, status, p, similarity, details } = relation
  return {
    number,
    child,
    changes: JSON.stringify(changes),
    direction,
    status,
    p,
    similarity,
    details: JSON.stringify(details),
    found_at: foundAt,
    since,
    until: null,
    position,
  }
}

function storedRelation(row: RelationRow): StoredRelation {
  const { number, position, child, changes, direction, status, p, similarity, details, found_at } = row
  return {
    number,
    position,
    child,
    parents: [],
    changes: JSON.parse(changes),
    direction,
    status,
    p,
    similarity,
    details: JSON.parse(details),
    foundAt: found_at,
  }
}
