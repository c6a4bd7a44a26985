import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import type { PrintJob, PrintJobResult } from '../../src/app/print-job.ts'
import { openPool } from '../../src/app/print-pool.ts'
import { planTasks } from '../../src/identify/plan.ts'
import { closeArtifact, openArtifact } from '../../src/read/artifact.ts'
import { discover } from '../../src/read/discover.ts'
import { folder } from '../builders/folder.ts'
import { weights } from '../builders/weights.ts'

// Worker threads run compiled code only, so the pool of threads is that of dist/.
const compiled = pathToFileURL(join(import.meta.dirname, '../../dist/src/app/print-pool.js')).href
let openThreads: typeof openPool
beforeAll(async () => {
  openThreads = ((await import(/* @vite-ignore */ compiled)) as { openPool: typeof openPool }).openPool
})

function jobsIn(root: string): PrintJob[] {
  return discover([root], []).candidates.flatMap((candidate) => {
    const model = openArtifact(candidate)
    closeArtifact(model)
    return planTasks(model, 1).map((task) => ({ candidate, task }))
  })
}

async function run(open: typeof openPool, threads: number, jobs: PrintJob[]) {
  let bytes = 0
  const pool = open(threads, (more) => {
    bytes += more
  })
  const results = await Promise.all(jobs.map((job) => pool.run(job)))
  await pool.close()
  return { results, bytes }
}

describe('a pool of threads', () => {
  it.each([1, 2, 3])('of %i prints what one thread prints', async (threads) => {
    const jobs = jobsIn(folder(Object.fromEntries([1, 2, 3, 4].map((seed) => [`${seed}.safetensors`, weights(seed)]))))
    expect((await run(openThreads, threads, jobs)).results).toEqual((await run(openPool, 0, jobs)).results)
  })

  it('tells all bytes', async () => {
    const jobs = jobsIn(folder({ 'a.safetensors': weights(1), 'b.safetensors': weights(2) }))
    expect((await run(openThreads, 2, jobs)).bytes).toBe(2 * weights(1).length)
  })

  it('gives a job that fails back as a problem, and does the others', async () => {
    const jobs = jobsIn(folder({ 'a.safetensors': weights(1), 'b.safetensors': weights(2) }))
    const gone = { ...jobs[0]!, candidate: { ...jobs[0]!.candidate, absolutePath: '/nowhere/a.safetensors' } }
    const { results } = await run(openThreads, 1, [gone, jobs[1]!])
    expect(results.map(outcome)).toEqual(['unreadable', 'done'])
  })

  it('notices a file that changed since it was found', async () => {
    const [job] = jobsIn(folder({ 'a.safetensors': weights(1) }))
    const former = { ...job!, candidate: { ...job!.candidate, size: 1 } }
    expect((await run(openThreads, 1, [former])).results.map(outcome)).toEqual(['changed'])
  })

  it('goes on when a job takes its thread down', async () => {
    const jobs = jobsIn(folder({ 'a.safetensors': weights(1), 'b.safetensors': weights(2) }))
    const fatal = { ...jobs[0]!, task: { kind: 'tensors' as const, indices: [99] } }
    const { results } = await run(openThreads, 1, [fatal, jobs[1]!])
    expect(results.map(outcome)).toEqual(['unreadable', 'done'])
  })
})

function outcome(result: PrintJobResult): string {
  return result.kind === 'done' ? 'done' : result.problem.code
}
