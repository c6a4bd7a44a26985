import type { EstateDb } from './database.ts'

interface Witnessed {
  size: number
  note: string
}

export async function lastWitnessed(db: EstateDb, origin: string): Promise<Witnessed | null> {
  const row = db.selectFrom('witnessed').select(['size', 'note']).where('origin', '=', origin)
  return (await row.executeTakeFirst()) ?? null
}

/** False where the last one is not of size `former` (null: there is none): a witness never goes back, nor two ways. */
export async function recordWitnessed(
  db: EstateDb,
  origin: string,
  former: number | null,
  { size, note }: Witnessed,
): Promise<boolean> {
  const last = await lastWitnessed(db, origin)
  if ((last?.size ?? null) !== former) return false
  await db
    .insertInto('witnessed')
    .values({ origin, size, note })
    .onConflict((conflict) => conflict.column('origin').doUpdateSet({ size, note }))
    .execute()
  return true
}
