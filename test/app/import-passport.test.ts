import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fsck } from '../../src/app/fsck.ts'
import { importPassport } from '../../src/app/import-passport.ts'
import { trustKey } from '../../src/app/key.ts'
import { makePassport } from '../../src/app/passport.ts'
import { trace } from '../../src/app/trace.ts'
import { CommandError } from '../../src/contract/command-error.ts'
import { locationOf } from '../builders/estate.ts'
import { folder } from '../builders/folder.ts'
import { passportOf, publicKey, vendor } from '../builders/passport.ts'
import { scanned } from '../builders/scan.ts'
import { weights } from '../builders/weights.ts'

const file = (text: string) => ({ path: 'chat.yukuepassport', text })

/** A receiver that believes the sender's log, and has taken over the passport. */
async function received() {
  const sender = await vendor()
  const text = await passportOf(sender)
  const root = folder({ 'chat.safetensors': weights(1) })
  const estate = await locationOf(join(root, '.yukue'))
  const log = publicKey(sender.root, 'estate')
  await trustKey({ key: log, path: 'key', actor: 'Vendor Ltd', use: 'log' }, estate)
  const done = await importPassport(file(text), [], estate)
  return { sender, text, root, estate, done }
}

describe('a passport taken over', () => {
  it('continues the trail, each statement under the name of its own log', async () => {
    const { estate, done } = await received()
    const { hops, log } = await trace('chat', estate)
    expect(hops.map((hop) => [hop.event, hop.log?.origin, hop.log?.origin === log?.origin])).toEqual([
      ['handed-over', done.log.origin, false],
    ])
  })

  it('has its signatures judged by the keys that the sender’s trusted log vouches for', async () => {
    const { estate } = await received()
    const { hops } = await trace('chat', estate)
    expect(hops[0]?.signatures).toMatchObject([{ result: 'good', actor: { name: 'Vendor Ltd' } }])
  })

  it('brings the print, so that what arrives is recognised', async () => {
    const { root, estate } = await received()
    const { report } = await scanned([root], { estate })
    expect((await trace('chat', estate)).model.id).toBe(report.models[0]!.id)
  })

  it('is not entered twice', async () => {
    const { estate, text, done } = await received()
    const again = await importPassport(file(text), [], estate)
    expect([again.entered, again.known]).toEqual([0, done.entered])
  })

  it('leaves the receiver’s log whole', async () => {
    const { estate } = await received()
    expect((await fsck(estate, { checkpoints: [], quick: false })).faults).toEqual([])
  })

  it('travels on in the receiver’s own passports', async () => {
    const { estate } = await received()
    const { text } = await makePassport({ model: 'chat', keys: [], leaveOut: [], prints: true, share: false }, estate)
    const third = await locationOf(join(folder({}), '.yukue'))
    const key = JSON.parse(text).keys.find((each: string) => each.startsWith('estate/'))
    await importPassport(file(text), [{ path: 'key', text: key }], third)
    expect((await trace('chat', third)).hops.map(({ event }) => event)).toEqual(['handed-over'])
  })

  it('is refused where no known key vouches for it', async () => {
    const text = await passportOf(await vendor())
    const estate = await locationOf(join(folder({}), '.yukue'))
    await expect(importPassport(file(text), [], estate)).rejects.toEqual(
      new CommandError({ code: 'refused-passport', path: 'chat.yukuepassport', why: 'not-vouched' }),
    )
  })

  it('is refused where it was altered', async () => {
    const sender = await vendor()
    const text = (await passportOf(sender)).replace('"name":"chat"', '"name":"chap"')
    const estate = await locationOf(join(folder({}), '.yukue'))
    await expect(importPassport(file(text), [{ path: 'key', text: sender.key }], estate)).rejects.toEqual(
      new CommandError({ code: 'refused-passport', path: 'chat.yukuepassport', why: 'faults' }),
    )
  })
})
