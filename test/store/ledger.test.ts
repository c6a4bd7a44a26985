import { describe, expect, it } from 'vitest'
import { draft, journalOf, leafOf } from '../../src/ledger/journal.ts'
import { generateKey, signingKey } from '../../src/ledger/keys.ts'
import { inclusionRanges } from '../../src/ledger/merkle.ts'
import { verifyInclusion } from '../../src/ledger/proof.ts'
import { modelSubject } from '../../src/ledger/statement.ts'
import { rootsOver, tilesFor } from '../../src/ledger/tiles.ts'
import type { Estate } from '../../src/store/estate.ts'
import { idOf, scanOf, temporaryEstate, temporaryFolder } from '../builders/estate.ts'

const a = idOf('a')

function journal() {
  const key = signingKey('test/key', generateKey().seed)
  return { key, journal: journalOf({ key, actor: { kind: 'system', name: 'test' }, role: null, expires: null }) }
}

async function estateWith({ journal: made }: ReturnType<typeof journal>, folder = temporaryFolder()): Promise<Estate> {
  return temporaryEstate(folder, 20, { journal: () => made })
}

function incident(writer: ReturnType<typeof journal>, text: string, time: string) {
  const predicate = {
    recordedAt: time,
    at: time,
    note: null,
    by: null,
    severity: 'low' as const,
    text,
    reference: null,
  }
  return draft({ kind: 'incident', subject: [modelSubject(a)], predicate }, writer.key)
}

const numbersOf = async (estate: Estate) => (await estate.entries(0, 10_000)).map(({ number }) => number)
const upTo = (count: number) => Array.from({ length: count }, (_, number) => number)

describe('the log', () => {
  it('numbers statements from 0 without a gap, the writer’s introduction first', async () => {
    const writer = journal()
    const estate = await estateWith(writer)
    await estate.enter((time) => ['one', 'two'].map((text) => incident(writer, text, time)))
    const entries = await estate.entries(0, 10)
    expect(entries.map(({ number, kind }) => [number, kind])).toEqual([
      [0, 'trusted'],
      [1, 'incident'],
      [2, 'incident'],
    ])
  })

  it('proves every statement of several batches', async () => {
    const writer = journal()
    const estate = await estateWith(writer)
    for (const count of [1, 3, 300, 700])
      await estate.enter((time) => Array.from({ length: count }, (_, at) => incident(writer, `${at}`, time)))
    const { size } = (await estate.ledgerHead())!
    const whole = [{ from: 0, to: size }]
    const [root] = rootsOver(whole, await estate.tiles(tilesFor(whole)))
    const refused = []
    for (const { number, signed, time } of (await estate.entries(0, size)).filter((_, at) => at % 37 === 0)) {
      const ranges = inclusionRanges(number, size)
      const proof = rootsOver(ranges, await estate.tiles(tilesFor(ranges)))
      if (!verifyInclusion({ index: number, size, leaf: leafOf(signed, time), root: root! }, proof))
        refused.push(number)
    }
    expect([size, refused]).toEqual([1_005, []])
  })

  it('has no gap when several writers enter at once', async () => {
    const folder = temporaryFolder()
    const writers = [journal(), journal(), journal()]
    const estates = await Promise.all(writers.map((writer) => estateWith(writer, folder)))
    const work = estates.map(async (estate, at) => {
      for (let n = 0; n < 8; n++) await estate.enter((time) => [incident(writers[at]!, `${at} ${n}`, time)])
    })
    await Promise.all(work)
    expect(await numbersOf(estates[0]!)).toEqual(upTo(3 * 8 + 3))
  })

  it('holds nothing of a batch that fails', async () => {
    const writer = journal()
    const estate = await estateWith(writer)
    await estate.enter((time) => [incident(writer, 'kept', time)])
    const failing = estate.enter(() => {
      throw new Error('no')
    })
    await failing.catch(() => {})
    expect(await numbersOf(estate)).toEqual([0, 1])
  })

  it('never goes back in time, though clocks do', async () => {
    const writer = journal()
    const folder = temporaryFolder()
    const at = async (time: string) => {
      const estate = await temporaryEstate(folder, 5, { journal: () => writer.journal, now: () => new Date(time) })
      await estate.enter((entered) => [incident(writer, time, entered)])
      return estate
    }
    await at('2026-05-01T00:00:00.000Z')
    const estate = await at('2026-04-01T00:00:00.000Z')
    expect((await estate.entries(0, 10)).map(({ time }) => time.slice(0, 10))).toEqual(Array(3).fill('2026-05-01'))
  })
})

describe('a scan', () => {
  it('enters what it saw with the facts', async () => {
    const estate = await estateWith(journal())
    await estate.recordScan(scanOf({ '/models/a': a }))
    expect((await estate.entriesAbout([a], 100)).map(({ kind }) => kind)).toEqual(['printed', 'observed'])
  })

  it('that sees nothing new enters nothing', async () => {
    const estate = await estateWith(journal())
    await estate.recordScan(scanOf({ '/models/a': a }))
    const before = await numbersOf(estate)
    await estate.recordScan(scanOf({ '/models/a': a }))
    expect(await numbersOf(estate)).toEqual(before)
  })

  it('enters nothing when its facts cannot be recorded', async () => {
    const estate = await estateWith(journal())
    const lineage = { relations: [{ ...missing, child: a }], lookAlikes: [] }
    await estate.recordScan(scanOf({ '/models/a': a }, { lineage })).catch(() => {})
    expect([await numbersOf(estate), await estate.allPrintHeads()]).toEqual([[], []])
  })

  it('works without a log', async () => {
    const estate = await temporaryEstate()
    await estate.recordScan(scanOf({ '/models/a': a }))
    expect([await estate.ledgerHead(), (await estate.artifactsOf(a)).length]).toEqual([null, 1])
  })
})

/** A parent that the estate does not know. */
const missing = {
  parents: [{ id: idOf('9'), weight: null }],
  changes: ['fine-tuned' as const],
  direction: 'known' as const,
  status: 'inferred' as const,
  p: null,
  similarity: 0.9,
  details: {},
}
