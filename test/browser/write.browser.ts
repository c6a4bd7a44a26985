import type { Page } from 'playwright-core'
import { describe, expect, inject, it } from 'vitest'
import { hasBrowser, settled, useBrowser, visit } from './visit.ts'

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

/** Opens the form behind a button of the page. */
async function opened(page: Page, name: string) {
  await button(page, name).click()
  const form = page.getByRole('form')
  await form.waitFor()
  return form
}

/** Follows the number of an acknowledged statement to its page. */
async function proven(page: Page): Promise<void> {
  await page
    .getByRole('status')
    .getByRole('link', { name: /^statement \d+/ })
    .first()
    .click()
  await settled(page)
  await page.getByText('The log’s key signed the checkpoint').waitFor()
  expect(await page.locator('[data-outcome="good"]').count()).toBe(6)
}

describe.skipIf(!hasBrowser)('whoever may record', () => {
  useBrowser()

  it('records a deployment, and sees its proof verified', async () => {
    const page = await visit('/models/assistant', { at: 'written', as: 'recorder' })
    await page.getByText('Signed in: recorder (recorder)').waitFor()
    const form = await opened(page, 'Record what happened')
    await form.getByLabel('What happened').selectOption('deployed')
    await form.getByLabel('Site').fill('loans')
    await form.getByLabel('By whom').fill('Bank plc')
    await form.getByLabel('Role').selectOption('deployer')
    await form.getByLabel('Purpose').fill('loan decisions')
    await button(page, 'Enter it in the log').click()
    await page.getByRole('status').getByText('Entered in the log').waitFor()
    await page.getByRole('region', { name: 'Where it is used' }).getByRole('link', { name: 'loans' }).waitFor()
    await proven(page)
    expect(await page.locator('pre').last().innerText()).toContain('"site": "loans"')
  })

  it('records by keyboard alone', async () => {
    const page = await visit('/models/assistant', { at: 'written', as: 'recorder' })
    await button(page, 'Record what happened').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('form').waitFor()
    expect(await page.locator(':focus').innerText()).toBe('Record what happened')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.type('Something went wrong')
    await page.keyboard.press('Tab')
    await page.keyboard.type('high')
    await page.keyboard.press('Tab')
    await page.keyboard.type('It gives an address when asked for a name.')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('status').getByText('Entered in the log').waitFor()
    expect(await page.locator(':focus').innerText()).toContain('Entered in the log')
  })

  it('is told at the field what is missing, before anything is sent', async () => {
    const page = await visit('/models/assistant', { at: 'written', as: 'recorder' })
    const form = await opened(page, 'Record what happened')
    await form.getByLabel('What happened').selectOption('handed-over')
    await button(page, 'Enter it in the log').click()
    await form.getByRole('alert').getByText('1 field needs another look.').waitFor()
    const field = form.getByLabel('To whom')
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    expect(await page.locator(':focus').getAttribute('name')).toBe('to')
    const described = (await field.getAttribute('aria-describedby'))!.split(' ').at(-1)!
    expect(await page.locator(`[id="${described}"]`).innerText()).toBe('This is needed.')
  })

  it('is told at the field what the server refuses, in the language of the page', async () => {
    const page = await visit('/models/assistant', { at: 'written', as: 'recorder', refusals: [422] })
    const form = await opened(page, 'Record what happened')
    await form.getByLabel('What happened').selectOption('evaluated')
    await form.getByLabel('By which suite').fill('mmlu')
    await form.getByLabel('Figures').fill('accuracy=high')
    await button(page, 'Enter it in the log').click()
    await form.getByText('“accuracy=high” is not taken here. It takes accuracy=0.91.').waitFor()
    expect(await page.locator(':focus').getAttribute('name')).toBe('metrics')
    expect(await form.getByLabel('Figures').inputValue()).toBe('accuracy=high')
  })

  it('hands in a log of decisions, and finds its impact page', async () => {
    const page = await visit('/impact', { at: 'written', as: 'recorder' })
    const form = await opened(page, 'Audit a log of decisions')
    await form.getByLabel('Log of decisions').setInputFiles(inject('papers').decisions)
    await form.getByRole('searchbox', { name: 'Model that decided' }).fill('screener')
    await form.getByRole('button', { name: /^screener/ }).click()
    await form.getByLabel('Site where it decided').fill('hiring')
    await form.getByLabel('Column of the decision').selectOption('approved')
    await form.getByLabel('Values that are favourable').fill('yes')
    await form.getByRole('checkbox', { name: 'sex' }).check()
    await button(page, 'Audit').click()
    await page.getByRole('link', { name: 'See the result' }).click()
    await settled(page)
    // 60 of 120 against 90 of 120; by Katz exp(ln(2/3) ± 1.96 √(1/60 − 1/120 + 1/90 − 1/120)), which is 0.54 to 0.82
    const row = page.getByRole('table', { name: 'Figures by sex' }).getByRole('row', { name: /^F/ })
    await row.waitFor()
    expect(await row.innerText()).toMatch(/120\s+50%\s+0\.67\s+0\.54 – 0\.82/)
  })

  it('is told what a log lacks before it is sent', async () => {
    const page = await visit('/impact', { at: 'written', as: 'recorder' })
    const form = await opened(page, 'Audit a log of decisions')
    await form.getByLabel('Log of decisions').setInputFiles(inject('papers').print)
    await button(page, 'Audit').click()
    await form.getByText('This is none of CSV, TSV').waitFor()
    await form.getByText('Name the column of the decision, or of a score.').waitFor()
    await form.getByRole('alert').getByText('3 fields need another look.').waitFor()
  })

  it('takes over a print', async () => {
    const page = await visit('/estate', { at: 'written', as: 'recorder' })
    const form = await opened(page, 'Take over a print')
    await form.getByLabel('Print file').setInputFiles(inject('papers').print)
    await button(page, 'Send').click()
    await page.getByRole('status').getByRole('link', { name: 'assistant-q8' }).click()
    await settled(page)
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('assistant-q8')
  })

  it('enters a statement that another signed, once', async () => {
    const page = await visit('/ledger', { at: 'written', as: 'recorder', refusals: [409] })
    const form = await opened(page, 'Enter a signed statement')
    await form.getByLabel('Statement').setInputFiles(inject('papers').statement)
    await button(page, 'Send').click()
    await page.getByRole('status').getByText('Entered in the log').waitFor()
    await button(page, 'Send another file').click()
    await form.getByLabel('Statement').setInputFiles(inject('papers').statement)
    await button(page, 'Send').click()
    await form.getByRole('alert').getByText('This statement stands in the log already.').waitFor()
  })

  it('is told that a file is no statement', async () => {
    const page = await visit('/ledger', { at: 'written', as: 'recorder' })
    const form = await opened(page, 'Enter a signed statement')
    await form.getByLabel('Statement').setInputFiles(inject('papers').decisions)
    await button(page, 'Send').click()
    await form.getByRole('alert').getByText('This is no envelope').waitFor()
  })
})

describe.skipIf(!hasBrowser)('whoever may only read', () => {
  useBrowser()

  const PAGES = ['/models/assistant', '/estate', '/impact', '/ledger', '/duties']
  const WRITING = /record|audit a log|take over|enter a signed/i

  it('sees no way to write', async () => {
    const page = await visit('/', { at: 'written', as: 'reader' })
    await page.getByText('Signed in: reader (reader)').waitFor()
    for (const address of PAGES) {
      await page.goto(address)
      await settled(page)
      expect([address, await page.getByRole('button', { name: WRITING }).count()]).toEqual([address, 0])
      expect([address, await page.getByRole('form').count()]).toEqual([address, 0])
    }
  })

  it('without a token sees none either, and how to sign in', async () => {
    const page = await visit('/models/assistant')
    expect(await page.getByRole('button', { name: WRITING }).count()).toBe(0)
    await page.getByRole('link', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })

  it('takes the dossier of a model and the report of an audit away', async () => {
    const page = await visit('/models/assistant')
    const [dossier] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Dossier (HTML)' }).click(),
    ])
    expect(dossier.suggestedFilename()).toBe('assistant.dossier.html')
    await page.goto('/impact')
    await page.getByRole('link', { name: 'Audit of decisions' }).first().click()
    const [report] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Report (HTML)' }).click(),
    ])
    expect(report.suggestedFilename()).toMatch(/^result-\d+\.html$/)
  })
})

describe.skipIf(!hasBrowser)('a session', () => {
  useBrowser()

  it('begins where one signs in, shows its role, and goes on where one was', async () => {
    const page = await visit('/ledger', { at: 'written', refusals: [401] })
    await page.getByLabel('Token').fill('yukue_wrong')
    await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').getByText('Token not accepted').waitFor()
    await page.getByLabel('Token').fill(inject('tokens').recorder)
    await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Ledger' }).waitFor()
    await page.getByText('Signed in: recorder (recorder)').waitFor()
    await button(page, 'Sign out').click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })

  it('leaves no token in the address, nor where a script could read it', async () => {
    const page = await visit('/', { at: 'written', as: 'recorder' })
    const readable = (await page.evaluate(
      'location.href + document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)',
    )) as string
    expect(readable).not.toContain('yukue_')
  })

  it('is of no use to a page of another origin', async () => {
    const page = await visit('/', { at: 'written', as: 'recorder' })
    const [cookie] = await page.context().cookies()
    const answer = await fetch(`${inject('written')}/api/v1/records`, {
      method: 'POST',
      headers: {
        cookie: `${cookie!.name}=${cookie!.value}`,
        origin: 'https://elsewhere.example',
        'content-type': 'application/json',
      },
      body: JSON.stringify({ event: 'retired', model: 'assistant' }),
    })
    expect(answer.status).toBe(403)
  })
})

describe.skipIf(!hasBrowser)('a steward', () => {
  useBrowser()

  it('records who was told of an incident', async () => {
    const page = await visit('/duties', { at: 'written', as: 'steward' })
    await page.getByRole('searchbox', { name: 'Which model' }).fill('assistant')
    await page.getByRole('button', { name: /^assistant / }).click()
    const form = await opened(page, 'Record who was told')
    await button(page, 'Enter it in the log').click()
    await form.getByText('Choose at least one.').waitFor()
    await form.getByRole('checkbox', { name: 'Bank plc' }).check()
    await form.getByLabel('How they were told').fill('by letter')
    await button(page, 'Enter it in the log').click()
    await page.getByRole('status').getByText('Entered in the log').waitFor()
    const row = page.getByRole('table', { name: 'Who has it' }).getByRole('row', { name: /^Bank plc/ })
    await row
      .getByRole('link', { name: /^statement/ })
      .first()
      .waitFor()
    await proven(page)
  })

  it('alone may do so', async () => {
    const page = await visit('/duties', { at: 'written', as: 'recorder' })
    await page.getByRole('searchbox', { name: 'Which model' }).fill('assistant')
    await page.getByRole('button', { name: /^assistant / }).click()
    await page.getByRole('heading', { name: 'Whom a recall of assistant reaches' }).waitFor()
    expect(await button(page, 'Record who was told').count()).toBe(0)
  })
})
