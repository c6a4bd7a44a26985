import { type Kysely, sql } from 'kysely'
import type { ColumnTypes } from './column-types.ts'

/**
 * The log, and what makes the estate's own tables answer for a past day. `since` and `until` count statements: a row
 * holds for the answers given when the log had at least `since` and not yet `until` of them; 0 is from before the log.
 */
export async function createLedger(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await createLog(db, types)
  await createTopics(db, types)
  await createHistory(db, types)
}

async function createLog(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('ledger_head')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('origin', types.text, (column) => column.notNull())
    .addColumn('size', 'bigint', (column) => column.notNull())
    .addColumn('time', types.text, (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('ledger_entries')
    .addColumn('number', types.number, (column) => column.primaryKey())
    .addColumn('time', types.text, (column) => column.notNull())
    .addColumn('kind', types.text, (column) => column.notNull())
    .addColumn('payload', types.text, (column) => column.notNull())
    .addColumn('signatures', types.text, (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('ledger_tiles')
    .addColumn('level', 'integer', (column) => column.notNull())
    .addColumn('position', 'bigint', (column) => column.notNull())
    .addColumn('hashes', types.bytes, (column) => column.notNull())
    .addPrimaryKeyConstraint('ledger_tiles_key', ['level', 'position'])
    .execute()
  await db.schema
    .createTable('ledger_checkpoints')
    .addColumn('size', types.number, (column) => column.primaryKey())
    .addColumn('note', types.text, (column) => column.notNull())
    .execute()
  // What this estate, as a witness, has cosigned last of other logs.
  await db.schema
    .createTable('witnessed')
    .addColumn('origin', types.text, (column) => column.primaryKey())
    .addColumn('size', 'bigint', (column) => column.notNull())
    .addColumn('note', types.text, (column) => column.notNull())
    .execute()
  // The names behind commitments; deleting a row forgets a person without touching the log.
  await db.schema
    .createTable('persons')
    .addColumn('commitment', types.text, (column) => column.primaryKey())
    .addColumn('salt', types.text, (column) => column.notNull())
    .addColumn('name', types.text, (column) => column.notNull())
    .execute()
}

/** Topics are long and come again and again: walks and lookups go by their numbers, ten times as fast. */
async function createTopics(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('topics')
    .addColumn('number', types.serial, (column) => column.primaryKey())
    .addColumn('topic', types.text, (column) => column.notNull().unique())
    .execute()
  await db.schema
    .createTable('entry_topics')
    .addColumn('topic', 'bigint', (column) => column.notNull())
    .addColumn('entry', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('entry_topics_key', ['topic', 'entry'])
    .modifyEnd(types.clustered)
    .execute()
}

async function createHistory(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('model_names')
    .addColumn('model', 'bigint', (column) => column.notNull())
    .addColumn('since', 'bigint', (column) => column.notNull())
    .addColumn('name', types.text, (column) => column.notNull())
    .addPrimaryKeyConstraint('model_names_key', ['model', 'since'])
    .execute()
  await db.schema.createIndex('model_names_name').on('model_names').column('name').execute()
  for (const column of ['since', 'position'] as const)
    await db.schema
      .alterTable('relations')
      .addColumn(column, 'bigint', (added) => added.notNull().defaultTo(0))
      .execute()
  await db.schema.alterTable('relations').addColumn('until', 'bigint').execute()
  await db.schema
    .createTable('edges')
    .addColumn('relation', 'integer', (column) => column.notNull())
    .addColumn('parent', 'bigint', (column) => column.notNull())
    .addColumn('child', 'bigint', (column) => column.notNull())
    .addColumn('known', 'integer', (column) => column.notNull())
    .addColumn('since', 'bigint', (column) => column.notNull())
    .addColumn('until', 'bigint')
    .addPrimaryKeyConstraint('edges_key', ['parent', 'child', 'relation'])
    .modifyEnd(types.clustered)
    .execute()
  await db.schema.createIndex('edges_child').on('edges').column('child').execute()
  await db.schema.createIndex('edges_relation').on('edges').column('relation').execute()
  await db.schema.alterTable('scans').addColumn('recorded', types.text).execute()
  await db.schema
    .alterTable('scans')
    .addColumn('unread', types.text, (column) => column.notNull().defaultTo('[]'))
    .execute()
  await carryOver(db)
}

/** Relations and names recorded before there was a log hold from its beginning. */
async function carryOver(db: Kysely<unknown>): Promise<void> {
  await sql`update relations set position = number`.execute(db)
  await sql`insert into topics (topic) select id from models order by id`.execute(db)
  await sql`insert into model_names (model, since, name)
    select topics.number, 0, models.name from models join topics on topics.topic = models.id`.execute(db)
  await sql`insert into edges (relation, parent, child, known, since)
    select relations.number, parents.number, children.number, case direction when 'known' then 1 else 0 end, 0
    from relations
    join relation_parents on relation_parents.relation = relations.number
    join topics parents on parents.topic = relation_parents.parent
    join topics children on children.topic = relations.child`.execute(db)
}
