import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import Libsql from 'libsql'
import { describe, expect, it } from 'vitest'
import { EstateError } from '../../src/store/estate-error.ts'
import { idOf, knownFile, scanOf, temporaryEstate, temporaryFolder } from '../builders/estate.ts'

const fileOf = (folder: string) => join(folder, 'estate.sqlite')

function startWriter(folder: string, name: string, scans: number) {
  const script = fileURLToPath(new URL('writer.mjs', import.meta.url))
  return spawn(process.execPath, [script, folder, name, `${scans}`], { stdio: ['ignore', 'pipe', 'inherit'] })
}

/** The error that opening the estate in `folder` gives. */
async function openingError(folder: string): Promise<EstateError> {
  const error = await temporaryEstate(folder, 0.3).catch((reason) => reason)
  if (!(error instanceof EstateError)) throw new Error('It opened, or failed otherwise.', { cause: error })
  return error
}

describe('an estate', () => {
  it('makes its folder for its owner only', async () => {
    const folder = join(temporaryFolder(), '.yukue')
    await temporaryEstate(folder)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
  })

  it('knows after reopening what it knew before', async () => {
    const folder = temporaryFolder()
    const estate = await temporaryEstate(folder)
    await estate.recordScan(scanOf({ '/models/a': idOf('a') }))
    expect((await (await temporaryEstate(folder)).allPrintHeads()).map(({ id }) => id)).toEqual([idOf('a')])
  })

  it('waits until a writer of the same process is done', async () => {
    const folder = temporaryFolder()
    const [one, two] = [await temporaryEstate(folder), await temporaryEstate(folder)]
    const files = (name: string) => Array.from({ length: 5_000 }, (_, index) => knownFile(`/models/${name}${index}`))
    await Promise.all([one.rememberFiles(files('one')), two.rememberFiles(files('two'))])
    expect((await one.knownFiles('/models')).size).toBe(10_000)
  })

  it('says so when another process does not let go of it', async () => {
    const folder = temporaryFolder()
    const estate = await temporaryEstate(folder, 0.3)
    const holder = new Libsql(fileOf(folder))
    holder.exec('begin immediate')
    const error = await estate.rememberFiles([knownFile('/a')]).catch((reason) => reason)
    holder.close()
    expect(error).toMatchObject({ code: 'estate-busy', path: fileOf(folder) })
  })

  it('can be read while another process writes', async () => {
    const folder = temporaryFolder()
    const estate = await temporaryEstate(folder, 0.3)
    const holder = new Libsql(fileOf(folder))
    holder.exec('begin immediate')
    const heads = await estate.allPrintHeads()
    holder.close()
    expect(heads).toEqual([])
  })

  it('of a newer version is left alone', async () => {
    const folder = temporaryFolder()
    await (await temporaryEstate(folder)).scans()
    const newer = new Libsql(fileOf(folder))
    newer.exec("insert into kysely_migration values ('9999-later', '2030-01-01')")
    newer.close()
    expect(await openingError(folder)).toMatchObject({ code: 'estate-newer', path: fileOf(folder) })
  })

  it('in a place where nothing can be made is unusable', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'file'), '')
    expect((await openingError(join(folder, 'file'))).code).toBe('estate-unusable')
  })
})

describe('a damaged estate', () => {
  it('that is no database says which file to move away', async () => {
    const folder = temporaryFolder()
    writeFileSync(fileOf(folder), 'not a database '.repeat(1_000))
    const error = await openingError(folder)
    expect([error.code, error.message.includes(fileOf(folder))]).toEqual(['estate-corrupt', true])
  })

  it('that was cut short says so', async () => {
    const folder = temporaryFolder()
    const estate = await temporaryEstate(folder)
    await estate.rememberFiles(Array.from({ length: 2_000 }, (_, index) => knownFile(`/models/${index}`)))
    await estate.close()
    truncateSync(fileOf(folder), 8_192)
    expect((await openingError(folder)).code).toBe('estate-corrupt')
  })

  it('says so also when the damage shows only later', async () => {
    const folder = temporaryFolder()
    const estate = await temporaryEstate(folder)
    await estate.rememberFiles(Array.from({ length: 2_000 }, (_, index) => knownFile(`/models/${index}`)))
    await estate.close()
    const bytes = readFileSync(fileOf(folder))
    writeFileSync(fileOf(folder), bytes.fill(0xff, bytes.length - 40 * 4_096))
    const damaged = await temporaryEstate(folder)
    await expect(damaged.knownFiles('/models')).rejects.toMatchObject({ code: 'estate-corrupt' })
  })
})

describe('two processes', () => {
  it('write one estate at the same time, and nothing is lost', async () => {
    const folder = temporaryFolder()
    const writers = ['one', 'two'].map((name) => startWriter(folder, name, 20))
    const codes = await Promise.all(writers.map(async (writer) => (await once(writer, 'close'))[0]))
    const scans = await (await temporaryEstate(folder)).scans()
    expect([codes, scans.length]).toEqual([[0, 0], 40])
  })
})

describe('a process killed while it writes', () => {
  it('leaves every acknowledged scan, and every scan whole', async () => {
    const folder = temporaryFolder()
    const writer = startWriter(folder, 'w', 100_000)
    let acknowledged = 0
    for await (const line of createInterface({ input: writer.stdout })) {
      if (line.startsWith('w ')) acknowledged++
      if (acknowledged === 30) writer.kill('SIGKILL')
    }
    const estate = await temporaryEstate(folder)
    const scans = (await estate.scans()).length
    const artifacts = (await estate.knownArtifacts('/w')).size
    expect([scans >= acknowledged, artifacts]).toEqual([true, scans * 10])
  })
})
