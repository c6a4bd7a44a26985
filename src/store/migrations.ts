import { type Kysely, type Migration, type SqlBool, sql } from 'kysely'
import { createAccess } from './access-migration.ts'
import type { ColumnTypes } from './column-types.ts'
import { createLedger } from './ledger-migration.ts'

/** The schema, step by step; a released step is never changed, only followed by another. */
export function migrationsFor(types: ColumnTypes): Record<string, Migration> {
  return {
    '0001-estate': { up: (db) => createEstate(db, types) },
    '0002-ledger': { up: (db) => createLedger(db, types) },
    '0003-scale': { up: (db) => createCaches(db, types) },
    '0004-serve': { up: (db) => createAccess(db, types) },
  }
}

async function createEstate(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await createFiles(db, types)
  await createPrints(db, types)
  await createModels(db, types)
  await createArtifacts(db, types)
  await createRelations(db, types)
  await db.schema
    .createTable('scans')
    .addColumn('id', types.text, (column) => column.primaryKey())
    .addColumn('started', types.text, (column) => column.notNull())
    .addColumn('finished', types.text, (column) => column.notNull())
    .addColumn('roots', types.text, (column) => column.notNull())
    .addColumn('totals', types.text, (column) => column.notNull())
    .addColumn('basis', types.text)
    .execute()
}

/** A cache only: any row may be deleted and costs one more hashing. Times in ns, inodes and devices exceed 2⁵³: text. */
async function createFiles(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('files')
    .addColumn('path', types.text, (column) => column.primaryKey())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('mtime_ns', types.text, (column) => column.notNull())
    .addColumn('inode', types.text, (column) => column.notNull())
    .addColumn('device', types.text, (column) => column.notNull())
    .addColumn('sha256', types.text, (column) => column.notNull())
    .execute()
}

/** Saved while a scan runs, before its models are recorded; hence no reference to `models`. In parts: prints.ts. */
async function createPrints(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('prints')
    .addColumn('model', types.text, (column) => column.primaryKey())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('origin', types.text, (column) => column.notNull())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('print_parts')
    .addColumn('model', types.text, (column) => column.notNull().references('prints.model').onDelete('cascade'))
    .addColumn('part', 'integer', (column) => column.notNull())
    .addColumn('bytes', types.bytes, (column) => column.notNull())
    .addPrimaryKeyConstraint('print_parts_key', ['model', 'part'])
    .execute()
}

async function createModels(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('models')
    .addColumn('id', types.text, (column) => column.primaryKey())
    .addColumn('name', types.text, (column) => column.notNull())
    .addColumn('parameters', 'bigint', (column) => column.notNull())
    .addColumn('tensors', 'integer', (column) => column.notNull())
    .addColumn('dtypes', types.text, (column) => column.notNull())
    .addColumn('quantisation', types.text)
    .addColumn('origin', types.text, (column) => column.notNull())
    .execute()
  await db.schema.createIndex('models_name').on('models').column('name').execute()
}

/**
 * What lay at a path stays on record when something else comes to lie there: one row for each model and layout that
 * was seen at a path, at most one of them not gone.
 */
async function createArtifacts(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('artifacts')
    .addColumn('id', types.text, (column) => column.primaryKey())
    .addColumn('model', types.text, (column) => column.notNull().references('models.id'))
    .addColumn('layout', types.text, (column) => column.notNull())
    .addColumn('path', types.text, (column) => column.notNull())
    .addColumn('place', types.text, (column) => column.notNull())
    .addColumn('format', types.text, (column) => column.notNull())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('print_version', 'integer', (column) => column.notNull())
    .addColumn('findings', types.text, (column) => column.notNull())
    .addColumn('side_files', types.text, (column) => column.notNull())
    .addColumn('first_seen', types.text, (column) => column.notNull())
    .addColumn('last_seen', types.text, (column) => column.notNull())
    .addColumn('gone', 'integer', (column) => column.notNull())
    .addUniqueConstraint('artifacts_seen', ['path', 'model', 'layout'])
    .execute()
  const there = db.schema.createIndex('artifacts_there').unique().on('artifacts').column('path')
  await there.where(sql<SqlBool>`gone = 0`).execute()
  await db.schema.createIndex('artifacts_model').on('artifacts').column('model').execute()
  await db.schema
    .createTable('artifact_files')
    .addColumn('artifact', types.text, (column) => column.notNull().references('artifacts.id').onDelete('cascade'))
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('path', types.text, (column) => column.notNull())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('sha256', types.text, (column) => column.notNull())
    .addPrimaryKeyConstraint('artifact_files_key', ['artifact', 'position'])
    .execute()
  await db.schema.createIndex('artifact_files_path').on('artifact_files').column('path').execute()
  await db.schema.createIndex('artifact_files_sha256').on('artifact_files').column('sha256').execute()
}

/** Parents in a table of their own, so that descendants are found by an index. */
async function createRelations(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('relations')
    .addColumn('number', 'integer', (column) => column.primaryKey())
    .addColumn('child', types.text, (column) => column.notNull().references('models.id'))
    .addColumn('changes', types.text, (column) => column.notNull())
    .addColumn('direction', types.text, (column) => column.notNull())
    .addColumn('status', types.text, (column) => column.notNull())
    .addColumn('p', 'double precision')
    .addColumn('similarity', 'double precision', (column) => column.notNull())
    .addColumn('details', types.text, (column) => column.notNull())
    .addColumn('found_at', types.text, (column) => column.notNull())
    .execute()
  await db.schema.createIndex('relations_child').on('relations').column('child').execute()
  await db.schema
    .createTable('relation_parents')
    .addColumn('relation', 'integer', (column) => column.notNull().references('relations.number').onDelete('cascade'))
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('parent', types.text, (column) => column.notNull().references('models.id'))
    .addColumn('weight', 'double precision')
    .addPrimaryKeyConstraint('relation_parents_key', ['relation', 'position'])
    .execute()
  await db.schema.createIndex('relation_parents_parent').on('relation_parents').column('parent').execute()
  await db.schema
    .createTable('look_alikes')
    .addColumn('first', types.text, (column) => column.notNull().references('models.id'))
    .addColumn('second', types.text, (column) => column.notNull().references('models.id'))
    .addColumn('shared', 'integer', (column) => column.notNull())
    .addColumn('similarity', 'double precision', (column) => column.notNull())
    .addPrimaryKeyConstraint('look_alikes_key', ['first', 'second'])
    .execute()
}

/**
 * What saves a scan of a large estate from looking at everything again. Caches all of them: any row may be deleted and costs
 * time only. No references, because they are written while what they speak of is.
 */
async function createCaches(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('glances')
    .addColumn('model', types.text, (column) => column.primaryKey())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('coarse', types.bytes, (column) => column.notNull())
    .addColumn('fine', types.bytes, (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('kin')
    .addColumn('first', types.text, (column) => column.notNull())
    .addColumn('second', types.text, (column) => column.notNull())
    .addColumn('pair', types.text, (column) => column.notNull())
    .addPrimaryKeyConstraint('kin_key', ['first', 'second'])
    .execute()
  await db.schema.createIndex('kin_second').on('kin').column('second').execute()
  await db.schema
    .createTable('kin_models')
    .addColumn('model', types.text, (column) => column.primaryKey())
    .addColumn('rules', 'integer', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('sightings')
    .addColumn('path', types.text, (column) => column.primaryKey())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('mtime_ns', types.text, (column) => column.notNull())
    .addColumn('inode', types.text, (column) => column.notNull())
    .addColumn('device', types.text, (column) => column.notNull())
    .addColumn('rules', types.text, (column) => column.notNull())
    .addColumn('found', types.text, (column) => column.notNull())
    .execute()
}
