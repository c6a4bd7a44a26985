/**
 * `npm run fuzz`: tries changed inputs on every fuzz/*.fuzz.ts and says which broke what must hold.
 *   YUKUE_FUZZ_SECONDS  for all targets together, 60 by default
 *   YUKUE_FUZZ_SEED     a number; the same seed gives the same inputs
 *   YUKUE_FUZZ_TARGETS  names, separated by commas; all by default
 * `npm run fuzz -- fuzz/findings/<target>-….bin` tries that input again.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const ROOT = join(HERE, '..')

/** Longest input (MAX_INPUT_BYTES of mutate.ts). */
const INPUT_BYTES = 1 << 20

/** An input that takes so long is taken for endless; from 2 s on it is a finding anyway. */
const HANG_MS = 20_000
const POLL_MS = 500

const seconds = Number(process.env['YUKUE_FUZZ_SECONDS'] ?? 60)
const seed = Number(process.env['YUKUE_FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const chosen = process.env['YUKUE_FUZZ_TARGETS']?.split(',')
const names = readdirSync(HERE)
  .filter((file) => file.endsWith('.fuzz.ts'))
  .map((file) => basename(file, '.fuzz.ts'))
  .filter((name) => chosen?.includes(name) ?? true)
  .sort()

const [replayed] = process.argv.slice(2)
const failed = replayed ? await replay(replayed) : await fuzzAll()
process.exit(failed ? 1 : 0)

/** Fuzzes all targets, each in the thread that the one before left, or a new one where that hung or died. */
async function fuzzAll() {
  say(`seed ${seed}, ${seconds} s, targets: ${names.join(', ')}`)
  const findings = []
  for (let left = names; left.length > 0; ) {
    const { done, found } = await runWorker(left, null)
    findings.push(...found)
    left = left.slice(done)
  }
  say(findings.length === 0 ? 'nothing found' : `${findings.length} findings`)
  return findings.length > 0
}

/** @param {string} path */
async function replay(path) {
  const candidates = names.filter((name) => basename(path).startsWith(`${name}-`))
  const name = candidates.sort((a, b) => b.length - a.length)[0]
  if (name === undefined) throw new Error(`${path}: its name begins with no target's`)
  const { found } = await runWorker([name], new Uint8Array(readFileSync(path)))
  return found.length > 0
}

/**
 * Runs targets in one thread until they are done or one hangs or dies. `done`: how many need not be run again.
 * @param {string[]} left
 * @param {Uint8Array | null} bytes an input to try again, in place of fuzzing
 * @returns {Promise<{ done: number, found: string[] }>}
 */
function runWorker(left, bytes) {
  const state = new Int32Array(new SharedArrayBuffer(12))
  const input = new Uint8Array(new SharedArrayBuffer(INPUT_BYTES))
  const targets = left.map((name) => join(HERE, `${name}.fuzz.ts`))
  const milliseconds = (1_000 * seconds) / names.length
  const worker = new Worker(new URL('./worker.mjs', import.meta.url), {
    workerData: { targets, seed, milliseconds, replay: bytes, state, input },
  })
  /** @type {string[]} */
  const found = []
  let done = 0
  let begun = 0
  let since = Date.now()
  return new Promise((resolve) => {
    const watch = setInterval(() => {
      const now = Atomics.load(state, 0)
      if (now !== begun || Atomics.load(state, 2) === 0) since = Date.now()
      begun = now
      if (Date.now() - since > HANG_MS) lose('did not end')
    }, POLL_MS)
    const end = () => {
      clearInterval(watch)
      void worker.terminate()
      resolve({ done, found })
    }
    /** @param {string} what */
    const lose = (what) => {
      found.push(keep(left[done] ?? 'unknown', what, bytes ?? input.slice(0, Atomics.load(state, 1))))
      done++
      end()
    }
    worker.on('error', (error) => lose(`took the thread with it: ${error.message}`))
    worker.on('message', (message) => {
      if (message.kind === 'finding') found.push(keep(message.target, message.what, message.bytes))
      if (message.kind === 'replayed') {
        say(`${message.target}: ${message.what ?? 'nothing found'}, ${Math.round(message.milliseconds)} ms`)
        if (message.what !== null) found.push(message.what)
      }
      if (message.kind === 'done') {
        done++
        say(`${message.target}: ${message.inputs} inputs, the slowest ${Math.round(message.slowestMs)} ms`)
      }
      if (message.kind === 'finished') end()
    })
  })
}

/**
 * Writes an input down and says how to try it again.
 * @param {string} target
 * @param {string} what
 * @param {Uint8Array} bytes
 */
function keep(target, what, bytes) {
  const folder = join(HERE, 'findings')
  mkdirSync(folder, { recursive: true })
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 12)
  const path = join(folder, `${target}-${digest}.bin`)
  writeFileSync(path, bytes)
  say(`FINDING ${target}: ${what}\n  npm run fuzz -- ${relative(ROOT, path)}`)
  return path
}

/** @param {string} line */
function say(line) {
  process.stdout.write(`${line}\n`)
}
