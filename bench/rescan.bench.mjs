/**
 * What a scan of 10,000 small models costs that nothing has happened to since the last one, beside asking the file system for
 * each file's size and time, in turn, with the ratio of every pair of runs; and what the first scan of them costs beside reading. They are strangers to
 * one another. Run after `npm run build`:
 *
 *     npm run bench:rescan
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defaultThreads } from '../dist/src/app/print-pool.js'
import { scan } from '../dist/src/app/scan.js'

const MODELS = 10_000
const ROUNDS = 5

print(`${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(2)}, Node ${process.version}`)
const folder = mkdtempSync(join(tmpdir(), 'yukue-bench-'))
try {
  const models = makeModels(mkdtempSync(join(folder, 'models-')))
  const estate = join(folder, 'estate')
  const first = await scanned(models, estate)
  print(
    `first scan  ${first.all.toFixed(1)} s, of which reading ${first.reading.toFixed(1)} s, relating ${first.relating.toFixed(1)} s`,
  )
  /** @type {number[]} */
  const scans = []
  /** @type {number[]} */
  const processor = []
  /** @type {number[]} */
  const ratios = []
  for (let round = 0; round <= ROUNDS; round++) {
    const asked = seconds(() => {
      for (const name of readdirSync(models)) statSync(join(models, name), { bigint: true })
    })
    const again = await scanned(models, estate)
    // the first round warms the code
    if (round > 0) scans.push(again.all)
    if (round > 0) processor.push(again.processor)
    if (round > 0) ratios.push(again.all / asked)
  }
  const opened = seconds(() => {
    for (const name of readdirSync(models)) readFileSync(join(models, name))
  })
  print(
    `rescan of ${MODELS}  ${median(scans).toFixed(2)} s (${median(processor).toFixed(2)} s of processor)  ${median(ratios).toFixed(1)} × asking for sizes and times ` +
      `(${ratios.map((ratio) => ratio.toFixed(1)).join(' ')}); only opening and reading them takes ${opened.toFixed(2)} s  bar 1 s`,
  )
  const command = fileURLToPath(new URL('../bin/yukue.js', import.meta.url))
  const whole = seconds(() => spawnSync(process.execPath, [command, 'scan', models, '--estate', estate, '--quiet']))
  print(`the whole command, with starting and the report  ${whole.toFixed(2)} s`)
} finally {
  rmSync(folder, { recursive: true })
}

/** @param {string} into */
function makeModels(into) {
  const shapes = { 'a.weight': [16, 16], 'b.bias': [16] }
  for (let number = 0; number < MODELS; number++) {
    /** @type {Record<string, unknown>} */
    const header = {}
    let end = 0
    for (const [name, shape] of Object.entries(shapes)) {
      const start = end
      end += 4 * shape.reduce((product, length) => product * length, 1)
      header[name] = { dtype: 'F32', shape, data_offsets: [start, end] }
    }
    const text = Buffer.from(JSON.stringify(header))
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(text.length))
    const values = Float32Array.from({ length: end / 4 }, () => Math.random() - 0.5)
    writeFileSync(join(into, `model-${number}.safetensors`), Buffer.concat([length, text, Buffer.from(values.buffer)]))
  }
  return into
}

/**
 * @param {string} path
 * @param {string} estate
 */
async function scanned(path, estate) {
  const began = performance.now()
  const before = process.cpuUsage()
  /** @type {Record<string, number>} */
  const phases = {}
  const progress = {
    /** @param {string} phase */
    onPhase(phase) {
      phases[phase] = performance.now()
    },
    onTotal() {},
    onBytes() {},
  }
  const { models } = await scan({ paths: [path], as: [], estate, threads: defaultThreads() }, progress)
  if (models.length !== MODELS) throw new Error(`${models.length} of ${MODELS} models`)
  const { reading = 0, relating = 0, recording = 0 } = phases
  const all = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(before)
  const processor = (user + system) / 1e6
  return { all, processor, reading: (relating - reading) / 1000, relating: (recording - relating) / 1000 }
}

/** @param {() => void} work */
function seconds(work) {
  const began = performance.now()
  work()
  return (performance.now() - began) / 1000
}

/** @param {number[]} values */
function median(values) {
  return /** @type {number} */ (values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)])
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`)
}
