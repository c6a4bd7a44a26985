import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { backupEstate, restoreEstate } from '../../src/app/backup.ts'
import { fsck } from '../../src/app/fsck.ts'
import { trace } from '../../src/app/trace.ts'
import { temporaryFolder } from '../builders/estate.ts'
import { a, ledgerPlace } from '../builders/ledger.ts'

async function backedUp() {
  const place = await ledgerPlace()
  await place.scan({ '/models/a': a })
  await place.record({ event: 'received', model: a, from: 'Vendor' })
  const file = join(temporaryFolder(), 'backup')
  await backupEstate(file, place.location)
  return { place, file }
}

const faultOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error) => error.fault,
  )

describe('a backup', () => {
  it('restored tells what the estate told', async () => {
    const { place, file } = await backedUp()
    const other = await ledgerPlace()
    await restoreEstate(file, other.location)
    expect(await trace(a, other.location)).toEqual(await trace(a, place.location))
  })

  it('restored is whole', async () => {
    const { file } = await backedUp()
    const other = await ledgerPlace()
    await restoreEstate(file, other.location)
    expect((await fsck(other.location, { checkpoints: [], quick: false })).faults).toEqual([])
  })

  it('restored can be written to', async () => {
    const { file } = await backedUp()
    const other = await ledgerPlace()
    await restoreEstate(file, other.location)
    await other.record({ event: 'incident', model: a, text: 'later' })
    expect((await trace(a, other.location)).incidents.length).toBe(1)
  })

  it('of one kind of database goes into the other', async () => {
    const { place, file } = await backedUp()
    // a folder, whichever database the suite runs on
    const other = join(temporaryFolder(), 'sqlite')
    await restoreEstate(file, other)
    expect(await trace(a, other)).toEqual(await trace(a, place.location))
  })

  it.each([
    ['cut short', (text: string) => text.slice(0, Math.floor(text.length / 2))],
    ['with a letter changed', (text: string) => text.replace('Vendor', 'Bendor')],
    ['with a line missing', (text: string) => text.split('\n').toSpliced(3, 1).join('\n')],
  ])('%s is refused, and nothing restored', async (_, spoil) => {
    const { file } = await backedUp()
    writeFileSync(file, spoil(readFileSync(file, 'utf8')))
    const other = await ledgerPlace()
    expect(await faultOf(restoreEstate(file, other.location))).toMatchObject({ code: 'bad-file', what: 'backup' })
    expect((await fsck(other.location, { checkpoints: [], quick: true })).size).toBe(0)
  })

  it('does not overwrite an estate', async () => {
    const { place, file } = await backedUp()
    expect(await faultOf(restoreEstate(file, place.location))).toMatchObject({ code: 'estate-not-empty' })
  })

  it('does not overwrite a file', async () => {
    const { place, file } = await backedUp()
    expect(await faultOf(backupEstate(file, place.location))).toMatchObject({ code: 'cannot-write' })
  })
})
