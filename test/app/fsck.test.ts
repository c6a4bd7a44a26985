import { statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fsck } from '../../src/app/fsck.ts'
import { newKey } from '../../src/app/key.ts'
import { writerNamed } from '../../src/app/record.ts'
import { latestNote } from '../../src/app/witness.ts'
import { envelope } from '../../src/contract/envelope.ts'
import type { FsckReport } from '../../src/contract/fsck.ts'
import { countersigned, signedFrom } from '../../src/ledger/dsse.ts'
import { draftOf } from '../../src/ledger/journal.ts'
import { statementFrom } from '../../src/ledger/statement.ts'
import type { EstateDb } from '../../src/store/database.ts'
import { openDatabase } from '../../src/store/estate.ts'
import { ON_POSTGRES } from '../builders/estate.ts'
import { a, b, type LedgerPlace, ledgerPlace } from '../builders/ledger.ts'

/** Ten statements and the introduction of the key. */
async function tenStatements(): Promise<LedgerPlace> {
  const place = await ledgerPlace()
  await place.scan({ '/models/a': a, '/models/b': b })
  for (let at = 0; at < 6; at++) {
    await place.record({ event: 'incident', model: a, text: `incident ${at}` })
    place.step()
  }
  return place
}

/** Does to the database what nothing of this program would. */
async function tamper({ location }: LedgerPlace, work: (db: EstateDb) => Promise<unknown>): Promise<void> {
  const database = await openDatabase(location)
  await database.write(work)
  await database.close()
}

async function checked(place: LedgerPlace, checkpoints: { path: string; text: string }[] = []): Promise<FsckReport> {
  return fsck(place.location, { checkpoints, quick: false })
}

const told = ({ faults }: FsckReport) => faults.map(({ code, at }) => [code, at])

async function rowOf(db: EstateDb, number: number) {
  return db.selectFrom('ledger_entries').selectAll().where('number', '=', number).executeTakeFirstOrThrow()
}

it('A log that nobody touched is whole', async () => {
  const report = await checked(await tenStatements())
  expect([report.faults, report.size, report.readable]).toEqual([[], 11, 11])
})

describe('is found and named, and the rest read:', () => {
  it('a flipped bit in a statement', async () => {
    const place = await tenStatements()
    await tamper(place, async (db) => {
      const { payload } = await rowOf(db, 7)
      const flipped = payload.replace('incident 2', 'incident 3')
      await db.updateTable('ledger_entries').set({ payload: flipped }).where('number', '=', 7).execute()
    })
    const report = await checked(place)
    expect([told(report), report.readable]).toEqual([
      [
        ['bad-signature', 7],
        ['altered-statement', 7],
      ],
      10,
    ])
  })

  // a database server's files are not ours to read
  if (!ON_POSTGRES)
    it('a file that was cut short', async () => {
      const place = await tenStatements()
      for (let at = 0; at < 200; at++) await place.record({ event: 'incident', model: a, text: 'again '.repeat(200) })
      const path = join(place.location, 'estate.sqlite')
      truncateSync(path, Math.floor(statSync(path).size * 0.7))
      const report = await checked(place)
      expect(report.faults.map(({ code }) => code)).toContain('database-damaged')
      expect(report.faults.map(({ code }) => code)).toContain('unreadable-statement')
      expect([report.size, report.readable > 0, report.readable < 211]).toEqual([211, true, true])
    })

  it('another time of entry', async () => {
    const place = await tenStatements()
    await tamper(place, (db) =>
      db.updateTable('ledger_entries').set({ time: '2026-01-01T02:30:00.000Z' }).where('number', '=', 7).execute(),
    )
    expect(told(await checked(place))).toEqual([['altered-statement', 7]])
  })

  it('swapped signatures', async () => {
    const place = await tenStatements()
    await tamper(place, async (db) => {
      const { signatures } = await rowOf(db, 8)
      await db.updateTable('ledger_entries').set({ signatures }).where('number', '=', 7).execute()
    })
    expect(told(await checked(place))).toEqual([
      ['bad-signature', 7],
      ['altered-statement', 7],
    ])
  })

  it('a removed statement', async () => {
    const place = await tenStatements()
    await tamper(place, (db) => db.deleteFrom('ledger_entries').where('number', '=', 7).execute())
    const report = await checked(place)
    expect([told(report)[0], report.readable]).toEqual([['missing-statement', 7], 10])
  })

  it('two statements that changed places', async () => {
    const place = await tenStatements()
    await tamper(place, async (db) => {
      const [one, two] = [await rowOf(db, 7), await rowOf(db, 8)]
      await db
        .updateTable('ledger_entries')
        .set({ ...two, number: 7 })
        .where('number', '=', 7)
        .execute()
      await db
        .updateTable('ledger_entries')
        .set({ ...one, number: 8 })
        .where('number', '=', 8)
        .execute()
    })
    expect((await checked(place)).faults).toEqual([
      { code: 'reordered-statement', at: 7, detail: '8' },
      { code: 'reordered-statement', at: 8, detail: '7' },
    ])
  })

  it('a damaged tree', async () => {
    const place = await tenStatements()
    await tamper(place, async (db) => {
      const tile = await db.selectFrom('ledger_tiles').selectAll().executeTakeFirstOrThrow()
      const hashes = new Uint8Array(tile.hashes)
      hashes[7 * 32] = hashes[7 * 32]! ^ 1
      await db
        .updateTable('ledger_tiles')
        .set({ hashes: Buffer.from(hashes) })
        .execute()
    })
    expect(told(await checked(place))).toEqual([['damaged-tree', 7]])
  })

  it('a log rolled back behind a checkpoint kept elsewhere', async () => {
    const place = await tenStatements()
    const kept = { path: 'kept', text: (await latestNote(place.location)).text }
    await tamper(place, async (db) => {
      for (const table of ['ledger_entries', 'ledger_tiles', 'ledger_checkpoints', 'ledger_head'] as const)
        await db.deleteFrom(table).execute()
      await db.deleteFrom('entry_topics').execute()
      await db.deleteFrom('topics').execute()
    })
    await place.record({ event: 'incident', model: 'declared:x/y@1', text: 'made up' })
    expect(told(await checked(place, [kept])).filter(([code]) => code === 'rolled-back')).toEqual([
      ['rolled-back', 11],
      ['rolled-back', 11],
    ])
  })

  it('a fork of the log that a checkpoint kept elsewhere is of', async () => {
    const [place, other] = [await tenStatements(), await tenStatements()]
    const kept = { path: 'kept', text: (await latestNote(other.location)).text }
    expect(told(await checked(place, [kept]))).toEqual([['unknown-checkpoint', 11]])
  })

  it('a checkpoint with the log’s own key over another history', async () => {
    const place = await tenStatements()
    const kept = { path: 'kept', text: (await latestNote(place.location)).text }
    await tamper(place, async (db) => {
      const { payload } = await rowOf(db, 7)
      const changed = payload.replace('incident 2', 'incident 9')
      await db.deleteFrom('ledger_entries').where('number', '>=', 7).execute()
      await db.deleteFrom('entry_topics').where('entry', '>=', 7).execute()
      await db.deleteFrom('ledger_checkpoints').where('size', '>', 7).execute()
      await db.updateTable('ledger_head').set({ size: 7 }).execute()
      const tile = await db.selectFrom('ledger_tiles').selectAll().executeTakeFirstOrThrow()
      const hashes = Buffer.from(new Uint8Array(tile.hashes).subarray(0, 7 * 32))
      await db.updateTable('ledger_tiles').set({ hashes }).execute()
      if (changed === payload) throw new Error('nothing changed')
    })
    for (let at = 0; at < 4; at++) await place.record({ event: 'incident', model: a, text: `rewritten ${at}` })
    expect(told(await checked(place, [kept]))).toContainEqual(['forked', 11])
  })

  it('a forged checkpoint', async () => {
    const place = await tenStatements()
    await tamper(place, async (db) => {
      const row = await db.selectFrom('ledger_checkpoints').selectAll().where('size', '=', 9).executeTakeFirstOrThrow()
      const note = row.note.replace(/\n([A-Za-z0-9+/]{43}=)\n/, `\n${Buffer.alloc(32, 1).toString('base64')}\n`)
      await db.updateTable('ledger_checkpoints').set({ note }).where('size', '=', 9).execute()
    })
    expect(told(await checked(place))).toEqual([['bad-checkpoint', 9]])
  })

  it('a key that nobody knows', async () => {
    const place = await tenStatements()
    const stranger = await tenStatements()
    await tamper(place, async (db) => {
      const database = await openDatabase(stranger.location)
      const { payload, signatures } = await database.read((other) => rowOf(other, 7))
      await database.close()
      await db.updateTable('ledger_entries').set({ payload, signatures }).where('number', '=', 7).execute()
    })
    expect(told(await checked(place))).toContainEqual(['unknown-key', 7])
  })

  it('an expired key', async () => {
    const place = await tenStatements()
    const key = { name: 'brief', actor: 'Vendor', expires: '2026-01-01', protect: null }
    await newKey(key, place.location, place.signing)
    for (let hour = 0; hour < 48; hour++) place.step()
    await place.record({ event: 'incident', model: a, text: 'late', key: 'brief' })
    expect(told(await checked(place))).toEqual([['expired-key', 12]])
  })

  it('a replayed receipt', async () => {
    const place = await tenStatements()
    await newKey({ name: 'bank', actor: 'Bank', protect: null }, place.location, place.signing)
    await newKey({ name: 'vendor', actor: 'Vendor', protect: null }, place.location, place.signing)
    const offer = { event: 'handed-over' as const, model: a, to: 'Bank', key: 'vendor' }
    const { envelopes } = await place.record(offer)
    const signed = signedFrom(envelope.parse(JSON.parse(envelopes[0]!)))!
    const both = countersigned(signed, writerNamed(place.location, 'bank', place.signing).key)
    const statement = statementFrom(both.payload)
    if (typeof statement === 'string') throw new Error(statement)
    await place.work((estate) => estate.enter(() => [draftOf(statement, both), draftOf(statement, both)]))
    expect((await checked(place)).faults).toEqual([{ code: 'replayed-receipt', at: 15, detail: '14' }])
  })

  it('an index that lacks a statement', async () => {
    const place = await tenStatements()
    await tamper(place, (db) => db.deleteFrom('entry_topics').where('entry', '=', 7).execute())
    expect(told(await checked(place))).toEqual([['index-mismatch', null]])
  })
})
