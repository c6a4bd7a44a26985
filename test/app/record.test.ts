import { describe, expect, it } from 'vitest'
import { newKey, showKeys, trustKey } from '../../src/app/key.ts'
import { takeReceipt } from '../../src/app/receipt.ts'
import { trace } from '../../src/app/trace.ts'
import { verifiedOnly } from '../../src/app/verified-only.ts'
import { relation } from '../builders/estate.ts'
import { a, b, c, type LedgerPlace, ledgerPlace } from '../builders/ledger.ts'

/** A vendor and a bank, each with a ledger and a key, who know each other's keys; the vendor has model `a`. */
async function twoParties() {
  const [vendor, bank] = [await ledgerPlace(), await ledgerPlace()]
  const keys = new Map<LedgerPlace, string>()
  for (const [place, name] of [
    [vendor, 'Vendor'],
    [bank, 'Bank'],
  ] as const) {
    await newKey({ name: name.toLowerCase(), actor: name, protect: null }, place.location, place.signing)
    const { own } = await showKeys(place.location)
    keys.set(place, own.find(({ name: file }) => file === name.toLowerCase())!.key)
  }
  const trust = (place: LedgerPlace, other: LedgerPlace, actor: string) =>
    trustKey({ key: keys.get(other)!, path: 'key', actor, use: 'signer' }, place.location, place.signing)
  await trust(vendor, bank, 'Bank')
  await trust(bank, vendor, 'Vendor')
  await vendor.scan({ '/models/a': a })
  return { vendor, bank }
}

async function offered(vendor: LedgerPlace, to = 'Bank'): Promise<string> {
  return (await vendor.record({ event: 'handed-over', model: a, to, key: 'vendor' })).envelopes[0]!
}

const accepted = async (bank: LedgerPlace, text: string) =>
  (await takeReceipt({ path: 'offer', text }, { key: 'bank' }, bank.location, bank.signing)).envelope

const faultOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error) => error.fault,
  )

describe('a hand-over', () => {
  it('that one end has signed is attested and not confirmed', async () => {
    const { vendor } = await twoParties()
    await offered(vendor)
    expect((await trace(a, vendor.location)).hops).toMatchObject([{ status: 'attested', confirmed: false }])
  })

  it('that both ends have signed is verified, at the giver’s', async () => {
    const { vendor, bank } = await twoParties()
    const text = await accepted(bank, await offered(vendor))
    await takeReceipt({ path: 'receipt', text }, {}, vendor.location, vendor.signing)
    expect((await trace(a, vendor.location)).hops).toMatchObject([{ status: 'verified', confirmed: true }])
  })

  it('that both ends have signed is verified, at the receiver’s', async () => {
    const { vendor, bank } = await twoParties()
    await accepted(bank, await offered(vendor))
    await bank.scan({ '/models/arrived': a })
    expect((await trace(a, bank.location)).hops).toMatchObject([{ status: 'verified', confirmed: true }])
  })

  it('never shows among verified facts with one signature', async () => {
    const { vendor } = await twoParties()
    await offered(vendor)
    expect(verifiedOnly(await trace(a, vendor.location)).hops).toEqual([])
  })

  it('signed twice by the giver is not confirmed', async () => {
    const { vendor } = await twoParties()
    await newKey({ name: 'second', actor: 'Vendor', protect: null }, vendor.location, vendor.signing)
    await vendor.record({ event: 'handed-over', model: a, from: 'Vendor', to: 'Bank', key: 'second' })
    expect((await trace(a, vendor.location)).hops).toMatchObject([{ status: 'attested', confirmed: false }])
  })

  it('names its holders', async () => {
    const { vendor, bank } = await twoParties()
    const text = await accepted(bank, await offered(vendor))
    await takeReceipt({ path: 'receipt', text }, {}, vendor.location, vendor.signing)
    const { holders = [] } = await trace(a, vendor.location, { holders: true })
    expect(holders.map(({ holder }) => holder.name).slice(0, 2)).toEqual(['Vendor', 'Bank'])
  })
})

describe('a receipt is refused', () => {
  it('when the giver’s key is not known', async () => {
    const { vendor } = await twoParties()
    const stranger = await ledgerPlace()
    await newKey({ name: 'bank', actor: 'Bank', protect: null }, stranger.location, stranger.signing)
    expect(await faultOf(accepted(stranger, await offered(vendor)))).toMatchObject({ why: 'unknown-giver' })
  })

  it('when the offer is for someone else', async () => {
    const { vendor, bank } = await twoParties()
    expect(await faultOf(accepted(bank, await offered(vendor, 'Other')))).toMatchObject({ why: 'not-for-you' })
  })

  it('when it was entered before', async () => {
    const { vendor, bank } = await twoParties()
    const offer = await offered(vendor)
    await accepted(bank, offer)
    expect(await faultOf(accepted(bank, offer))).toMatchObject({ why: 'replayed' })
  })

  it('when the offer was altered', async () => {
    const { vendor, bank } = await twoParties()
    const envelope = JSON.parse(await offered(vendor))
    const payload = Buffer.from(envelope.payload, 'base64').toString().replace(a.slice(7), b.slice(7))
    const text = JSON.stringify({ ...envelope, payload: Buffer.from(payload).toString('base64') })
    expect(await faultOf(accepted(bank, text))).toMatchObject({ why: 'bad-signature' })
  })

  it('when the model at hand is another', async () => {
    const { vendor, bank } = await twoParties()
    await bank.scan({ '/models/other': b })
    const file = { path: 'offer', text: await offered(vendor) }
    const taken = takeReceipt(file, { key: 'bank', model: b }, bank.location, bank.signing)
    expect(await faultOf(taken)).toMatchObject({ why: 'other-model' })
  })

  it('when it comes back to a log that made no such offer', async () => {
    const { vendor, bank } = await twoParties()
    const other = await twoParties()
    const text = await accepted(bank, await offered(vendor))
    const taken = takeReceipt({ path: 'receipt', text }, {}, other.vendor.location, other.vendor.signing)
    expect(await faultOf(taken)).toMatchObject({ why: 'no-offer' })
  })
})

describe('a claimed base', () => {
  const family = async () => {
    const place = await ledgerPlace()
    const lineage = { relations: [relation(b, a)], lookAlikes: [] }
    await place.scan({ '/models/a': a, '/models/b': b, '/models/c': c }, { lineage })
    return place
  }
  const claimed = async (base: string) => {
    const place = await family()
    await place.record({ event: 'claimed', model: b, claims: [`base=${base}`] })
    return trace(b, place.location)
  }

  it('that the weights confirm is verified', async () => {
    expect((await claimed('model aa')).claims).toMatchObject([{ status: 'verified', measured: a }])
  })

  it('that the weights contradict is disputed', async () => {
    expect((await claimed('model cc')).claims).toMatchObject([{ status: 'disputed', measured: null }])
  })

  it('that is disputed never shows among verified facts', async () => {
    expect(verifiedOnly(await claimed('model cc')).claims).toEqual([])
  })

  it('that nobody here has seen is somebody’s word', async () => {
    expect((await claimed('elsewhere/unknown')).claims).toMatchObject([{ status: 'attested', measured: null }])
  })
})

it('A person’s name stays off the log', async () => {
  const place = await ledgerPlace()
  await place.scan({ '/models/a': a })
  await place.record({ event: 'received', model: a, from: 'person:Jane Doe' })
  const payloads = await place.work(async (estate) => {
    const entries = await estate.entries(0, 100)
    return entries.map(({ signed }) => signed.payload)
  })
  expect([
    payloads.some((payload) => payload.includes('Jane')),
    (await trace(a, place.location)).hops[0]?.from?.name,
  ]).toEqual([false, 'Jane Doe'])
})

it('A hosted model has custody, sites and incidents without bytes', async () => {
  const place = await ledgerPlace()
  const model = 'declared:provider/assistant@2026-01'
  await place.record({ event: 'deployed', model, site: 'desk', purpose: 'answers' })
  await place.record({ event: 'incident', model, text: 'personal data in answers' })
  const report = await trace(model, place.location)
  expect([report.model.parameters, report.sites.length, report.incidents.length]).toEqual([null, 1, 1])
})

it('A deployment of a descendant shows in the trace of its parent', async () => {
  const place = await ledgerPlace()
  await place.scan({ '/models/a': a, '/models/b': b }, { lineage: { relations: [relation(b, a)], lookAlikes: [] } })
  await place.record({ event: 'deployed', model: b, site: 'loans' })
  expect((await trace(a, place.location)).sites).toMatchObject([{ site: 'loans', model: b, status: 'attested' }])
})
