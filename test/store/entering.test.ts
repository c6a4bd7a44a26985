import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { draft, journalOf, leafOf } from '../../src/ledger/journal.ts'
import { generateKey, signingKey } from '../../src/ledger/keys.ts'
import { inclusionRanges } from '../../src/ledger/merkle.ts'
import { verifyInclusion } from '../../src/ledger/proof.ts'
import { modelSubject } from '../../src/ledger/statement.ts'
import { rootsOver, tilesFor } from '../../src/ledger/tiles.ts'
import type { Estate } from '../../src/store/estate.ts'
import { idOf, temporaryEstate, temporaryFolder } from '../builders/estate.ts'

const key = signingKey('test/key', generateKey().seed)
const journal = journalOf({ key, actor: { kind: 'system', name: 'test' }, role: null, expires: null })
const TIME = '2026-01-01T00:00:00.000Z'

function incident(text: string) {
  const predicate = {
    recordedAt: TIME,
    at: TIME,
    note: null,
    by: null,
    severity: 'low' as const,
    text,
    reference: null,
  }
  return draft({ kind: 'incident', subject: [modelSubject(idOf('a'))], predicate }, key)
}

const shared = () => temporaryEstate(temporaryFolder(), 20, { journal: () => journal, isShared: true })

/** What is found under a number, where it is proven to stand in the log of today. */
async function provenAt(estate: Estate, number: number): Promise<string | null> {
  const { size } = (await estate.ledgerHead())!
  const [entry] = await estate.entries(number, number + 1)
  if (!entry) return null
  const whole = [{ from: 0, to: size }]
  const [root] = rootsOver(whole, await estate.tiles(tilesFor(whole)))
  const ranges = inclusionRanges(number, size)
  const proof = rootsOver(ranges, await estate.tiles(tilesFor(ranges)))
  const leaf = leafOf(entry.signed, entry.time)
  return verifyInclusion({ index: number, size, leaf, root: root! }, proof) ? entry.signed.payload : null
}

const asked = fc.record({ count: fc.integer({ min: 1, max: 4 }), fails: fc.boolean() })

describe('statements that many enter at once', () => {
  it('stand, each with its proof, where their writers were told; in the order in which they came; those of no other fail', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(asked, { minLength: 1, maxLength: 90 }), async (wanted) => {
        const estate = await shared()
        const entered = wanted.map(({ count, fails }, at) => {
          const drafts = Array.from({ length: count }, (_, each) => incident(`${at} ${each}`))
          const first = estate.enter(() => {
            if (fails) throw new Error(`${at}`)
            return drafts
          })
          return first.then(
            (number) => ({ at, number, drafts }),
            (error) => ({ at, error: String(error) }),
          )
        })
        const ends = await Promise.all(entered)
        const numbers: number[] = []
        for (const end of ends) {
          if ('error' in end) {
            expect([wanted[end.at]!.fails, end.error]).toEqual([true, `Error: ${end.at}`])
            continue
          }
          expect(wanted[end.at]!.fails).toBe(false)
          for (const [each, { signed }] of end.drafts.entries()) {
            expect(await provenAt(estate, end.number + each)).toBe(signed.payload)
            numbers.push(end.number + each)
          }
        }
        // the first is the introduction of the key
        expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, number) => number + 1))
        await estate.close()
      }),
      { numRuns: 20 },
    )
  })

  it('are entered once where all of them are one', async () => {
    const estate = await shared()
    const one = incident('one')
    const numbers = await Promise.all(Array.from({ length: 30 }, () => estate.enterOnce(one)))
    expect([...numbers].sort()).toEqual([1, ...Array.from({ length: 29 }, () => null)].sort())
    expect((await estate.ledgerHead())!.size).toBe(2)
  })

  it('share transactions, and so checkpoints', async () => {
    const estate = await shared()
    await Promise.all(Array.from({ length: 50 }, (_, at) => estate.enter(() => [incident(`${at}`)])))
    expect((await estate.checkpoints(0, 100)).length).toBeLessThan(25)
  })

  it('go in without the one that the database does not take', async () => {
    const estate = await shared()
    const bad = { ...incident('bad'), kind: null as never }
    const ends = await Promise.allSettled(
      [incident('a'), incident('b'), bad, incident('c')].map((each) => estate.enter(() => [each])),
    )
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
    expect((await estate.ledgerHead())!.size).toBe(4)
  })
})

describe('the version of an estate', () => {
  it('is another after a write of anyone, and the same after reading', async () => {
    const folder = temporaryFolder()
    const estate = await temporaryEstate(folder, 20, { journal: () => journal, isShared: true })
    const other = await temporaryEstate(folder, 20, { journal: () => journal })
    const versions = [await estate.version()]
    await estate.ledgerHead()
    await other.ledgerHead()
    versions.push(await estate.version())
    await estate.enter(() => [incident('own')])
    versions.push(await estate.version())
    await other.enter(() => [incident('another’s')])
    versions.push(await estate.version())
    expect(versions[1]).toBe(versions[0])
    expect(new Set(versions).size).toBe(3)
  })
})
