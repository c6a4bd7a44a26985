import type { Lineage, Relation } from '../relate/lineage.ts'
import type { EstateDb } from './database.ts'
import type { KnownRelation } from './records.ts'
import { inBatches } from './rows.ts'
import type { RelationRow } from './schema.ts'

/**
 * Puts a lineage of the whole estate in place of the former one. A relation between the same models keeps its `foundAt`; those that
 * did not change are left alone, for a new model changes a few of ten thousand.
 */
export async function replaceRelations(db: EstateDb, lineage: Lineage, time: string): Promise<void> {
  const { kept, lost, added } = await changesTo(db, lineage)
  await inBatches(lost, (batch) => db.deleteFrom('relations').where('number', 'in', batch).execute())
  let number = kept.reduce((most, known) => Math.max(most, known + 1), 0)
  const numbered = added.map(({ relation, foundAt }) => ({ number: number++, relation, foundAt: foundAt ?? time }))
  await inBatches(numbered, (batch) => {
    const rows = batch.map(({ number, relation, foundAt }) => relationRow(number, relation, foundAt))
    return db.insertInto('relations').values(rows).execute()
  })
  const parents = numbered.flatMap(({ number, relation }) =>
    relation.parents.map(({ id, weight }, position) => ({ relation: number, position, parent: id, weight })),
  )
  await inBatches(parents, (batch) => db.insertInto('relation_parents').values(batch).execute())
  await db.deleteFrom('look_alikes').execute()
  const lookAlikes = lineage.lookAlikes.map(({ models: [first, second], ...alike }) => ({ first, second, ...alike }))
  await inBatches(lookAlikes, (batch) => db.insertInto('look_alikes').values(batch).execute())
}

/** Numbers of the relations on record that stand, and of those that do not; and what is to be added. */
async function changesTo(db: EstateDb, { relations }: Lineage) {
  const rows = await db.selectFrom('relations').selectAll().orderBy('number').execute()
  const former = await withParents(db, rows)
  const byText = new Map(former.map(({ foundAt: _, ...relation }, i) => [JSON.stringify(relation), rows[i]!.number]))
  const foundAt = new Map(former.map((relation) => [endsOf(relation), relation.foundAt]))
  const kept = new Set<number>()
  const added: { relation: Relation; foundAt: string | undefined }[] = []
  for (const relation of relations) {
    const { child, parents, changes, direction, status, p, similarity, details } = relation
    // as the database gives it back: keys in this order, numbers as JSON has them
    const text = JSON.stringify({ child, parents, changes, direction, status, p, similarity, details })
    const number = byText.get(text)
    if (number === undefined || kept.has(number)) added.push({ relation, foundAt: foundAt.get(endsOf(relation)) })
    else kept.add(number)
  }
  return { kept: [...kept], lost: rows.map(({ number }) => number).filter((number) => !kept.has(number)), added }
}

/** Every relation; those that have stood longest first. */
export async function allRelations(db: EstateDb): Promise<KnownRelation[]> {
  return withParents(db, await db.selectFrom('relations').selectAll().orderBy('number').execute())
}

/** The relations in which a model is the child or a parent. */
export async function relationsOf(db: EstateDb, model: string): Promise<KnownRelation[]> {
  const asParent = db.selectFrom('relation_parents').select('relation').where('parent', '=', model)
  const rows = db
    .selectFrom('relations')
    .selectAll()
    .where((eb) => eb.or([eb('child', '=', model), eb('number', 'in', asParent)]))
  return withParents(db, await rows.orderBy('number').execute())
}

/** Pairs of models that look alike from outside though their weights do not. */
export async function allLookAlikes(db: EstateDb): Promise<Lineage['lookAlikes']> {
  const rows = await db.selectFrom('look_alikes').selectAll().orderBy('first').orderBy('second').execute()
  return rows.map(({ first, second, shared, similarity }) => ({ models: [first, second], shared, similarity }))
}

async function withParents(db: EstateDb, rows: RelationRow[]): Promise<KnownRelation[]> {
  const relations = new Map(rows.map((row) => [row.number, knownRelation(row)]))
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

function relationRow(number: number, relation: Relation, foundAt: string): RelationRow {
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
  }
}

function knownRelation({ child, changes, direction, status, p, similarity, details, found_at }: RelationRow) {
  const relation: KnownRelation = {
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
  return relation
}
