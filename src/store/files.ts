import type { EstateDb } from './database.ts'
import type { FileKey, KnownArtifact, KnownFile } from './records.ts'
import { inBatches, inBulk, under } from './rows.ts'
import type { FileRow } from './schema.ts'

/**
 * Every known file at or below `root`, and those of the artifacts there (the shards beside an index), by path: one
 * query, so that a scan of unchanged files asks only once.
 */
export async function knownFiles(db: EstateDb, root: string): Promise<Map<string, KnownFile>> {
  const below = db
    .selectFrom('files')
    .select('path')
    .where((eb) => under(eb, 'files.path', root))
  const ofArtifacts = db
    .selectFrom('artifact_files')
    .innerJoin('artifacts', 'artifacts.id', 'artifact_files.artifact')
    .select('artifact_files.path')
    .where('artifacts.gone', '=', 0)
    .where((eb) => under(eb, 'artifacts.path', root))
  const rows = db.selectFrom('files').selectAll().where('path', 'in', below.union(ofArtifacts))
  const columns = ['path', 'bytes', 'mtime_ns', 'inode', 'device', 'sha256']
  const found = await inBulk<[string, number, string, string, string, string]>(db, rows, columns)
  return new Map(
    found.map(([path, bytes, mtimeNs, inode, device, sha256]) => [
      path,
      { path, bytes, mtimeNs, inode, device, sha256 },
    ]),
  )
}

/** Keeps the digests of files; a path that is known already gets its new key. */
export function rememberFiles(db: EstateDb, files: readonly KnownFile[]): Promise<void> {
  return inBatches(files, (batch) =>
    db
      .insertInto('files')
      .values(batch.map(fileRow))
      .onConflict((conflict) =>
        conflict.column('path').doUpdateSet((eb) => ({
          bytes: eb.ref('excluded.bytes'),
          mtime_ns: eb.ref('excluded.mtime_ns'),
          inode: eb.ref('excluded.inode'),
          device: eb.ref('excluded.device'),
          sha256: eb.ref('excluded.sha256'),
        })),
      )
      .execute(),
  )
}

/** Whether two keys are of the same file with the same bytes, as far as the file system tells. */
export function sameFile(a: FileKey, b: FileKey): boolean {
  return (
    a.path === b.path && a.bytes === b.bytes && a.mtimeNs === b.mtimeNs && a.inode === b.inode && a.device === b.device
  )
}

/**
 * Whether an artifact need not be read again: every one of its files is as it was hashed, with the digest that the artifact
 * was read with, and the print's arithmetic is the same. `files` is from `knownFiles`, `now` gives the key that a file
 * has now, null when it is not there.
 */
export function isUnchanged(
  artifact: KnownArtifact,
  files: ReadonlyMap<string, KnownFile>,
  now: (path: string) => FileKey | null,
  printVersion: number,
): boolean {
  if (artifact.gone || artifact.printVersion !== printVersion) return false
  return artifact.files.every((file) => {
    const known = files.get(file.path)
    const key = now(file.path)
    return known !== undefined && key !== null && sameFile(known, key) && known.sha256 === file.sha256
  })
}

function fileRow({ path, bytes, mtimeNs, inode, device, sha256 }: KnownFile): FileRow {
  return { path, bytes, mtime_ns: mtimeNs, inode, device, sha256 }
}
