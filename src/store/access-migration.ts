import type { Kysely } from 'kysely'
import type { ColumnTypes } from './column-types.ts'

/** Who may use the API; and the log by kinds, so that the newest of one kind are found without going through all. */
export async function createAccess(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('api_tokens')
    .addColumn('id', types.text, (column) => column.primaryKey())
    .addColumn('name', types.text, (column) => column.notNull())
    .addColumn('role', types.text, (column) => column.notNull())
    // SHA-256 of the token, hexadecimal: the token itself is nowhere
    .addColumn('digest', types.text, (column) => column.notNull().unique())
    .addColumn('created', types.text, (column) => column.notNull())
    .addColumn('expires', types.text)
    .addColumn('revoked', types.text)
    .addColumn('used', types.text)
    .execute()
  await db.schema.createIndex('ledger_entries_kind').on('ledger_entries').columns(['kind', 'number']).execute()
}
