import type { EstateDb } from './database.ts'
import { inBatches } from './rows.ts'

/** The commitment of a person's name, made by `salted` where there is none yet. */
export async function commitmentFor(
  db: EstateDb,
  name: string,
  salted: () => { salt: string; commitment: string },
): Promise<string> {
  const known = await db.selectFrom('persons').select('commitment').where('name', '=', name).executeTakeFirst()
  if (known) return known.commitment
  const { salt, commitment } = salted()
  await db.insertInto('persons').values({ commitment, salt, name }).execute()
  return commitment
}

export async function namesBehind(db: EstateDb, commitments: readonly string[]): Promise<Map<string, string>> {
  const names = new Map<string, string>()
  await inBatches(commitments, async (batch) => {
    const rows = db.selectFrom('persons').selectAll().where('commitment', 'in', batch)
    for (const { commitment, name } of await rows.execute()) names.set(commitment, name)
  })
  return names
}

/** The commitments that stand for these names, where any do: each with its name. */
export async function commitmentsOf(db: EstateDb, names: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  await inBatches([...new Set(names)], async (batch) => {
    const rows = await db.selectFrom('persons').select(['commitment', 'name']).where('name', 'in', batch).execute()
    for (const { commitment, name } of rows) found.set(commitment, name)
  })
  return found
}
