import { describe, expect, it } from 'vitest'
import { givenKey } from '../../src/app/given-keys.ts'
import { verifyPassport } from '../../src/app/verify-passport.ts'
import type { PassportReport } from '../../src/contract/passport.ts'
import { translator } from '../../src/report/language.ts'
import { renderPassportPage } from '../../src/report/passport-page.ts'
import { renderPassportText } from '../../src/report/passport-text.ts'
import { passportOf, vendor } from '../builders/passport.ts'

async function checked(): Promise<PassportReport> {
  const sender = await vendor()
  const trusted = new Set([givenKey({ path: 'key', text: sender.key }).id])
  return verifyPassport({ path: 'p', text: await passportOf(sender) }, { trusted, model: null }).report
}

const page = (report: PassportReport, language: 'en' | 'ja') =>
  renderPassportPage(report, { t: translator(language), language, version: '0' })

describe('the page of a passport', () => {
  it('says where the model is from, what is claimed, and what could not be checked', async () => {
    const html = page(await checked(), 'en')
    expect(html).toMatch(/Vendor Ltd → Bank plc[\s\S]*licence[\s\S]*mit[\s\S]*What could not be checked/)
  })

  it('is in Japanese, headings and verdict too', async () => {
    expect(page(await checked(), 'ja')).toMatch(/<html lang="ja">[\s\S]*判定[\s\S]*検証済み[\s\S]*確認できなかった点/)
  })

  it('runs and fetches nothing', async () => {
    const html = page(await checked(), 'en')
    expect([html.includes("default-src 'none'"), /<script|src=|@import|url\(/.test(html)]).toEqual([true, false])
  })

  it('escapes what a passport contains', async () => {
    const report = await checked()
    const [claim] = report.claims
    const hostile = { ...report, claims: [{ ...claim!, value: '<img onerror=x>\u202e' }] }
    expect(page(hostile, 'en')).toContain('&lt;img onerror=x&gt;⟨U+202E⟩')
  })

  it('repeats nothing of a passport that was altered', async () => {
    const report: PassportReport = {
      ...(await checked()),
      verdict: 'refused',
      faults: [{ code: 'broken-seal', at: null, detail: null }],
    }
    expect([page(report, 'en').includes('Vendor Ltd'), page(report, 'en').includes('digest that the seal')]).toEqual([
      false,
      true,
    ])
  })
})

it('the text of an altered passport names the fault and repeats none of its statements', async () => {
  const report: PassportReport = {
    ...(await checked()),
    verdict: 'refused',
    faults: [{ code: 'altered-statement', at: 3, detail: null }],
  }
  const text = renderPassportText(report, { t: translator('en'), width: 100, colour: false })
  expect([text.includes('Statement 3 is not the one'), text.includes('Vendor Ltd')]).toEqual([true, false])
})
