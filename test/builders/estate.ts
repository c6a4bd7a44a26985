import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach } from 'vitest'
import type { Relation } from '../../src/relate/lineage.ts'
import { type Estate, type EstateOptions, openEstate } from '../../src/store/estate.ts'
import type { ArtifactRecord, KnownFile, ModelRecord, ScanRecord } from '../../src/store/records.ts'

const estates: Estate[] = []
const folders: string[] = []

afterEach(async () => {
  for (const estate of estates.splice(0)) await estate.close()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** A folder that is removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'yukue-'))
  folders.push(folder)
  return folder
}

/**
 * An estate that is closed after the test: in a folder, or, where the suite runs against PostgreSQL, in a schema that stands for
 * the folder.
 */
export async function temporaryEstate(
  folder = temporaryFolder(),
  patienceSeconds = 5,
  options: EstateOptions = {},
): Promise<Estate> {
  const estate = await openEstate(await locationOf(folder), { patienceSeconds, ...options })
  estates.push(estate)
  return estate
}

/** The address of the PostgreSQL that tests may use; null where there is none. */
export const POSTGRES = process.env['YUKUE_TEST_DATABASE_URL'] ?? null

/** Whether this run of the suite is that against PostgreSQL. */
export const ON_POSTGRES = POSTGRES !== null && process.env['YUKUE_TEST_STORE'] === 'postgres'

/** What `--estate` takes for a folder. */
export async function locationOf(folder: string): Promise<string> {
  return ON_POSTGRES ? postgresLocation(folder) : folder
}

/**
 * A schema of its own for each folder, made when it is first asked for. `if not exists` alone fails when two ask at
 * once (PostgreSQL looks before it takes a lock), so the makers stand in line.
 */
async function postgresLocation(folder: string): Promise<string> {
  const schema = `t_${createHash('sha256').update(folder).digest('hex').slice(0, 20)}`
  const pool = new pg.Pool({ connectionString: POSTGRES!, max: 1 })
  await pool.query(`begin; select pg_advisory_xact_lock(1); create schema if not exists ${schema}; commit`)
  await pool.end()
  return `${POSTGRES}&options=${encodeURIComponent(`-c search_path=${schema}`)}`
}

/** `digit` 64 times, as a model id. */
export function idOf(digit: string): string {
  return `blake3:${digit.repeat(64)}`
}

export function modelRecord(id: string, name = `model ${id.slice(7, 9)}`): ModelRecord {
  const tensors = 3
  return { id, name, parameters: 1_000, tensors, dtypes: { float32: tensors }, quantisation: null, origin: 'scanned' }
}

export function artifactRecord(path: string, model: string): ArtifactRecord {
  return {
    model,
    layout: model,
    path,
    place: '/models',
    format: 'safetensors',
    bytes: 100,
    printVersion: 1,
    files: [{ path, bytes: 100, sha256: 'f'.repeat(64) }],
    findings: [],
    sideFiles: [],
  }
}

export function knownFile(path: string): KnownFile {
  return {
    path,
    bytes: 100,
    mtimeNs: '1700000000123456789',
    inode: '18446744073709551615',
    device: '2',
    sha256: 'f'.repeat(64),
  }
}

/** A scan of /models that found one model at each path given. */
export function scanOf(found: Record<string, string>, more: Partial<ScanRecord> = {}): ScanRecord {
  return {
    started: '2025-01-01T00:00:00.000Z',
    finished: '2025-01-01T00:00:01.000Z',
    roots: ['/models'],
    models: [...new Set(Object.values(found))].map((id) => modelRecord(id)),
    artifacts: Object.entries(found).map(([path, id]) => artifactRecord(path, id)),
    unchanged: [],
    unread: [],
    lineage: null,
    kin: null,
    basis: null,
    totals: {},
    ...more,
  }
}

export function relation(child: string, ...parents: string[]): Relation {
  return {
    child,
    parents: parents.map((id) => ({ id, weight: null })),
    changes: ['fine-tuned'],
    direction: 'known',
    status: 'inferred',
    p: 1e-300,
    similarity: 0.99,
    details: {},
  }
}
