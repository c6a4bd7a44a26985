import { describe, expect, it } from 'vitest'
import { api } from './api.ts'
import { HOSTILE, HOSTILE_SCRIPT } from './estates.ts'
import { hasBrowser, settled, useBrowser, visit } from './visit.ts'

describe.skipIf(!hasBrowser)('the story of vendor, integrator and bank', () => {
  useBrowser()

  it('is told from the departure to the statement behind it', async () => {
    const page = await visit('/')
    const departures = page.getByRole('region', { name: 'Not as agreed' })
    await departures.getByText('fine-tuned').first().waitFor()
    await departures.getByRole('link', { name: 'assistant-q8' }).first().click()
    await settled(page)
    const journey = page.getByRole('region', { name: 'How it got there' })
    await journey.getByText('not confirmed').waitFor()
    await page.getByRole('region', { name: 'Passport' }).getByText('disputed').first().waitFor()
    await journey
      .getByRole('link', { name: /^statement/ })
      .first()
      .click()
    await settled(page)
    await page.getByText('The log’s key signed the checkpoint').waitFor()
    expect(await page.locator('[data-outcome]').count()).toBe(6)
    expect(await page.locator('[data-outcome="good"]').count()).toBe(6)
  })

  it('shows an altered statement for what it is', async () => {
    const page = await visit('/')
    await page.route('**/api/v1/statements/23', async (route) => {
      const answer = await route.fetch()
      const statement = (await answer.json()) as { envelope: { payload: string }; text: string }
      const said = Buffer.from(statement.envelope.payload, 'base64').toString()
      const payload = Buffer.from(said.replace('Bank plc', 'Bunk plc')).toString('base64')
      const text = statement.text.replace(statement.envelope.payload, payload)
      await route.fulfill({
        response: answer,
        json: { ...statement, text, envelope: { ...statement.envelope, payload } },
      })
    })
    await page.goto('/ledger/23')
    await page.getByText('does not hold').first().waitFor()
    const fallen = page.locator('li', { has: page.locator('[data-outcome="bad"]') })
    expect((await fallen.allInnerTexts()).join('\n')).toMatch(/signed by a key[\s\S]*leaf[\s\S]*leads from/)
  })

  it('shows names with markup in them as text', async () => {
    const { id } = await api.model(HOSTILE)
    const page = await visit(`/models/${encodeURIComponent(id)}`)
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(HOSTILE)
    await page.goto(`/sites/${encodeURIComponent(HOSTILE_SCRIPT)}`)
    await settled(page)
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(HOSTILE_SCRIPT)
    for (const address of ['/', '/estate', '/estate?show=sites', '/estate?show=actors', '/ledger', '/duties']) {
      await page.goto(address)
      await settled(page)
      expect(await page.locator('main img, main script').count()).toBe(0)
    }
  })

  it('is counted in words that fit the number', async () => {
    const page = await visit('/')
    await page.getByText('4 models or sites are not as agreed. What to do stands below.').waitFor()
    await page.getByRole('button', { name: '日本語' }).click()
    await page.getByText('取り決めどおりでないモデルまたは利用箇所が4件あります。').waitFor()
  })

  it('can be read by keyboard alone', async () => {
    const page = await visit('/')
    await page.keyboard.press('Tab')
    expect(await page.locator(':focus').innerText()).toBe('Skip to content')
    await page.keyboard.press('Enter')
    expect(await page.locator(':focus').getAttribute('id')).toBe('main')
  })

  it('changes its language and its colours, and remembers both', async () => {
    const page = await visit('/')
    await page.getByRole('button', { name: '日本語' }).click()
    await page.getByRole('heading', { name: '全体の状況' }).waitFor()
    await page.getByRole('button', { name: '配色' }).click()
    await page.getByRole('button', { name: '配色' }).click()
    await page.reload()
    await page.getByRole('heading', { name: '全体の状況' }).waitFor()
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
  })
})
