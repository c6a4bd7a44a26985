/**
 * What relating costs, with made-up prints of 30 to 111 tensors in an estate on disk: one new print against 10,000 stored ones, which are strangers
 * of four architectures and ten families of ten; and 1,000 from nothing, first all strangers of one architecture (66 tensors), then
 * all of one family. Run after `npm run build`:
 *
 *     npm run bench:relate                  (2,000 stored; 200 from nothing)
 *     npm run bench:relate -- --full        (10,000 stored; 1,000 from nothing: 1 GB of disk, ten minutes to make)
 *
 * The ratio is to reading all glances from the same file, which no exact search comes below. Every case is measured in a process
 * of its own, so that the peak of memory is its own. Of the 10,000 glances are stored, and prints of the families and of those
 * strangers that are looked at more closely.
 */
import { fork } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lineageAmong, lineageOfEstate } from '../dist/src/app/lineage.js'
import { encodePrint } from '../dist/src/identify/print-file.js'
import { decodePrint } from '../dist/src/identify/print-file-decode.js'
import { encodeFine, encodeGlance, fineCellsOf, GLANCE_VERSION, glanceOf } from '../dist/src/relate/glance.js'
import { subjectOf } from '../dist/src/relate/subject.js'
import { openEstate } from '../dist/src/store/estate.js'
import { shapesOf, stranger, tuned } from './generated-prints.mjs'

const FAMILY = 10
const ARCHITECTURES = [shapesOf(3, 256), shapesOf(5, 512), shapesOf(7, 768), shapesOf(12, 768)]
const CASES = {
  one: { bar: 1, what: 'one new print against those stored' },
  strangers: { bar: 60, what: 'strangers of one architecture, from nothing' },
  related: { bar: 60, what: 'one family, from nothing' },
}

const [step, key, count, folder] = process.argv[2] === '--step' ? process.argv.slice(3) : []
if (step === undefined) await runAll(process.argv.includes('--full'))
else
  await withEstate(String(folder), (estate) => (step === 'fill' ? fill : measure)(estate, String(key), Number(count)))

/** @typedef {Awaited<ReturnType<typeof openEstate>>} Estate */

/** @param {boolean} full */
async function runAll(full) {
  print(`${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(2)}, Node ${process.version}`)
  for (const key of Object.keys(CASES)) {
    const count = key === 'one' ? (full ? 10_000 : 2_000) : full ? 1_000 : 200
    const folder = mkdtempSync(join(tmpdir(), 'yukue-bench-'))
    for (const step of ['fill', 'measure']) {
      const child = fork(fileURLToPath(import.meta.url), ['--step', step, key, String(count), folder])
      await new Promise((resolve) => child.on('exit', resolve))
    }
    rmSync(folder, { recursive: true })
  }
}

/**
 * @param {string} folder
 * @param {(estate: Estate) => Promise<void>} work
 */
async function withEstate(folder, work) {
  const estate = await openEstate(folder)
  await work(estate)
  await estate.close()
}

/**
 * A stored model by its number.
 *
 * @param {string} key
 * @param {number} number
 * @returns {import('../dist/src/identify/print.js').Print}
 */
function model(key, number) {
  const shapes = /** @type {ReturnType<typeof shapesOf>} */ (ARCHITECTURES[key === 'one' ? number % 4 : 2])
  if (key === 'related')
    return number === 0 ? stranger(0, shapes) : tuned(model(key, 0), number, 0.01 + (number % 17) / 400)
  const isTuned = key === 'one' && number >= 4 && number < 4 * FAMILY
  return isTuned ? tuned(stranger(number % 4, shapes), number, 0.02) : stranger(number, shapes)
}

/**
 * @param {Estate} estate
 * @param {string} key
 * @param {number} count
 */
async function fill(estate, key, count) {
  const base = key === 'related' ? model(key, 0) : null
  /** @type {string[]} */
  const ids = []
  for (let number = 0; number < count; number++) {
    const print = base && number > 0 ? tuned(base, number, 0.01 + (number % 17) / 400) : model(key, number)
    const subject = subjectOf(print)
    const [coarse, fine] = [encodeGlance(glanceOf(subject)), encodeFine(fineCellsOf(subject))]
    ids.push(print.id)
    if (key !== 'one' || number < 4 * FAMILY)
      await estate.savePrint({ model: print.id, version: 1, origin: 'scanned', bytes: encodePrint(print) })
    await estate.saveGlances([{ model: print.id, version: GLANCE_VERSION, coarse, fine }])
  }
  writeFileSync(join(estate.path, '..', 'ids.json'), JSON.stringify(ids))
  if (key === 'one') {
    await recordKin(estate, ids)
    await keepLookedAt(estate, ids)
  }
}

/**
 * What a scan of the stored ones would have left.
 *
 * @param {Estate} estate
 * @param {string[]} ids
 */
async function recordKin(estate, ids) {
  const { kin } = await lineageOfEstate(estate, { get: (id) => load(estate, id, ids) }, ids.slice(0, 4 * FAMILY))
  const now = new Date().toISOString()
  await estate.recordScan({
    started: now,
    finished: now,
    roots: [],
    models: [],
    artifacts: [],
    unchanged: [],
    unread: [],
    lineage: null,
    kin: { ...kin, models: ids },
    basis: null,
    totals: {},
  })
}

/**
 * Keeps the prints of strangers that are looked at more closely, as an estate has those of all its models.
 *
 * @param {Estate} estate
 * @param {string[]} ids
 */
async function keepLookedAt(estate, ids) {
  const fresh = freshModel(1_000_004)
  const get = async (/** @type {string} */ id) => {
    if (id === fresh.id) return fresh
    const print = await load(estate, id, ids)
    if ((await estate.print(id)) === null)
      await estate.savePrint({ model: id, version: 1, origin: 'scanned', bytes: encodePrint(print) })
    return print
  }
  await lineageOfEstate(estate, { get }, [...ids, fresh.id])
}

/** @param {number} seed */
function freshModel(seed) {
  return tuned(model('one', 2), seed, 0.03)
}

/**
 * @param {Estate} estate
 * @param {string} id
 * @param {string[]} ids
 */
async function load(estate, id, ids) {
  const stored = await estate.print(id)
  if (!stored) return model('one', ids.indexOf(id))
  const decoded = decodePrint(stored.bytes, id)
  if (!decoded.ok) throw new Error(id)
  return decoded.print
}

/**
 * @param {Estate} estate
 * @param {string} key
 * @param {number} count
 */
async function measure(estate, key, count) {
  const ids = JSON.parse(readFileSync(join(estate.path, '..', 'ids.json'), 'utf8'))
  const fresh = freshModel(1_000_003)
  const prints = { get: async (/** @type {string} */ id) => (id === fresh.id ? fresh : load(estate, id, ids)) }
  // the first reading warms the page cache
  const readings = []
  for (let round = 0; round < 3; round++) readings.push(await secondsOf(() => estate.coarseGlances(GLANCE_VERSION)))
  let relations = 0
  const before = process.cpuUsage()
  const seconds = await secondsOf(async () => {
    const lineage =
      key === 'one'
        ? (await lineageOfEstate(estate, prints, [...ids, fresh.id])).lineage
        : await lineageAmong(estate, prints, ids)
    relations = lineage.relations.length
  })
  const { user, system } = process.cpuUsage(before)
  const { bar, what } = CASES[/** @type {keyof typeof CASES} */ (key)]
  const peak = process.resourceUsage().maxRSS / 1024
  print(
    `${what.padEnd(44)} ${count} models  ${seconds.toFixed(2)} s (${((user + system) / 1e6).toFixed(2)} s of processor)  ${(seconds / Math.min(...readings)).toFixed(1)} × reading all glances  ` +
      `${relations} relations  peak ${peak.toFixed(0)} MiB  bar ${bar} s with --full`,
  )
}

/** @param {() => Promise<unknown>} work */
async function secondsOf(work) {
  const began = performance.now()
  await work()
  return (performance.now() - began) / 1000
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`)
}
