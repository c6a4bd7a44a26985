/**
 * What the ledger costs: statements entered in batches beside a bare insert loop of the same rows, in turn, with the ratio of
 * every pair of rounds; proofs; and traces over a generated estate of a million models and three million statements.
 * PostgreSQL too where YUKUE_TEST_DATABASE_URL names one (`npm run bench:ledger` starts one where it is installed).
 * Run after `npm run build`:
 *
 *     npm run bench:ledger                   (10⁶ statements; 10⁶ models, 3 × 10⁶ statements)
 *     npm run bench:ledger -- --small        (a fiftieth of it)
 */
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Libsql from 'libsql'
import pg from 'pg'
import { draft, journalOf } from '../dist/src/ledger/journal.js'
import { generateKey, signingKey } from '../dist/src/ledger/keys.js'
import { consistencyRanges, inclusionRanges } from '../dist/src/ledger/merkle.js'
import { modelSubject } from '../dist/src/ledger/statement.js'
import { rootsOver, tilesFor } from '../dist/src/ledger/tiles.js'
import { openEstate } from '../dist/src/store/estate.js'

const small = process.argv.includes('--small')
const SCALE = small ? 50 : 1
const STATEMENTS = 1_000_000 / SCALE
const BATCH = small ? 2_000 : 5_000
const PROOFS = 500
const ROUNDS = 5
const POSTGRES = process.env['YUKUE_TEST_DATABASE_URL'] ?? null

if (process.argv[2] === '--trace') {
  await (await import('./ledger-estate.mjs')).traceOnly(process.argv[3] ?? '', Number(process.argv[4]))
  process.exit(0)
}

// on a throw-away PostgreSQL, where it is installed
const NO_POSTGRES = 3
const here = fileURLToPath(import.meta.url)
if (POSTGRES === null && !process.argv.includes('--sqlite-only')) {
  const starter = fileURLToPath(new URL('../test/with-postgres.mjs', import.meta.url))
  const line = [starter, process.execPath, here, ...process.argv.slice(2)]
  const { status } = spawnSync(process.execPath, line, { stdio: 'inherit' })
  if (status !== NO_POSTGRES) process.exit(status ?? 1)
}

print(
  `${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ` +
    `load ${loadavg()[0]?.toFixed(2)}, Node ${process.version}, ${process.platform}`,
)
const key = signingKey('bench/key', generateKey().seed)
const journal = journalOf({ key, actor: { kind: 'system', name: 'bench' }, role: null, expires: null })

const began = performance.now()
const drafts = Array.from({ length: 20_000 }, (_, number) => made(number))
print(`making and signing: ${perSecond(drafts.length, began)} statements/s on one thread (Ed25519)`)

const folder = mkdtempSync(join(tmpdir(), 'yukue-ledger-'))
try {
  await entering('SQLite', folder, bareSqlite(join(folder, 'bare.sqlite')), 20_000)
  if (POSTGRES !== null) {
    const schema = `bench_${randomBytes(6).toString('hex')}`
    const admin = new pg.Pool({ connectionString: POSTGRES, max: 1 })
    await admin.query(`create schema ${schema}`)
    const location = `${POSTGRES}&options=${encodeURIComponent(`-c search_path=${schema}`)}`
    await entering('PostgreSQL', location, await barePostgres(location), 5_000)
    await admin.query(`drop schema ${schema} cascade`)
    await admin.end()
  } else print('PostgreSQL: skipped, none is installed here')
} finally {
  rmSync(folder, { recursive: true, force: true })
}
await walking()

/**
 * @param {number} number
 * @param {string} time
 */
function made(number, time = '2026-01-01T00:00:00.000Z') {
  const id = `blake3:${(number % 997).toString(16).padStart(64, '0')}`
  const file = { path: `/models/${number}.safetensors`, sha256: 'f'.repeat(64), bytes: 1 }
  const predicate = {
    recordedAt: time,
    state: /** @type {const} */ ('present'),
    path: file.path,
    place: '/models',
    format: 'safetensors',
    layout: id,
    bytes: 1,
    files: [file],
    sideFiles: [],
    findings: [],
  }
  return draft({ kind: 'observed', subject: [modelSubject(id)], predicate }, key)
}

/**
 * The same rows without a log: number, time, kind, payload and signatures, in transactions as large.
 *
 * @typedef {(from: number, count: number) => Promise<void>} Bare
 * @param {string} path
 * @returns {Bare}
 */
function bareSqlite(path) {
  const db = new Libsql(path)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.exec('create table bare (number integer primary key, time text, kind text, payload text, signatures text)')
  const insert = db.prepare('insert into bare values (?, ?, ?, ?, ?)')
  return async (from, count) => {
    db.exec('begin immediate')
    for (let at = 0; at < count; at++) insert.run(...bareRow(from + at))
    db.exec('commit')
  }
}

/** @param {string} location */
async function barePostgres(location) {
  const pool = new pg.Pool({ connectionString: location, max: 1 })
  pool.on('error', () => {})
  await pool.query('create table bare (number bigint primary key, time text, kind text, payload text, signatures text)')
  /** @type {Bare} */
  return async (from, count) => {
    await pool.query('begin')
    for (let at = 0; at < count; at++)
      await pool.query('insert into bare values ($1, $2, $3, $4, $5)', bareRow(from + at))
    await pool.query('commit')
  }
}

/** @param {number} number */
function bareRow(number) {
  const { kind, signed } = /** @type {(typeof drafts)[number]} */ (drafts[number % drafts.length])
  return [number, '2026-01-01T00:00:00.000Z', kind, signed.payload, JSON.stringify(signed.signatures)]
}

/**
 * @param {string} name
 * @param {string} location
 * @param {Bare} bare
 * @param {number} bar
 */
async function entering(name, location, bare, bar) {
  const estate = await openEstate(location, { journal: () => journal })
  try {
    const per = STATEMENTS / ROUNDS
    const [ratios, speeds] = [[0], [0]].map(() => /** @type {number[]} */ ([]))
    for (let round = 0; round < ROUNDS; round++) {
      const start = performance.now()
      for (let at = 0; at < per; at += BATCH)
        await estate.enter(() =>
          Array.from({ length: BATCH }, (_, k) => /** @type {any} */ (drafts[(at + k) % drafts.length])),
        )
      const entered = performance.now() - start
      const other = performance.now()
      // PostgreSQL's bare loop waits for an answer to every row: a part of it says enough
      const share = name === 'SQLite' ? 1 : small ? 1 : 10
      for (let at = 0; at < per / share; at += BATCH) await bare(round * per + at, BATCH)
      const plain = (performance.now() - other) * share
      ratios?.push(entered / plain)
      speeds?.push(per / (entered / 1_000))
    }
    const size = (await estate.ledgerHead())?.size ?? 0
    print(
      `${name.padEnd(10)} ${size} statements: ${Math.round(median(speeds ?? []))}/s signed beforehand, in batches of ${BATCH}` +
        `  (bar ${bar}); ${median(ratios ?? []).toFixed(2)} × a bare insert loop (${(ratios ?? []).map((r) => r.toFixed(2)).join(' ')})`,
    )
    await proving(name, estate, size)
    const one = performance.now()
    for (let at = 0; at < 100; at++) await estate.enter(() => [/** @type {any} */ (drafts[at])])
    print(`${name.padEnd(10)} one at a time, each on disk: ${perSecond(100, one)}/s`)
  } finally {
    await estate.close()
  }
}

/**
 * @param {string} name
 * @param {import('../dist/src/store/estate.js').Estate} estate
 * @param {number} size
 */
async function proving(name, estate, size) {
  for (const [kind, rangesOf] of /** @type {const} */ ([
    ['inclusion', inclusionRanges],
    ['consistency', consistencyRanges],
  ])) {
    const times = []
    for (let at = 0; at < PROOFS; at++) {
      const index = 1 + Math.floor(Math.random() * (size - 2))
      const start = performance.now()
      const ranges = rangesOf(index, size)
      const proof = rootsOver(ranges, await estate.tiles(tilesFor(ranges)))
      times.push(performance.now() - start)
      if (proof.length === 0) throw new Error('an empty proof')
    }
    times.sort((a, b) => a - b)
    print(
      `${name.padEnd(10)} ${kind} proof: median ${median(times).toFixed(2)} ms, worst of ${PROOFS} ${times.at(-1)?.toFixed(2)} ms  (bar 5 ms)`,
    )
  }
}

/** Each trace in a process of its own, so that memory is that of one command. */
async function walking() {
  const kept = process.env['YUKUE_BENCH_ESTATE'] ?? null
  const estate = kept ?? mkdtempSync(join(tmpdir(), 'yukue-estate-'))
  try {
    const { generateEstate, MODELS } = await import('./ledger-estate.mjs')
    const models = MODELS / SCALE
    if (!existsSync(join(estate, 'estate.sqlite'))) {
      const start = performance.now()
      const size = await generateEstate(estate, models, journal)
      print(
        `generated ${models} models, ${size} statements in ${((performance.now() - start) / 1_000).toFixed(0)} s, ` +
          `${(statSync(join(estate, 'estate.sqlite')).size / 1e9).toFixed(2)} GB`,
      )
    }
    const { status } = spawnSync(process.execPath, [here, '--trace', estate, `${models}`], {
      stdio: 'inherit',
    })
    if (status !== 0) throw new Error('the traces failed')
  } finally {
    if (kept === null) rmSync(estate, { recursive: true, force: true })
  }
}

/**
 * @param {number} count
 * @param {number} start
 */
function perSecond(count, start) {
  return Math.round(count / ((performance.now() - start) / 1_000))
}

/** @param {number[]} values */
function median(values) {
  return /** @type {number} */ (values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)])
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`)
}
