/**
 * Speed of printing blocks (BLAKE3, dequantising, sketch and moments), in GB of stored bytes and in G elements a second on one
 * thread, beside node:crypto's SHA-256 of the same bytes. Rounds are interleaved, so that what else the machine does falls on
 * both. Run after `npm run build`:
 *
 *     node bench/blocks.bench.mjs [rows columns]
 */
import { createHash } from 'node:crypto'
import { loadavg } from 'node:os'
import { Blake3Hasher } from '@napi-rs/blake-hash'
import { BLOCK_LAYOUTS } from '../dist/src/contract/block-scheme.js'
import { loadKernel } from '../dist/src/kernel/load.js'

const ROUNDS = 7
const CHUNK = 1 << 20
/** @typedef {import('../dist/src/contract/block-scheme.js').BlockScheme} Scheme */
const [rows = 4096, columns = 4096] = process.argv.slice(2).map(Number)
const kernel = loadKernel()
print(`${kernel.name} kernel, ${rows} × ${columns}, load ${loadavg()[0]?.toFixed(2)}, medians of ${ROUNDS}`)

for (const scheme of /** @type {Scheme[]} */ (Object.keys(BLOCK_LAYOUTS))) {
  const { elements, bytes } = BLOCK_LAYOUTS[scheme]
  const chunk = blocks(scheme)
  const size = (rows * columns * bytes) / elements
  const rounds = Array.from({ length: ROUNDS }, () => ({
    print: printTime(scheme, chunk),
    hash: hashTime(size, chunk),
  }))
  const time = median(rounds.map((round) => round.print))
  const ratio = median(rounds.map((round) => round.print / round.hash))
  const speeds = [`${(size / time).toFixed(2)} GB/s`, `${((rows * columns) / time).toFixed(2)} G elements/s`]
  print(`${scheme.padEnd(7)} ${speeds.join('  ')}  ${ratio.toFixed(2)} × the time of SHA-256`)
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`)
}

/**
 * Nanoseconds.
 *
 * @param {Scheme} scheme
 * @param {Uint8Array} chunk
 */
function printTime(scheme, chunk) {
  const { elements, bytes } = BLOCK_LAYOUTS[scheme]
  const run = kernel.start(rows, columns, scheme)
  run.inlet.set(chunk)
  const began = process.hrtime.bigint()
  const hasher = new Blake3Hasher()
  const most = (chunk.length / bytes) * elements
  for (let left = rows * columns; left > 0; ) {
    const count = Math.min(left, most)
    hasher.update(Buffer.from(run.inlet.buffer, run.inlet.byteOffset, (count / elements) * bytes))
    run.push(count)
    left -= count
  }
  consume(run.finish().moments.sumSquares + hasher.digest('hex').length)
  return Number(process.hrtime.bigint() - began)
}

/**
 * Nanoseconds.
 *
 * @param {number} size
 * @param {Uint8Array} chunk
 */
function hashTime(size, chunk) {
  const began = process.hrtime.bigint()
  const hash = createHash('sha256')
  for (let left = size; left > 0; left -= chunk.length)
    hash.update(left < chunk.length ? chunk.subarray(0, left) : chunk)
  consume(hash.digest()[0])
  return Number(process.hrtime.bigint() - began)
}

/**
 * A chunk of random blocks. Bytes below 32 make, wherever f16 scales stand, small ones (two such bytes are a half below 0.01); MXFP4
 * begins with an exponent, which has its zero at 127.
 *
 * @param {Scheme} scheme
 */
function blocks(scheme) {
  const { bytes } = BLOCK_LAYOUTS[scheme]
  const length = CHUNK - (CHUNK % bytes)
  const isExponent = (/** @type {number} */ at) => scheme === 'MXFP4' && at % bytes === 0
  return Uint8Array.from({ length }, (_, at) => (isExponent(at) ? 120 : Math.random() * 32))
}

/** @param {number[]} values */
function median(values) {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? 0
}

/**
 * Keeps a result alive, so that the work for it cannot be left out.
 *
 * @param {number | undefined} value
 */
function consume(value) {
  if (Number.isNaN(value)) throw new Error('the result is not a number')
}
