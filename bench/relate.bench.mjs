/**
 * What relating costs, with made-up prints of 30 to 111 tensors in an estate on disk: one new print against 10,000 stored ones, which are strangers of
 * four architectures and ten families of ten; and 1,000 from nothing, all strangers of one architecture, then all of one family. Run after `npm run build`:
 *
 *     npm run bench:relate                  (2,000 stored; 200 from nothing)
 *     npm run bench:relate -- --full        (10,000 stored; 1,000 from nothing: 3 GB of disk, ten minutes to make)
 *
 * The ratio is to reading the same sketches from the same file: what an answer costs that looks at every stored model. Peak memory
 * is that of a process of its own for each case.
 */
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lineageAmong, lineageOfEstate } from '../dist/src/app/lineage.js'
import { encodePrint } from '../dist/src/identify/print-file.js'
import { decodePrint } from '../dist/src/identify/print-file-decode.js'
import { encodeFine, encodeGlance, fineCellsOf, GLANCE_VERSION, glanceOf } from '../dist/src/relate/glance.js'
import { RELATE_VERSION } from '../dist/src/relate/relate.js'
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

const [name, size] = process.argv[2] === '--case' ? process.argv.slice(3) : []
if (name === undefined) await runAll(process.argv.includes('--full'))
else await runCase(/** @type {keyof typeof CASES} */ (name), Number(size))

/** @param {boolean} full */
async function runAll(full) {
  print(`${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(2)}, Node ${process.version}`)
  const sizes = { one: full ? 10_000 : 2_000, strangers: full ? 1_000 : 200, related: full ? 1_000 : 200 }
  for (const [key, count] of Object.entries(sizes)) {
    const child = fork(fileURLToPath(import.meta.url), ['--case', key, String(count)])
    await new Promise((resolve) => child.on('exit', resolve))
  }
}

/**
 * @param {keyof typeof CASES} key
 * @param {number} count
 */
async function runCase(key, count) {
  const folder = mkdtempSync(join(tmpdir(), 'yukue-bench-'))
  const estate = await openEstate(folder)
  try {
    const ids = await fill(estate, key, count)
    const { seconds, reading, found, peak } = await measured(estate, key, ids)
    const { bar, what } = CASES[key]
    print(
      `${what.padEnd(45)} ${count} models  ${seconds.toFixed(2)} s  ${(seconds / reading).toFixed(1)} × reading all glances  ` +
        `${found} relations  peak ${(peak / 1024).toFixed(0)} MiB  bar ${bar} s with --full`,
    )
  } finally {
    await estate.close()
    rmSync(folder, { recursive: true })
  }
}

/**
 * @param {Awaited<ReturnType<typeof openEstate>>} estate
 * @param {keyof typeof CASES} key
 * @param {string[]} ids
 */
async function measured(estate, key, ids) {
  if (key === 'one') return inProcess(estate, key, ids)
  return inProcess(estate, key, ids)
}

/**
 * @param {Awaited<ReturnType<typeof openEstate>>} estate
 * @param {keyof typeof CASES} key
 * @param {string[]} ids
 */
async function inProcess(estate, key, ids) {
  const prints = { get: (/** @type {string} */ id) => load(estate, id) }
  // the first reading warms the page cache
  await estate.coarseGlances(GLANCE_VERSION)
  const began = performance.now()
  await estate.coarseGlances(GLANCE_VERSION)
  const reading = (performance.now() - began) / 1000
  const start = performance.now()
  const lineage =
    key === 'one' ? (await lineageOfEstate(estate, prints, ids)).lineage : await lineageAmong(estate, prints, ids)
  const seconds = (performance.now() - start) / 1000
  return { seconds, reading, found: lineage.relations.length, peak: process.resourceUsage().maxRSS }
}
