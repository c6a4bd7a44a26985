/**
 * What a whole scan costs beside plain hashing: a scan (SHA-256, BLAKE3, prints) of made-up models, and node:crypto's SHA-256
 * of the same bytes on one thread, in turn, with the ratio of every pair of runs. Compared is the reading, threads started
 * included; what a scan of any size costs (opening the estate, relating, recording) comes in with the second ratio. Run after `npm run build`:
 *
 *     npm run bench                 (small)
 *     npm run bench -- --full       (8 × 256 MB and 1 × 2 GB)
 */
import { createHash, randomFillSync } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultThreads } from '../dist/src/app/print-pool.js'
import { scan } from '../dist/src/app/scan.js'

const full = process.argv.includes('--full')
const MB = 1024 * 1024
const ROUNDS = 5
const CHUNK = new Uint8Array(MB)

const cases = [
  { name: 'several bf16 files', files: 8, bytes: (full ? 256 : 32) * MB, element: 'BF16', width: 2, bar: 0.95 },
  { name: 'one large bf16 file', files: 1, bytes: (full ? 2048 : 512) * MB, element: 'BF16', width: 2, bar: 1.2 },
  { name: 'several f32 files', files: 4, bytes: (full ? 256 : 32) * MB, element: 'F32', width: 4, bar: null },
]

print(
  `${availableParallelism()} cores, ${defaultThreads()} threads, load ${loadavg()[0]?.toFixed(2)}, Node ${process.version}`,
)
for (const { name, files, bytes, element, width, bar } of cases) {
  const folder = mkdtempSync(join(tmpdir(), 'yukue-bench-'))
  try {
    const paths = Array.from({ length: files }, (_, i) =>
      writeModel(join(folder, `model-${i}.safetensors`), bytes, element, width),
    )
    const ratios = []
    const speeds = []
    const wholes = []
    for (let round = 0; round <= ROUNDS; round++) {
      const hashed = seconds(() => paths.forEach(hash))
      let reading = 0
      const scanned = await secondsOf(async () => {
        reading = await scanFresh(folder, paths)
      })
      // the first round warms the page cache and the code
      if (round > 0) ratios.push(reading / hashed)
      if (round > 0) wholes.push(scanned / hashed)
      if (round > 0) speeds.push((files * bytes) / reading / 1e9)
    }
    print(
      `${name.padEnd(20)} ${files} × ${bytes / MB} MB  ${median(speeds).toFixed(2)} GB/s  ${median(ratios).toFixed(2)} × SHA-256 (${ratios.map((ratio) => ratio.toFixed(2)).join(' ')}; whole scan ${median(wholes).toFixed(2)})${bar ? `  bar ${bar}` : ''}`,
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
print(`peak memory of this process: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`)

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`)
}

/**
 * A safetensors file of square-ish matrices, as a language model has them.
 *
 * @param {string} path
 * @param {number} bytes
 * @param {string} element
 * @param {number} width
 */
function writeModel(path, bytes, element, width) {
  const rows = 2048
  const columns = (16 * MB) / width / rows
  const count = bytes / (16 * MB)
  /** @type {Record<string, unknown>} */
  const header = {}
  for (let i = 0; i < count; i++)
    header[`layers.${i}.weight`] = {
      dtype: element,
      shape: [rows, columns],
      data_offsets: [i * 16 * MB, (i + 1) * 16 * MB],
    }
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  const file = openSync(path, 'w')
  writeSync(file, length)
  writeSync(file, text)
  for (let written = 0; written < bytes; written += MB) {
    writeSync(file, weights(element))
  }
  closeSync(file)
  return path
}

/** @param {string} element */
function weights(element) {
  randomFillSync(CHUNK)
  // exponents of ordinary weights: about 2⁻⁶
  const step = element === 'BF16' ? 2 : 4
  for (let i = step - 1; i < CHUNK.length; i += step) CHUNK[i] = 0x3c | ((CHUNK[i] ?? 0) & 0x80)
  return CHUNK
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
    onBytes() {},
  }
  const result = await scan({ paths, as: [], estate, threads: defaultThreads() }, progress)
  if (result.models.length !== paths.length)
    throw new Error(`scanned ${result.models.length} of ${paths.length} models`)
  rmSync(estate, { recursive: true })
  return ((began['relating'] ?? 0) - (began['reading'] ?? 0)) / 1000
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
