import { randomUUID } from 'node:crypto'
import { PRINT_FORMAT } from '../contract/print.ts'
import type { Change } from '../ledger/changes.ts'
import type { EstateDb } from './database.ts'
import type { ArtifactRecord, KnownArtifact } from './records.ts'
import { inBatches, inBulk, isUnder, under } from './rows.ts'
import type { ArtifactRow, EstateTables } from './schema.ts'

/** Every artifact that is at or below `root` now, by path, with its files: what a scan needs to know what has changed. */
export async function knownArtifacts(db: EstateDb, root: string): Promise<Map<string, KnownArtifact>> {
  const there = db
    .selectFrom('artifacts')
    .selectAll()
    .where('gone', '=', 0)
    .where((eb) => under(eb, 'artifacts.path', root))
  const artifacts = new Map<string, KnownArtifact>()
  for (const row of await inBulk<ArtifactValues>(db, there, ARTIFACT_COLUMNS)) {
    const [id, model, layout, path, place, format, bytes, print_version, findings, side_files, first, last, gone] = row
    const seen = { id, model, layout, path, place, format, bytes, print_version, findings, side_files }
    artifacts.set(id, knownArtifact({ ...seen, first_seen: first, last_seen: last, gone }))
  }
  const files = db
    .selectFrom('artifact_files')
    .innerJoin('artifacts', 'artifacts.id', 'artifact_files.artifact')
    .selectAll('artifact_files')
    .where('artifacts.gone', '=', 0)
    .where((eb) => under(eb, 'artifacts.path', root))
    .orderBy('artifact')
    .orderBy('position')
  const columns = ['artifact', 'path', 'bytes', 'sha256']
  for (const [artifact, path, bytes, sha256] of await inBulk<[string, string, number, string]>(db, files, columns))
    artifacts.get(artifact)?.files.push({ path, bytes, sha256 })
  return new Map([...artifacts.values()].map((artifact) => [artifact.path, artifact]))
}

const ARTIFACT_COLUMNS = [
  'id',
  'model',
  'layout',
  'path',
  'place',
  'format',
  'bytes',
  'print_version',
  'findings',
  'side_files',
  'first_seen',
  'last_seen',
  'gone',
]

/** The values of `ARTIFACT_COLUMNS`. */
type ArtifactValues = [
  string,
  string,
  string,
  string,
  string,
  string,
  number,
  number,
  string,
  string,
  string,
  string,
  number,
]

/** Wherever a model is or was, by path; gone places too. */
export async function artifactsOf(db: EstateDb, model: string): Promise<KnownArtifact[]> {
  const rows = db.selectFrom('artifacts').selectAll().where('model', '=', model).orderBy('path').orderBy('layout')
  return withFiles(db, await rows.execute())
}

/**
 * Records artifacts as seen at `time`. Another model or layout at a known path makes the former one gone. Gives what is
 * other than it was. `isReading`: side files are not known yet.
 */
export async function recordArtifacts(
  db: EstateDb,
  artifacts: readonly ArtifactRecord[],
  time: string,
  isReading = false,
): Promise<Change[]> {
  // A root inside another root finds an artifact twice.
  const byPath = new Map(artifacts.map((artifact) => [artifact.path, artifact]))
  const changes: Change[] = []
  await inBatches([...byPath.values()], async (batch) => {
    const paths = batch.map((artifact) => artifact.path)
    const there = db.selectFrom('artifacts').selectAll().where('gone', '=', 0).where('path', 'in', paths)
    const known = await withFiles(db, await there.execute())
    const seen = isReading ? withFormerSides(batch, known) : batch
    changes.push(...sightings(known, seen).map((change) => (isReading ? withoutSides(change) : change)))
    // All of them for a moment: what is still there comes back in the next statement.
    await db.updateTable('artifacts').set({ gone: 1 }).where('gone', '=', 0).where('path', 'in', paths).execute()
    await upsertArtifacts(db, seen, time)
    await replaceFiles(db, seen)
  })
  return changes
}

/** While a scan reads, it has not looked beside the artifacts yet: what lay beside the same model is taken to lie there still. */
function withFormerSides(batch: readonly ArtifactRecord[], known: readonly KnownArtifact[]): ArtifactRecord[] {
  const before = new Map(known.map((artifact) => [artifact.path, artifact]))
  return batch.map((artifact) => {
    const former = before.get(artifact.path)
    return former?.model === artifact.model ? { ...artifact, sideFiles: former.sideFiles } : artifact
  })
}

function withoutSides(change: Change): Change {
  if (change.kind !== 'observed' || change.state === 'gone') return change
  return { ...change, sighting: { ...change.sighting, sideFiles: null } }
}

function sightings(known: readonly KnownArtifact[], seen: readonly ArtifactRecord[]): Change[] {
  const before = new Map(known.map((artifact) => [artifact.path, artifact]))
  return seen.flatMap((artifact): Change[] => {
    const former = before.get(artifact.path)
    const now: Change = { kind: 'observed', state: 'present', sighting: artifact }
    if (former === undefined) return [now]
    if (former.model !== artifact.model) return [gone(former), now]
    return isSame(former, artifact) ? [] : [now]
  })
}

function gone(artifact: KnownArtifact): Change {
  return { kind: 'observed', state: 'gone', sighting: artifact }
}

function isSame(known: KnownArtifact, seen: ArtifactRecord): boolean {
  const told = ({ layout, format, place, bytes, files, sideFiles, findings }: ArtifactRecord) =>
    JSON.stringify([layout, format, place, bytes, files, sideFiles, findings])
  return told(known) === told(seen)
}

/** Renews `lastSeen` of artifacts that a scan found unchanged. */
export function seeArtifacts(db: EstateDb, paths: readonly string[], time: string): Promise<void> {
  return inBatches(paths, (batch) =>
    db.updateTable('artifacts').set({ last_seen: time }).where('gone', '=', 0).where('path', 'in', batch).execute(),
  )
}

/**
 * Marks as gone, and gives, what a scan of `roots` did not see. Neither what lies where it could not look (`unread`), nor imported
 * prints: a print says what a model was, wherever its file is.
 */
export async function loseArtifacts(
  db: EstateDb,
  roots: readonly string[],
  seen: ReadonlySet<string>,
  unread: readonly string[],
): Promise<Change[]> {
  const lost = new Map<string, ArtifactRow>()
  for (const root of roots) {
    const there = db
      .selectFrom('artifacts')
      .selectAll()
      .where('gone', '=', 0)
      .where('format', '!=', PRINT_FORMAT)
      .where((eb) => under(eb, 'artifacts.path', root))
    for (const row of await there.execute())
      if (!seen.has(row.path) && !unread.some((place) => isUnder(row.path, place))) lost.set(row.id, row)
  }
  const changes = (await withFiles(db, [...lost.values()])).map(gone)
  await inBatches([...lost.keys()], (batch) =>
    db.updateTable('artifacts').set({ gone: 1 }).where('id', 'in', batch).execute(),
  )
  return changes
}

function upsertArtifacts(db: EstateDb, artifacts: readonly ArtifactRecord[], time: string) {
  return db
    .insertInto('artifacts')
    .values(artifacts.map((artifact) => artifactRow(artifact, time)))
    .onConflict((conflict) =>
      conflict.columns(['path', 'model', 'layout']).doUpdateSet((eb) => ({
        place: eb.ref('excluded.place'),
        format: eb.ref('excluded.format'),
        bytes: eb.ref('excluded.bytes'),
        print_version: eb.ref('excluded.print_version'),
        findings: eb.ref('excluded.findings'),
        side_files: eb.ref('excluded.side_files'),
        last_seen: eb.ref('excluded.last_seen'),
        gone: 0,
      })),
    )
    .execute()
}

async function replaceFiles(db: EstateDb, artifacts: readonly ArtifactRecord[]): Promise<void> {
  const paths = artifacts.map((artifact) => artifact.path)
  const rows = await db
    .selectFrom('artifacts')
    .select(['id', 'path'])
    .where('gone', '=', 0)
    .where('path', 'in', paths)
    .execute()
  const ids = new Map(rows.map(({ path, id }) => [path, id]))
  await db
    .deleteFrom('artifact_files')
    .where('artifact', 'in', [...ids.values()])
    .execute()
  const files = artifacts.flatMap((artifact) =>
    artifact.files.map((file, position) => ({ artifact: ids.get(artifact.path)!, position, ...file })),
  )
  await inBatches(files, (batch) => db.insertInto('artifact_files').values(batch).execute())
}

async function withFiles(db: EstateDb, rows: ArtifactRow[]): Promise<KnownArtifact[]> {
  const artifacts = new Map(rows.map((row) => [row.id, knownArtifact(row)]))
  await inBatches([...artifacts.keys()], async (ids) => {
    const files = db.selectFrom('artifact_files').selectAll().where('artifact', 'in', ids).orderBy('artifact')
    for (const file of await files.orderBy('position').execute()) addFile(artifacts.get(file.artifact), file)
  })
  return [...artifacts.values()]
}

function addFile(artifact: KnownArtifact | undefined, file: EstateTables['artifact_files']): void {
  artifact?.files.push({ path: file.path, bytes: file.bytes, sha256: file.sha256 })
}

function artifactRow(artifact: ArtifactRecord, time: string): ArtifactRow {
  return {
    id: randomUUID(),
    model: artifact.model,
    layout: artifact.layout,
    path: artifact.path,
    place: artifact.place,
    format: artifact.format,
    bytes: artifact.bytes,
    print_version: artifact.printVersion,
    findings: JSON.stringify(artifact.findings),
    side_files: JSON.stringify(artifact.sideFiles),
    first_seen: time,
    last_seen: time,
    gone: 0,
  }
}

function knownArtifact(row: ArtifactRow): KnownArtifact {
  return {
    model: row.model,
    layout: row.layout,
    path: row.path,
    place: row.place,
    format: row.format,
    bytes: row.bytes,
    printVersion: row.print_version,
    files: [],
    findings: listIn(row.findings),
    sideFiles: listIn(row.side_files),
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
    gone: row.gone === 1,
  }
}

/** Nearly all are empty. */
function listIn<T>(text: string): T[] {
  return text === '[]' ? [] : JSON.parse(text)
}
