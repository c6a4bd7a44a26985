import type { EstateDb } from './database.ts'
import { inBulk } from './rows.ts'
import type { TokenRow } from './schema.ts'

/** A token as it is kept; its digest is SHA-256 over the token's text, hexadecimal. */
export type StoredToken = TokenRow

export async function addToken(db: EstateDb, token: StoredToken): Promise<void> {
  await db.insertInto('api_tokens').values(token).execute()
}

/** In the order in which they were made. A server asks for all of them after every write: one text is handed over sooner than rows are. */
export async function allTokens(db: EstateDb): Promise<StoredToken[]> {
  const rows = await inBulk<TokenValues>(db, db.selectFrom('api_tokens').selectAll(), TOKEN_COLUMNS)
  const tokens = rows.map(([id, name, role, digest, created, expires, revoked, used]) => {
    return { id, name, role, digest, created, expires, revoked, used }
  })
  return tokens.sort((a, b) => compare(a.created, b.created) || compare(a.id, b.id))
}

const TOKEN_COLUMNS = ['id', 'name', 'role', 'digest', 'created', 'expires', 'revoked', 'used']
type TokenValues = [string, string, string, string, string, string | null, string | null, string | null]

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** False where there is none of this id that still stands. */
export async function revokeToken(db: EstateDb, id: string, time: string): Promise<boolean> {
  const standing = db.updateTable('api_tokens').set({ revoked: time }).where('id', '=', id).where('revoked', 'is', null)
  return Number((await standing.executeTakeFirst()).numUpdatedRows) > 0
}

/** The days on which tokens were used last, by their ids. */
export async function noteTokens(db: EstateDb, days: ReadonlyMap<string, string>): Promise<void> {
  for (const [id, day] of days) await db.updateTable('api_tokens').set({ used: day }).where('id', '=', id).execute()
}
