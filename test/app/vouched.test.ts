import { beforeEach, describe, expect, it } from 'vitest'
import { checkModel } from '../../src/app/check.ts'
import { checkAll } from '../../src/app/check-all.ts'
import { estateKey } from '../../src/app/keys.ts'
import { viewOf } from '../../src/app/ledger-view.ts'
import { attestation } from '../../src/ledger/custody.ts'
import { draft } from '../../src/ledger/journal.ts'
import { modelSubject } from '../../src/ledger/statement.ts'
import type { EstateDb } from '../../src/store/database.ts'
import { openDatabase } from '../../src/store/estate.ts'
import { keysFolder } from '../../src/store/key-files.ts'
import { a, type LedgerPlace, ledgerPlace } from '../builders/ledger.ts'

/** Enough that the log's own entries are taken by its tree, over more than one tile. */
const CLAIMS = 400
/** Of the claim that is tampered with. */
const TARGET = 300

let place: LedgerPlace

beforeEach(async () => {
  place = await ledgerPlace()
  await place.scan({ '/models/chat': a })
  const { key } = estateKey(keysFolder(place.location), null, place.signing.now())
  const event = { recordedAt: place.time(), at: '2026-01-01', note: null }
  const claim = (value: string) =>
    draft(
      {
        kind: 'claimed',
        subject: [modelSubject(a)],
        predicate: { ...event, by: null, source: 'card', subject: 'licence', value },
      },
      key,
    )
  await place.work((estate) => estate.enter(() => Array.from({ length: CLAIMS }, () => claim('cc-by-nc-4.0'))))
})

/** The claims that are not attested, by their numbers: of a log as it is all are. */
function doubted(): Promise<number[]> {
  return place.work(async (estate) => {
    const entries = await (await viewOf(estate, null)).about([a], ['claimed'])
    expect(entries).toHaveLength(CLAIMS)
    return entries.filter((entry) => attestation(entry) === 'disputed').map(({ number }) => number)
  })
}

async function tamper(change: (db: EstateDb) => Promise<unknown>): Promise<void> {
  const database = await openDatabase(place.location)
  await database.write(change)
  await database.close()
}

async function makeFree(db: EstateDb, number: number): Promise<void> {
  const at = db.selectFrom('ledger_entries').select('payload').where('number', '=', number)
  const { payload } = await at.executeTakeFirstOrThrow()
  const freed = payload.replace('cc-by-nc-4.0', 'apache-2.0')
  await db.updateTable('ledger_entries').set({ payload: freed }).where('number', '=', number).execute()
}

const CHANGES: Record<string, (db: EstateDb) => Promise<unknown>> = {
  'its tile too': (db) =>
    db
      .updateTable('ledger_tiles')
      .set({ hashes: Buffer.alloc(256 * 32) })
      .where('position', '=', 1)
      .execute(),
  'every tile too': (db) => db.deleteFrom('ledger_tiles').execute(),
  'every checkpoint too': (db) => db.deleteFrom('ledger_checkpoints').execute(),
  'the text of every checkpoint too': async (db) => {
    for (const { size, note } of await db.selectFrom('ledger_checkpoints').selectAll().execute())
      await db
        .updateTable('ledger_checkpoints')
        .set({ note: note.replace(/^(.*\n.*\n)..../, '$1AAAA') })
        .where('size', '=', size)
        .execute()
  },
}

it('of a log as it was signed nothing is doubted', async () => {
  expect(await doubted()).toEqual([])
})

it('of a statement that was changed the signature is verified, and does not fit', async () => {
  await tamper((db) => makeFree(db, TARGET))
  expect(await doubted()).toEqual([TARGET])
})

it.each(Object.entries(CHANGES))('nor where whoever changed it changed %s', async (_, change) => {
  await tamper(async (db) => {
    await makeFree(db, TARGET)
    await change(db)
  })
  expect(await doubted()).toEqual([TARGET])
})

describe('where the root does not fit the checkpoint', () => {
  const ofLicences = { packs: ['licences'] }

  /** Every claim made one of a licence that asks nothing: by what they now say no rule departs. */
  async function freed(): Promise<void> {
    await place.record({ event: 'deployed', model: a, site: 'desk', purpose: 'customer service' })
    await tamper(async (db) => {
      const claims = await db.selectFrom('ledger_entries').select('number').where('kind', '=', 'claimed').execute()
      for (const { number } of claims) await makeFree(db, number)
    })
  }

  it('a check of all verifies every signature, and rests on none that does not fit', async () => {
    await freed()
    const [told] = (await checkAll(place.location, ofLicences)).checks
    const said = told?.rules.flatMap(({ facts }) => facts.filter(({ name }) => name === 'licence')) ?? []
    expect(said.map(({ status }) => status).filter((status) => status !== 'disputed')).toEqual([])
    expect(told?.verdict).not.toBe('meets')
  })

  it('a check of all says the same as that of the model', async () => {
    await freed()
    const { verdict } = await checkAll(place.location, ofLicences)
    expect(verdict).toBe((await checkModel(a, place.location, ofLicences)).verdict)
  })
})
