import { once } from 'node:events'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { fsck } from '../../src/app/fsck.ts'
import { locationOf, temporaryFolder } from '../builders/estate.ts'
import { acknowledgedUntilKilled, startLogWriter } from '../builders/killed-writer.ts'

/** `npm run test:kill` takes 200. */
const MOMENTS = Number(process.env['YUKUE_KILLS'] ?? 5)

/** Long enough for a few batches, short enough to fall into the first, too. */
const LONGEST_MS = 150

it('a writer killed at any moment loses nothing that it acknowledged, and leaves no gap', {
  timeout: 10_000 + MOMENTS * 20_000,
}, async () => {
  const folder = temporaryFolder()
  const location = await locationOf(folder)
  const lost: string[] = []
  let size = 0
  for (let moment = 0; moment < MOMENTS; moment++) {
    const acknowledged = await acknowledgedUntilKilled(location, join(folder, 'keys'), Math.random() * LONGEST_MS)
    const report = await fsck(location, { checkpoints: [], quick: moment < MOMENTS - 1 })
    if (report.size < Math.max(acknowledged, size)) lost.push(`${acknowledged} > ${report.size}`)
    lost.push(...report.faults.map(({ code, at }) => `${code} ${at}`))
    size = report.size
  }
  expect([lost, size > 0]).toEqual([[], true])
})

it('several processes that enter at once leave no gap', { timeout: 120_000 }, async () => {
  const folder = temporaryFolder()
  const location = await locationOf(folder)
  const writers = ['one', 'two', 'three'].map((name) => startLogWriter(location, join(folder, 'keys'), name, 14))
  for (const writer of writers) writer.stdout.resume()
  const codes = await Promise.all(writers.map(async (writer) => (await once(writer, 'close'))[0]))
  const report = await fsck(location, { checkpoints: [], quick: false })
  expect([codes, report.faults, report.size]).toEqual([[0, 0, 0], [], 3 * 2 * (1 + 2 + 3 + 4 + 5 + 6 + 7) + 1])
})
