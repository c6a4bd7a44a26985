import { describe, expect, it } from 'vitest'
import { encodePrint } from '../../src/identify/print-file.ts'
import { decodePrint } from '../../src/identify/print-file-decode.ts'
import { idOf, temporaryEstate } from '../builders/estate.ts'
import { randomPrint } from '../builders/print.ts'

const a = idOf('a')

describe('a stored print', () => {
  it('comes back as the print it was', async () => {
    const estate = await temporaryEstate()
    const print = randomPrint(5)
    await estate.savePrint({ model: print.id, version: 1, origin: 'scanned', bytes: encodePrint(print) })
    const stored = await estate.print(print.id)
    expect(decodePrint(stored!.bytes, 'stored')).toEqual({ ok: true, print, name: null })
  })

  it('of more than one part comes back whole', async () => {
    const estate = await temporaryEstate()
    const bytes = new Uint8Array(65 * 1024 * 1024)
    for (let at = 0; at < bytes.length; at += 4_093) bytes[at] = at
    await estate.savePrint({ model: a, version: 1, origin: 'scanned', bytes })
    expect(Buffer.compare((await estate.print(a))!.bytes, bytes)).toBe(0)
  })

  it('gives way to a newer one', async () => {
    const estate = await temporaryEstate()
    await estate.savePrint({ model: a, version: 1, origin: 'scanned', bytes: new Uint8Array(9) })
    const newer = { model: a, version: 2, origin: 'scanned' as const, bytes: new Uint8Array([1]) }
    await estate.savePrint(newer)
    expect(await estate.print(a)).toEqual(newer)
  })

  it('read from weights does not give way to an imported one', async () => {
    const estate = await temporaryEstate()
    await estate.savePrint({ model: a, version: 1, origin: 'scanned', bytes: new Uint8Array([1]) })
    await estate.savePrint({ model: a, version: 1, origin: 'imported', bytes: new Uint8Array([2]) })
    expect((await estate.print(a))?.bytes).toEqual(new Uint8Array([1]))
  })

  it('is null for a model without one', async () => {
    const estate = await temporaryEstate()
    expect(await estate.print(a)).toBeNull()
  })
})
