import type { EstateDb } from './database.ts'
import type { FileKey } from './records.ts'
import { inBatches, inBulk, under } from './rows.ts'

/** What discovery found in a file, as text; a cache that may be deleted. */
export interface SightingRecord extends FileKey {
  found: string
}

/** What was found in the files at or below `root` under these rules, by path. */
export async function sightingsUnder(db: EstateDb, root: string, rules: string): Promise<Map<string, SightingRecord>> {
  const rows = db
    .selectFrom('sightings')
    .select(['path', 'bytes', 'mtime_ns', 'inode', 'device', 'found'])
    .where('rules', '=', rules)
    .where((eb) => under(eb, 'sightings.path', root))
  const columns = ['path', 'bytes', 'mtime_ns', 'inode', 'device', 'found']
  const found = await inBulk<[string, number, string, string, string, string]>(db, rows, columns)
  return new Map(
    found.map(([path, bytes, mtimeNs, inode, device, text]) => [
      path,
      { path, bytes, mtimeNs, inode, device, found: text },
    ]),
  )
}

/** Keeps what was found, and forgets the files of `lost`. */
export async function recordSightings(
  db: EstateDb,
  sightings: readonly SightingRecord[],
  rules: string,
  lost: readonly string[],
): Promise<void> {
  await inBatches(lost, (batch) => db.deleteFrom('sightings').where('path', 'in', batch).execute())
  await inBatches(sightings, (batch) =>
    db
      .insertInto('sightings')
      .values(batch.map(({ mtimeNs, ...sighting }) => ({ ...sighting, mtime_ns: mtimeNs, rules })))
      .onConflict((conflict) =>
        conflict.column('path').doUpdateSet((eb) => ({
          bytes: eb.ref('excluded.bytes'),
          mtime_ns: eb.ref('excluded.mtime_ns'),
          inode: eb.ref('excluded.inode'),
          device: eb.ref('excluded.device'),
          rules: eb.ref('excluded.rules'),
          found: eb.ref('excluded.found'),
        })),
      )
      .execute(),
  )
}
