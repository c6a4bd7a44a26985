/**
 * Speed of the wasm kernel, in GB of stored bytes a second on one thread, beside node:crypto's SHA-256 of the same bytes.
 * Rounds are interleaved, so that what else the machine does falls on both. Run after `npm run build`:
 *
 *     node bench/kernel.bench.mjs [rows columns]
 */
import { createHash } from 'node:crypto'
import { loadavg } from 'node:os'
import { loadKernel } from '../dist/src/kernel/load.js'

const ROUNDS = 9
const CHUNK = 1 << 20
/** @typedef {import('../dist/src/kernel/kernel.js').KernelElement} Element */

/** @type {Record<Element, number>} */
const BYTES = { bf16: 2, f16: 2, f32: 4, f64: 8, i8: 1, u8: 1, i16: 2, u16: 2, i32: 4 }
const [rows = 4096, columns = 4096] = process.argv.slice(2).map(Number)

const kernel = loadKernel()
print(`${kernel.name} kernel, ${rows} × ${columns}, load ${loadavg()[0]?.toFixed(2)}, medians of ${ROUNDS}`)

for (const element of /** @type {Element[]} */ (Object.keys(BYTES))) {
  const chunk = weights(element)
  const rounds = Array.from({ length: ROUNDS }, () => ({
    print: printSpeed(element, chunk),
    hash: hashSpeed(element, chunk),
  }))
  const kernelSpeed = median(rounds.map((round) => round.print))
  const ratio = median(rounds.map((round) => round.print / round.hash))
  print(`${element.padEnd(5)} ${kernelSpeed.toFixed(2)} GB/s  ${ratio.toFixed(2)} × SHA-256`)
}

for (const group of [1, 32, 4096]) print(`i8 scaled by ${group}: ${scaledSpeed(group).toFixed(2)} GB/s`)

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`)
}

/**
 * @param {Element} element
 * @param {Uint8Array} chunk
 */
function printSpeed(element, chunk) {
  const run = kernel.start(rows, columns, element)
  run.inlet.set(chunk)
  const began = process.hrtime.bigint()
  for (let left = rows * columns; left > 0; ) {
    const count = Math.min(left, CHUNK / BYTES[element])
    run.push(count)
    left -= count
  }
  consume(run.finish().moments.sumSquares)
  return speed(rows * columns * BYTES[element], began)
}

/**
 * @param {Element} element
 * @param {Uint8Array} chunk
 */
function hashSpeed(element, chunk) {
  const bytes = rows * columns * BYTES[element]
  const began = process.hrtime.bigint()
  const hash = createHash('sha256')
  for (let left = bytes; left > 0; left -= CHUNK) hash.update(left < CHUNK ? chunk.subarray(0, left) : chunk)
  consume(hash.digest()[0])
  return speed(bytes, began)
}

/**
 * One chunk of int8, 256 × 4096, with a scale for each `group` elements.
 *
 * @param {number} group
 */
function scaledSpeed(group) {
  const run = kernel.start(CHUNK / 4096, 4096, 'i8')
  run.inlet.set(weights('i8'))
  const began = process.hrtime.bigint()
  for (let at = 0; at < CHUNK; at += group) run.pushScaled(Math.min(group, CHUNK - at), 0.01, 3, at)
  consume(run.finish().moments.sumSquares)
  return speed(CHUNK, began)
}

/**
 * One chunk of weights as trained networks have them: about normal, deviation .02; integers uniform.
 *
 * @param {Element} element
 */
function weights(element) {
  const length = CHUNK / BYTES[element]
  const normal = () => 0.02 * Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random())
  const float = () => new Uint32Array(Float32Array.from({ length }, normal).buffer)
  const uniform = () => Uint8Array.from({ length: CHUNK }, () => Math.random() * 256)
  if (element === 'f32') return new Uint8Array(float().buffer)
  if (element === 'f64') return new Uint8Array(Float64Array.from({ length }, normal).buffer)
  if (element === 'bf16') return new Uint8Array(Uint16Array.from(float(), (word) => word >>> 16).buffer)
  if (element === 'f16') return new Uint8Array(Uint16Array.from(float(), halfOfWord).buffer)
  return uniform()
}

/**
 * Cuts a binary32 to a binary16; what is below the normal halves becomes 0.
 *
 * @param {number} word
 */
function halfOfWord(word) {
  const exponent = ((word >>> 23) & 255) - 112
  return exponent < 1 ? 0 : ((word >>> 16) & 0x8000) | (exponent << 10) | ((word >>> 13) & 1023)
}

/**
 * Bytes a nanosecond = GB a second.
 *
 * @param {number} bytes
 * @param {bigint} began
 */
function speed(bytes, began) {
  return bytes / Number(process.hrtime.bigint() - began)
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
