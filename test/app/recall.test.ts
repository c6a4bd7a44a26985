import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { recall } from '../../src/app/recall.ts'
import { recallReport } from '../../src/contract/recall.ts'
import { yukue } from '../builders/command.ts'
import { relation } from '../builders/estate.ts'
import { a, b, c, type LedgerPlace, ledgerPlace } from '../builders/ledger.ts'

/** a → b → c; the bank has b, the shop uses c; a has an incident. */
async function struck(): Promise<LedgerPlace> {
  const place = await ledgerPlace()
  const lineage = { relations: [relation(b, a), relation(c, b)], lookAlikes: [] }
  await place.scan({ '/models/a': a, '/models/b': b, '/models/c': c }, { lineage })
  await place.record({ event: 'handed-over', model: b, to: 'Bank plc' })
  await place.record({ event: 'deployed', model: c, site: 'loans', actor: 'Shop GmbH' })
  await place.record({ event: 'incident', model: a, text: 'leak <b>', severity: 'high' })
  place.step()
  return place
}

const recalled = (place: LedgerPlace, more: Partial<Parameters<typeof recall>[0]> = {}) =>
  recall({ model: a, notified: [], language: 'en', ...more }, place.location, place.signing)

const told = ({ holders }: Awaited<ReturnType<typeof recall>>) =>
  holders.map(({ holder, notices }) => [holder.name, notices.every((notice) => notice.told !== null)])

describe('a recall', () => {
  it('lists everyone who has the model or what was made from it, with the path that connects them', async () => {
    const { holders } = await recalled(await struck())
    expect(holders.map(({ holder, holdings }) => [holder.name, holdings[0]?.path.map(({ id }) => id)])).toEqual([
      ['Bank plc', [a, b]],
      ['Shop GmbH', [a, b, c]],
    ])
  })

  it('shows who has been told and who has not', async () => {
    const place = await struck()
    await recalled(place, { notified: ['Bank plc'] })
    expect(told(await recalled(place))).toEqual([
      ['Bank plc', true],
      ['Shop GmbH', false],
    ])
  })

  it('enters a notice once, however often it is told', async () => {
    const place = await struck()
    const first = await recalled(place, { notified: ['Bank plc', 'Shop GmbH'] })
    const again = await recalled(place, { notified: ['Bank plc'] })
    expect([first.entered.length, again.entered.length]).toEqual([2, 0])
  })

  it('asks for a new notice of a new incident', async () => {
    const place = await struck()
    await recalled(place, { notified: ['Bank plc', 'Shop GmbH'] })
    await place.record({ event: 'incident', model: a, text: 'another' })
    expect(told(await recalled(place))).toEqual([
      ['Bank plc', false],
      ['Shop GmbH', false],
    ])
  })

  it('enters nothing for somebody who is not on record as a holder', async () => {
    const place = await struck()
    const refused = recalled(place, { notified: ['Bank plc', 'Bank'] })
    await expect(refused).rejects.toMatchObject({ fault: { code: 'not-a-holder' } })
    expect(told(await recalled(place))[0]).toEqual(['Bank plc', false])
  })

  it('of a model without an incident is refused', async () => {
    await expect(recalled(await struck(), { model: b })).rejects.toMatchObject({ fault: { code: 'no-incident' } })
  })

  it('tells what was measured again since', async () => {
    const place = await struck()
    await place.record({ event: 'evaluated', model: b, suite: 'privacy' })
    const { holders } = await recalled(place)
    expect(holders.map(({ holdings }) => holdings[0]?.open.length)).toEqual([0, 1])
  })
})

describe('the letters of a recall', () => {
  const run = (place: LedgerPlace, ...more: string[]) =>
    yukue(['recall', a, '--estate', place.location, ...more], { cwd: place.folder })

  it('are one for each holder who has not been told, and name model, path and incident', async () => {
    const place = await struck()
    await recalled(place, { notified: ['Bank plc'] })
    const { code } = await run(place, '--letters', 'letters')
    const [name, ...others] = readdirSync(join(place.folder, 'letters'))
    const letter = readFileSync(join(place.folder, 'letters', name!), 'utf8')
    expect([code, name, others]).toEqual([1, 'Shop-GmbH.en.txt', []])
    expect(['leak <b>', c, 'model aa → model bb → model cc', 'loans'].filter((part) => !letter.includes(part))).toEqual(
      [],
    )
  })

  it('come in Japanese', async () => {
    const place = await struck()
    await run(place, '--letters', 'letters', '--lang', 'ja')
    const letter = readFileSync(join(place.folder, 'letters/Bank-plc.ja.txt'), 'utf8')
    expect(letter).toContain('Bank plc 御中')
  })

  it('are written all or none', async () => {
    const place = await struck()
    await run(place, '--letters', 'letters')
    await place.record({ event: 'handed-over', model: a, to: 'Another Ltd' })
    const { code } = await run(place, '--letters', 'letters')
    expect([code, existsSync(join(place.folder, 'letters/Another-Ltd.en.txt'))]).toEqual([2, false])
  })

  it('leave the exit code 0 once everyone has been told', async () => {
    const place = await struck()
    const { code, stdout } = await run(place, '--notified', 'Bank plc', '--notified', 'Shop GmbH', '--json')
    expect([code, recallReport.safeParse(JSON.parse(stdout)).error]).toEqual([0, undefined])
  })
})
