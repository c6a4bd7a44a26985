/**
 * What a whole scan costs beside plain hashing: a scan (SHA-256, BLAKE3, prints) of made-up models, and node:crypto's SHA-256
 * of the same bytes on one thread, in turn, with the ratio of every pair of runs. Compared is the reading, from the moment that its
 * threads are up; what a scan of any size costs (starting threads, opening the estate, relating, recording) comes in with the
 * second ratio. Beside it, once: coreutils' sha256sum, and what bench/peers.py times, where they are installed. Run after `npm run build`:
 *
 *     npm run bench                 (small)
 *     npm run bench -- --full       (8 × 256 MB, 1 × 2 GB, Q4_K 2 GB; 4 GB of temporary space)
 *     YUKUE_BENCH_PYTHON=…/bin/python npm run bench      (where model-signing, safetensors and torch are installed)
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defaultThreads } from '../dist/src/app/print-pool.js'
import { scan } from '../dist/src/app/scan.js'
import { writeQ4K, writeSafetensors } from './made-models.mjs'

const full = process.argv.includes('--full')
const MB = 1024 * 1024
const ROUNDS = 5
const CHUNK = new Uint8Array(MB)
const PYTHON = process.env['YUKUE_BENCH_PYTHON'] ?? 'python3'

/** @typedef {{ name: string, files: number, bytes: number, kind: 'BF16' | 'F32' | 'Q4_K', bar: number | null }} Case */

/** @type {Case[]} */
const cases = [
  { name: 'several bf16 files', files: 8, bytes: (full ? 256 : 32) * MB, kind: 'BF16', bar: 0.95 },
  { name: 'one large bf16 file', files: 1, bytes: (full ? 2048 : 512) * MB, kind: 'BF16', bar: 1.2 },
  { name: 'one large Q4_K file', files: 1, bytes: (full ? 2048 : 512) * MB, kind: 'Q4_K', bar: 2 },
  { name: 'several f32 files', files: 4, bytes: (full ? 256 : 32) * MB, kind: 'F32', bar: null },
]

print(
  `${availableParallelism()} cores, ${defaultThreads()} threads, load ${loadavg()[0]?.toFixed(2)}, Node ${process.version}`,
)
for (const one of cases) await run(one)
print(`peak memory of this process: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB  bar 400 MiB`)

/** @param {Case} one */
async function run({ name, files, bytes, kind, bar }) {
  const folder = mkdtempSync(join(tmpdir(), 'yukue-bench-'))
  try {
    const paths = Array.from({ length: files }, (_, i) => writeModel(folder, i, bytes, kind))
    const size = paths.reduce((sum, path) => sum + statSync(path).size, 0)
    const ratios = []
    const readings = []
    const wholes = []
    for (let round = 0; round <= ROUNDS; round++) {
      const hashed = seconds(() => paths.forEach(hash))
      let reading = 0
      const scanned = await secondsOf(async () => {
        reading = await scanFresh(folder, paths)
      })
      // the first round warms the page cache and the code
      if (round === 0) continue
      ratios.push(reading / hashed)
      wholes.push(scanned / hashed)
      readings.push(reading)
    }
    const reading = median(readings)
    print(
      `${name}: ${files} × ${(size / files / MB).toFixed(0)} MB at ${(size / reading / 1e9).toFixed(2)} GB/s`,
      `  ÷ SHA-256 of node:crypto  ${median(ratios).toFixed(2)} (${ratios.map((ratio) => ratio.toFixed(2)).join(' ')})${bar ? `  bar ${bar}` : ''}; whole scan ${median(wholes).toFixed(2)}`,
      ...besides(paths, reading).map((line) => `  ${line}`),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * What other tools take for the same files, one run each.
 *
 * @param {string[]} paths
 * @param {number} reading seconds
 */
function besides(paths, reading) {
  const coreutils = secondsOfTool('sha256sum', paths)
  const lines = [
    `÷ sha256sum of coreutils  ${coreutils ? `${(reading / coreutils).toFixed(2)}  bar 0.3 for bf16` : 'not installed'}`,
  ]
  if (!paths[0]?.endsWith('.safetensors')) return lines
  for (const [peer, time] of Object.entries(peers(paths)))
    lines.push(
      `÷ ${peer}  ${typeof time === 'number' ? `${(reading / time).toFixed(2)} (${time.toFixed(2)} s)` : (time ?? 'not installed')}`,
    )
  return lines
}

/**
 * @param {string} tool
 * @param {string[]} paths
 */
function secondsOfTool(tool, paths) {
  try {
    return seconds(() => execFileSync(tool, paths, { stdio: 'ignore' }))
  } catch {
    return null
  }
}

/**
 * @param {string[]} paths
 * @returns {Record<string, number | string | null>}
 */
function peers(paths) {
  try {
    const script = fileURLToPath(new URL('peers.py', import.meta.url))
    return JSON.parse(execFileSync(PYTHON, [script, ...paths], { encoding: 'utf8' }))
  } catch {
    return { 'tools on PyPI': null }
  }
}

/**
 * @param {string} folder
 * @param {number} at
 * @param {number} bytes
 * @param {Case['kind']} kind
 */
function writeModel(folder, at, bytes, kind) {
  if (kind === 'Q4_K') return writeQ4K(join(folder, `model-${at}.gguf`), bytes)
  return writeSafetensors(join(folder, `model-${at}.safetensors`), bytes, kind)
}

/** @param {string[]} lines */
function print(...lines) {
  process.stdout.write(`${lines.join('\n')}\n`)
}

/** @param {string} path */
function hash(path) {
  const file = openSync(path, 'r')
  const digest = createHash('sha256')
  for (let read = readSync(file, CHUNK); read > 0; read = readSync(file, CHUNK)) digest.update(CHUNK.subarray(0, read))
  closeSync(file)
  return digest.digest('hex')
}

/**
 * @param {string} folder
 * @param {string[]} paths
 */
async function scanFresh(folder, paths) {
  const estate = mkdtempSync(join(folder, '.yukue-'))
  /** @type {Record<string, number>} */
  const began = {}
  const progress = {
    /** @param {string} phase */
    onPhase(phase) {
      began[phase] = performance.now()
    },
    onTotal() {},
    onBytes() {
      began['threads ready'] ??= performance.now()
    },
  }
  const result = await scan({ paths, as: [], estate, threads: defaultThreads() }, progress)
  if (result.models.length !== paths.length)
    throw new Error(`scanned ${result.models.length} of ${paths.length} models`)
  rmSync(estate, { recursive: true })
  return ((began['relating'] ?? 0) - (began['threads ready'] ?? 0)) / 1000
}

/** @param {() => void} work */
function seconds(work) {
  const began = performance.now()
  work()
  return (performance.now() - began) / 1000
}

/** @param {() => Promise<void>} work */
async function secondsOf(work) {
  const began = performance.now()
  await work()
  return (performance.now() - began) / 1000
}

/** @param {number[]} values */
function median(values) {
  return /** @type {number} */ (values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)])
}
