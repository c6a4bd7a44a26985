import { basename } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { createServer, createServerModuleRunner } from 'vite'

/**
 * Runs targets one after the other. The input that is being tried stands in shared memory, so that whoever started this thread
 * has it when the thread hangs or dies. `workerData`: `targets` (paths), `seed`, `milliseconds` for each, `replay` (bytes or null), `state`
 * (Int32: inputs begun, length, busy), `input` (bytes).
 */
const { targets, seed, milliseconds, replay, state, input } = workerData

const server = await createServer({
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  server: { middlewareMode: true, watch: null, ws: false },
  optimizeDeps: { noDiscovery: true },
})
const runner = createServerModuleRunner(server.environments.ssr)
const { fuzz, attempt } = await runner.import('/fuzz/session.ts')
const { corpusOf } = await runner.import('/fuzz/corpus.ts')

for (const path of targets) {
  const { seeds = [], ...exported } = await runner.import(path)
  const run = Object.values(exported).find((value) => typeof value === 'function')
  const name = basename(path, '.fuzz.ts')
  const target = { name, run, corpus: corpusOf(name, seeds) }
  parentPort?.postMessage({ kind: 'target', target: name, corpus: target.corpus.length })
  if (replay) onInput(replay)
  if (replay) parentPort?.postMessage({ kind: 'replayed', target: name, ...attempt(target, replay) })
  else parentPort?.postMessage({ kind: 'done', ...fuzz(target, { seed, milliseconds, onInput, onFinding }) })
  Atomics.store(state, 2, 0)
}
await server.close()
parentPort?.postMessage({ kind: 'finished' })

/** @param {Uint8Array} bytes */
function onInput(bytes) {
  input.set(bytes.subarray(0, input.length))
  Atomics.store(state, 1, bytes.length)
  Atomics.add(state, 0, 1)
  Atomics.store(state, 2, 1)
}

/** @param {{ target: string, what: string, bytes: Uint8Array }} finding */
function onFinding(finding) {
  parentPort?.postMessage({ kind: 'finding', ...finding })
}
