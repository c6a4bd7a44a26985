import { describe, expect, it } from 'vitest'
import { recordCharter } from '../../src/app/charter.ts'
import { makeDossier } from '../../src/app/dossier.ts'
import { dossier as schema } from '../../src/contract/dossier.ts'
import { signedFrom } from '../../src/ledger/dsse.ts'
import { leafOf } from '../../src/ledger/journal.ts'
import { verifyInclusion } from '../../src/ledger/proof.ts'
import { renderDossierPage } from '../../src/report/dossier-page.ts'
import { translator } from '../../src/report/language.ts'
import { yukue } from '../builders/command.ts'
import { relation } from '../builders/estate.ts'
import { folder } from '../builders/folder.ts'
import { a, b, type LedgerPlace, ledgerPlace } from '../builders/ledger.ts'

async function estate(): Promise<LedgerPlace> {
  const place = await ledgerPlace()
  await place.scan({ '/models/a': a, '/run/b': b }, { lineage: { relations: [relation(b, a)], lookAlikes: [] } })
  await place.record({ event: 'claimed', model: a, claims: ['licence=apache-2.0'] })
  await place.record({ event: 'handed-over', model: b, to: 'Bank <plc>' })
  await place.record({
    event: 'deployed',
    model: b,
    site: 'loans',
    purpose: 'credit scoring',
    actor: 'Bank <plc>',
    place: '/run/b',
  })
  await place.record({ event: 'evaluated', model: b, suite: 'safety-1', metrics: ['passed=1'] })
  await place.record({ event: 'incident', model: a, text: '<script>alert(1)</script>' })
  const head = {
    schema: 'yukue.charter/1',
    name: 'loans',
    models: [a],
    accountable: 'Head of Risk',
    changes: { allowed: [] },
  }
  await recordCharter({ path: 'c.yaml', text: JSON.stringify(head) }, {}, place.location, place.signing)
  return place
}

const made = (place: LedgerPlace, subject = b, language: 'en' | 'ja' = 'en') =>
  makeDossier({ subject, language, t: translator(language), now: place.signing.now }, place.location)

const linesOf = ({ parts }: Awaited<ReturnType<typeof made>>) =>
  parts.flatMap(({ sections }) => sections.flatMap(({ lines }) => lines))

describe('a dossier', () => {
  it('keeps to its contract', async () => {
    expect(schema.safeParse(await made(await estate())).error).toBeUndefined()
  })

  it('links every line of the record to statements that stand in it', async () => {
    const dossier = await made(await estate())
    const known = new Set(dossier.statements.map(({ number }) => number))
    const lines = linesOf(dossier)
    expect(lines.length).toBeGreaterThan(20)
    expect(
      lines.filter(({ statements }) => statements.length === 0 || statements.some((number) => !known.has(number))),
    ).toEqual([])
  })

  it('proves every statement against the checkpoint’s root', async () => {
    const { statements, log } = await made(await estate())
    const root = Buffer.from(log.root, 'base64')
    const unproven = statements.filter(({ number, time, envelope, proof }) => {
      const signed = signedFrom(envelope)
      const leaf = leafOf(signed!, time)
      const hashes = proof.map((hash) => Buffer.from(hash, 'base64'))
      return !verifyInclusion({ index: number, size: log.size, leaf, root }, hashes)
    })
    expect(unproven).toEqual([])
  })

  it('names what is missing under its heading, and fills nothing in', async () => {
    const { parts } = await made(await estate())
    const conformity = parts[0]!.sections.find(({ id }) => id === '8')
    expect([conformity?.lines, conformity?.gaps.length]).toEqual([[], 1])
  })

  it('has no section without lines or gaps', async () => {
    const { parts } = await made(await estate())
    const empty = parts.flatMap(({ sections }) =>
      sections.filter(({ lines, gaps }) => lines.length + gaps.length === 0),
    )
    expect(empty).toEqual([])
  })

  it('holds every verdict of the check, those of charters among them', async () => {
    const { check, charters } = await made(await estate())
    const departs = check.rules.filter(({ verdict }) => verdict === 'departs').map(({ id }) => id)
    expect([departs.includes('charter/loans/changes'), charters.length]).toEqual([true, 1])
  })

  it('of a site is about the models there', async () => {
    const { site, models } = await made(await estate(), 'loans')
    expect([site, models.map(({ id }) => id)]).toEqual(['loans', [b]])
  })

  it('of nobody known is refused', async () => {
    await expect(made(await estate(), 'nobody')).rejects.toMatchObject({ fault: { code: 'no-dossier-subject' } })
  })
})

describe('the page of a dossier', () => {
  const page = async (language: 'en' | 'ja' = 'en') => {
    const place = await estate()
    const t = translator(language)
    return renderDossierPage(await made(place, b, language), { t, language, generated: '2026', version: '1' })
  }

  it('escapes what the record contains, and lets nothing run', async () => {
    const text = await page()
    expect([text.includes('<script'), text.includes('Bank <plc>'), text.includes("default-src 'none'")]).toEqual([
      false,
      false,
      true,
    ])
  })

  it('links to no row that is not there', async () => {
    const text = await page()
    const targets = [...text.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id!)
    const ids = new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!))
    expect([targets.length > 20, targets.filter((id) => !ids.has(id))]).toEqual([true, []])
  })

  it('is in Japanese down to its headings', async () => {
    const headings = [...(await page('ja')).matchAll(/<h[23][^>]*>([^<]*)</g)].map(([, heading]) => heading!)
    expect(headings.filter((heading) => !/[\u3040-\u30ff\u4e00-\u9fff]/.test(heading))).toEqual([])
  })
})

it('the command writes page and JSON, and leaves files that are there alone', async () => {
  const place = await estate()
  const cwd = folder({})
  const run = () =>
    yukue(['dossier', 'site:loans', '--estate', place.location, '--html', 'd.html', '-o', 'd.json'], { cwd })
  expect([(await run()).code, (await run()).code]).toEqual([0, 2])
})
