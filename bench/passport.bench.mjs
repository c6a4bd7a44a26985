/**
 * What a passport costs: an estate with a thousand statements about one model (and nine thousand about others, so that the tree is of
 * a size), the time to make its passport, to check it under the sender's key, and its size. Run after `npm run build`:
 *
 *     npm run bench:passport
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { givenKey } from '../dist/src/app/given-keys.js'
import { makePassport } from '../dist/src/app/passport.js'
import { record } from '../dist/src/app/record.js'
import { scan } from '../dist/src/app/scan.js'
import { verifyPassport } from '../dist/src/app/verify-passport.js'

const ROUNDS = 5
const STATEMENTS = 1_000
const OTHERS = 9_000
const BAR_SECONDS = 1

const folder = mkdtempSync(join(tmpdir(), 'yukue-bench-'))
try {
  const estate = join(folder, '.yukue')
  writeFileSync(join(folder, 'chat.safetensors'), model(512))
  const quiet = { onPhase() {}, onTotal() {}, onBytes() {} }
  await scan({ paths: [folder], as: [], estate, threads: 0 }, quiet)
  const claims = (/** @type {number} */ count) => Array.from({ length: count }, (_, at) => `other=statement ${at}`)
  await record({ event: 'claimed', model: 'declared:bench/other@1', claims: claims(OTHERS) }, estate)
  await record({ event: 'claimed', model: 'chat', claims: claims(STATEMENTS) }, estate)
  const { public: text } = JSON.parse(readFileSync(join(estate, 'keys', 'estate.key'), 'utf8'))
  const trusted = new Set([givenKey({ path: 'key', text }).id])
  const made = []
  const checked = []
  let passport = ''
  let verdict = ''
  for (let round = 0; round <= ROUNDS; round++) {
    const start = performance.now()
    passport = (await makePassport({ model: 'chat', keys: [], leaveOut: [], prints: true, share: false }, estate)).text
    const middle = performance.now()
    verdict = verifyPassport({ path: 'bench', text: passport }, { trusted, model: null }).report.verdict
    const end = performance.now()
    // the first round warms the code
    if (round > 0) made.push((middle - start) / 1_000)
    if (round > 0) checked.push((end - middle) / 1_000)
  }
  const { statements, prints } = JSON.parse(passport)
  const bytes = Buffer.byteLength(passport)
  const printBytes = prints.reduce(
    (/** @type {number} */ sum, /** @type {{print: string}} */ { print }) => sum + print.length,
    0,
  )
  print(
    `passport of ${statements.length} statements: ${(bytes / 1e6).toFixed(2)} MB, of which prints ${(printBytes / 1e6).toFixed(2)} MB; ${verdict}`,
  )
  print(
    `make    ${median(made).toFixed(3)} s  (${made.map((time) => time.toFixed(3)).join(' ')})  bar ${BAR_SECONDS} s`,
  )
  print(
    `verify  ${median(checked).toFixed(3)} s  (${checked.map((time) => time.toFixed(3)).join(' ')})  bar ${BAR_SECONDS} s`,
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** @param {number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

/** @param {number} width */
function model(width) {
  const values = Float32Array.from({ length: width * width }, (_, at) => Math.sin(at * at))
  const header = Buffer.from(
    JSON.stringify({ 'a.weight': { dtype: 'F32', shape: [width, width], data_offsets: [0, values.byteLength] } }),
  )
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  return Buffer.concat([length, header, Buffer.from(values.buffer)])
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`)
}
