import { parentPort, workerData } from 'node:worker_threads'
import { createServer, createServerModuleRunner } from 'vite'

/** Runs one share of the seeds (`bench/families.bench.mjs`). The cases are TypeScript, and so loaded by vite. */
const { root, seeds, first, only, share, threads, strangers } = workerData

const server = await createServer({
  root,
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  server: { middlewareMode: true, watch: null, ws: false },
  optimizeDeps: { noDiscovery: true },
})
const runner = createServerModuleRunner(server.environments.ssr)
const { CASES } = await runner.import('/test/families/cases.ts')
const { outcomeOf } = await runner.import('/test/families/judge.ts')
const { strangerRows } = await runner.import('/test/families/strangers.ts')

/** @type {[string, Record<string, number>, string[]][]} */
const cases = []
for (const { kind, size, make } of CASES) {
  if (!`${kind} ${size}`.includes(only)) continue
  /** @type {Record<string, number>} */
  const row = { right: 0, abstained: 0, wrong: 0, stated: 0, open: 0, reversed: 0, error: 0 }
  /** @type {string[]} */
  const notRight = []
  for (let seed = first + share; seed < first + seeds; seed += threads) {
    const { verdict, direction, error, found } = outcomeOf(make(seed))
    row[verdict] = (row[verdict] ?? 0) + 1
    const told = direction === 'wrong' ? 'reversed' : direction === 'stated' ? 'stated' : 'open'
    row[told] = (row[told] ?? 0) + 1
    if (error !== null) row['error'] = Math.max(row['error'] ?? 0, error)
    if (verdict !== 'right' || direction === 'wrong') notRight.push(`${seed} ${verdict}: ${found}`)
  }
  cases.push([`${kind}\t${size}`, row, notRight])
}
const rows = strangers > 0 && (only === '' || only === 'strangers') ? strangerRows(strangers, share, threads) : []
await server.close()
parentPort?.postMessage({ cases, strangers: rows })
