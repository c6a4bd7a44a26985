import { type Kysely, type Migration, type SqlBool, sql } from 'kysely'

/**
 * The schema, step by step; a released step is never changed, only followed by another. Types are those that SQLite and
 * PostgreSQL share; on PostgreSQL `blob` becomes `bytea`, and columns searched by prefix need the collation "C".
 */
export const migrations: Record<string, Migration> = {
  '0001-estate': { up: createEstate },
  '0002-scale': { up: createCaches },
}

async function createEstate(db: Kysely<unknown>): Promise<void> {
  await createFiles(db)
  await createPrints(db)
  await createModels(db)
  await createArtifacts(db)
  await createRelations(db)
  await db.schema
    .createTable('scans')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('started', 'text', (column) => column.notNull())
    .addColumn('finished', 'text', (column) => column.notNull())
    .addColumn('roots', 'text', (column) => column.notNull())
    .addColumn('totals', 'text', (column) => column.notNull())
    .addColumn('basis', 'text')
    .execute()
}

/** A cache only: any row may be deleted and costs one more hashing. Times in ns, inodes and devices exceed 2⁵³: text. */
async function createFiles(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('files')
    .addColumn('path', 'text', (column) => column.primaryKey())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('mtime_ns', 'text', (column) => column.notNull())
    .addColumn('inode', 'text', (column) => column.notNull())
    .addColumn('device', 'text', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .execute()
}

/** Saved while a scan runs, before its models are recorded; hence no reference to `models`. In parts: prints.ts. */
async function createPrints(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('prints')
    .addColumn('model', 'text', (column) => column.primaryKey())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('origin', 'text', (column) => column.notNull())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('print_parts')
    .addColumn('model', 'text', (column) => column.notNull().references('prints.model').onDelete('cascade'))
    .addColumn('part', 'integer', (column) => column.notNull())
    .addColumn('bytes', 'blob', (column) => column.notNull())
    .addPrimaryKeyConstraint('print_parts_key', ['model', 'part'])
    .execute()
}

async function createModels(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('models')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('parameters', 'bigint', (column) => column.notNull())
    .addColumn('tensors', 'integer', (column) => column.notNull())
    .addColumn('dtypes', 'text', (column) => column.notNull())
    .addColumn('quantisation', 'text')
    .addColumn('origin', 'text', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('models_name').on('models').column('name').execute()
}

/**
 * What lay at a path stays on record when something else comes to lie there: one row for each model and layout that
 * was seen at a path, at most one of them not gone.
 */
async function createArtifacts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('artifacts')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('model', 'text', (column) => column.notNull().references('models.id'))
    .addColumn('layout', 'text', (column) => column.notNull())
    .addColumn('path', 'text', (column) => column.notNull())
    .addColumn('place', 'text', (column) => column.notNull())
    .addColumn('format', 'text', (column) => column.notNull())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('print_version', 'integer', (column) => column.notNull())
    .addColumn('findings', 'text', (column) => column.notNull())
    .addColumn('side_files', 'text', (column) => column.notNull())
    .addColumn('first_seen', 'text', (column) => column.notNull())
    .addColumn('last_seen', 'text', (column) => column.notNull())
    .addColumn('gone', 'integer', (column) => column.notNull())
    .addUniqueConstraint('artifacts_seen', ['path', 'model', 'layout'])
    .execute()
  const there = db.schema.createIndex('artifacts_there').unique().on('artifacts').column('path')
  await there.where(sql<SqlBool>`gone = 0`).execute()
  await db.schema.createIndex('artifacts_model').on('artifacts').column('model').execute()
  await db.schema
    .createTable('artifact_files')
    .addColumn('artifact', 'text', (column) => column.notNull().references('artifacts.id').onDelete('cascade'))
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('path', 'text', (column) => column.notNull())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('artifact_files_key', ['artifact', 'position'])
    .execute()
  await db.schema.createIndex('artifact_files_path').on('artifact_files').column('path').execute()
  await db.schema.createIndex('artifact_files_sha256').on('artifact_files').column('sha256').execute()
}

/** Parents in a table of their own, so that descendants are found by an index. */
async function createRelations(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('relations')
    .addColumn('number', 'integer', (column) => column.primaryKey())
    .addColumn('child', 'text', (column) => column.notNull().references('models.id'))
    .addColumn('changes', 'text', (column) => column.notNull())
    .addColumn('direction', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('p', 'double precision')
    .addColumn('similarity', 'double precision', (column) => column.notNull())
    .addColumn('details', 'text', (column) => column.notNull())
    .addColumn('found_at', 'text', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('relations_child').on('relations').column('child').execute()
  await db.schema
    .createTable('relation_parents')
    .addColumn('relation', 'integer', (column) => column.notNull().references('relations.number').onDelete('cascade'))
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('parent', 'text', (column) => column.notNull().references('models.id'))
    .addColumn('weight', 'double precision')
    .addPrimaryKeyConstraint('relation_parents_key', ['relation', 'position'])
    .execute()
  await db.schema.createIndex('relation_parents_parent').on('relation_parents').column('parent').execute()
  await db.schema
    .createTable('look_alikes')
    .addColumn('first', 'text', (column) => column.notNull().references('models.id'))
    .addColumn('second', 'text', (column) => column.notNull().references('models.id'))
    .addColumn('shared', 'integer', (column) => column.notNull())
    .addColumn('similarity', 'double precision', (column) => column.notNull())
    .addPrimaryKeyConstraint('look_alikes_key', ['first', 'second'])
    .execute()
}

/**
 * What saves a scan of a large estate from looking at everything again. Caches all of them: any row may be deleted and costs
 * time only. No references, because they are written while what they speak of is.
 */
async function createCaches(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('glances')
    .addColumn('model', 'text', (column) => column.primaryKey())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('coarse', 'blob', (column) => column.notNull())
    .addColumn('fine', 'blob', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('kin')
    .addColumn('first', 'text', (column) => column.notNull())
    .addColumn('second', 'text', (column) => column.notNull())
    .addColumn('pair', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('kin_key', ['first', 'second'])
    .execute()
  await db.schema.createIndex('kin_second').on('kin').column('second').execute()
  await db.schema
    .createTable('kin_models')
    .addColumn('model', 'text', (column) => column.primaryKey())
    .addColumn('rules', 'integer', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('sightings')
    .addColumn('path', 'text', (column) => column.primaryKey())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('mtime_ns', 'text', (column) => column.notNull())
    .addColumn('inode', 'text', (column) => column.notNull())
    .addColumn('device', 'text', (column) => column.notNull())
    .addColumn('rules', 'text', (column) => column.notNull())
    .addColumn('found', 'text', (column) => column.notNull())
    .execute()
}
