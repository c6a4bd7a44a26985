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
for (const { kind, size } of CASES.filter(isAsked)) cases.push([`${kind}\t${size}`, {}, []])
// seed by seed, for most changes of one seed start from the same network
for (let seed = first + share; seed < first + seeds; seed += threads)
  for (const [at, { make }] of CASES.filter(isAsked).entries()) {
    const { verdict, direction, error, found } = outcomeOf(make(seed))
    const [, row, notRight] = /** @type {[string, Record<string, number>, string[]]} */ (cases[at])
    const told = direction === 'wrong' ? 'reversed' : direction === 'stated' ? 'stated' : 'open'
    for (const name of [verdict, told]) row[name] = (row[name] ?? 0) + 1
    row['error'] = Math.max(row['error'] ?? 0, error ?? 0)
    if (verdict !== 'right' || direction === 'wrong') notRight.push(`${seed} ${verdict}: ${found}`)
  }
const rows = strangers > 0 && (only === '' || only === 'strangers') ? strangerRows(strangers, share, threads) : []
await server.close()
parentPort?.postMessage({ cases, strangers: rows })

/** @param {{ kind: string, size: string }} each */
function isAsked({ kind, size }) {
  return `${kind} ${size}`.includes(only)
}
