/**
 * What a diff of two models costs beside plain hashing: a made-up bf16 model and one of which every weight moved, and node:crypto's
 * SHA-256 of the same bytes on one thread, in turn, with the ratio of every pair of runs, and the most memory that the process held. Run
 * after `npm run build`:
 *
 *     npm run bench:diff                (2 × 512 MB)
 *     npm run bench:diff -- --full      (2 × 2 GB)
 */
import { createHash, randomFillSync } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { diff } from '../dist/src/app/diff.js'
import { defaultThreads } from '../dist/src/app/print-pool.js'

const MB = 1024 * 1024
const bytes = (process.argv.includes('--full') ? 2048 : 512) * MB
const ROUNDS = 3
const TENSOR_BYTES = 32 * MB
const COLUMNS = 4096

const folder = mkdtempSync(join(tmpdir(), 'yukue-bench-'))
try {
  const [parent, child] = [join(folder, 'parent.safetensors'), join(folder, 'child.safetensors')]
  writeModels(parent, child)
  const ratios = []
  for (let round = 0; round <= ROUNDS; round++) {
    const hashed = seconds(() => [parent, child].forEach(hash))
    const began = performance.now()
    const options = { estate: join(folder, '.yukue'), as: [], threads: defaultThreads() }
    const result = await diff(parent, child, options, { onPhase() {}, onTotal() {}, onBytes() {} })
    if (result.basis !== 'weights' || !result.changes.includes('fine-tuned')) throw new Error('a diff of other models')
    // the first round warms the page cache and the code
    if (round > 0) ratios.push((performance.now() - began) / 1000 / hashed)
  }
  print(
    `${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(2)}, Node ${process.version}; 2 × ${bytes / MB} MB of bf16, every tensor changed`,
  )
  print(`${median(ratios).toFixed(2)} × SHA-256 of both (${ratios.map((ratio) => ratio.toFixed(2)).join(' ')})`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
print(`peak memory of this process: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`)

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`)
}

/**
 * Matrices as a language model has them; the child's differ in the last bits.
 *
 * @param {string} parent
 * @param {string} child
 */
function writeModels(parent, child) {
  const count = bytes / TENSOR_BYTES
  /** @type {Record<string, unknown>} */
  const header = {}
  for (let i = 0; i < count; i++)
    header[`model.layers.${i}.mlp.up_proj.weight`] = {
      dtype: 'BF16',
      shape: [TENSOR_BYTES / 2 / COLUMNS, COLUMNS],
      data_offsets: [i * TENSOR_BYTES, (i + 1) * TENSOR_BYTES],
    }
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  const files = [openSync(parent, 'w'), openSync(child, 'w')]
  for (const file of files) {
    writeSync(file, length)
    writeSync(file, text)
  }
  const chunk = new Uint8Array(MB)
  for (let written = 0; written < bytes; written += MB) {
    randomFillSync(chunk)
    // exponents of ordinary weights: about 2⁻⁶
    for (let i = 1; i < chunk.length; i += 2) chunk[i] = 0x3c | ((chunk[i] ?? 0) & 0x80)
    writeSync(files[0] ?? 0, chunk)
    for (let i = 0; i < chunk.length; i += 2) chunk[i] = (chunk[i] ?? 0) ^ (i % 3)
    writeSync(files[1] ?? 0, chunk)
  }
  files.forEach(closeSync)
}

/** @param {string} path */
function hash(path) {
  const file = openSync(path, 'r')
  const chunk = new Uint8Array(MB)
  const digest = createHash('sha256')
  for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) digest.update(chunk.subarray(0, read))
  closeSync(file)
  return digest.digest('hex')
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
