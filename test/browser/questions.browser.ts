import type { Locator, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { hasBrowser, settled, useBrowser, visit } from './visit.ts'

/** Clicks of somebody who has never seen the pages. Typing a name into a search field that is in view is no click. */
class Visitor {
  readonly page: Page
  clicks = 0

  constructor(page: Page) {
    this.page = page
  }

  async click(target: Locator): Promise<void> {
    await target.click()
    this.clicks++
    await settled(this.page)
  }
}

const navigation = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name })

describe.skipIf(!hasBrowser)('within five clicks somebody learns', () => {
  useBrowser()

  it('where the copies of a model are', async () => {
    const visitor = new Visitor(await visit('/'))
    const { page } = visitor
    await visitor.click(navigation(page, 'Estate'))
    await page.getByRole('searchbox').fill('assistant-q8')
    await page.getByRole('status').getByText('1 model', { exact: true }).waitFor()
    await visitor.click(page.getByRole('main').getByRole('link', { name: 'assistant-q8' }))
    const where = page.getByRole('region', { name: 'Where it is', exact: true })
    await where.getByText('bank/assistant-q8.gguf').waitFor()
    expect(await where.getByRole('link', { name: 'Bank plc' }).count()).toBe(1)
    expect(visitor.clicks).toBeLessThanOrEqual(5)
  })

  it('what was done to the one at a site', async () => {
    const visitor = new Visitor(await visit('/'))
    const { page } = visitor
    await visitor.click(navigation(page, 'Estate'))
    await visitor.click(page.getByRole('link', { name: 'Sites', exact: true }))
    await visitor.click(page.getByRole('main').getByRole('link', { name: 'mortgage-boston' }).first())
    const done = page.getByRole('region', { name: 'What was done to it' })
    await done.getByText('quantised, fine-tuned').waitFor()
    expect(visitor.clicks).toBeLessThanOrEqual(5)
  })

  it('whether it is fair to a group there, and how sure that is', async () => {
    const visitor = new Visitor(await visit('/'))
    const { page } = visitor
    await visitor.click(navigation(page, 'Estate'))
    await visitor.click(page.getByRole('link', { name: 'Sites', exact: true }))
    await visitor.click(page.getByRole('main').getByRole('link', { name: 'mortgage-boston' }).first())
    const row = page.getByRole('table', { name: 'Figures by afam' }).getByRole('row', { name: /^yes/ })
    await row.waitFor()
    // 71.7 % of 339 against 90.7 % of 2,041, by Katz 0.738 to 0.846: as of docs/impact.md, computed there from Munnell et al.
    expect(await row.innerText()).toMatch(/339\s+71\.7%\s+0\.79\s+0\.74 – 0\.85/)
    expect(visitor.clicks).toBeLessThanOrEqual(5)
  })

  it('what was changed in its answers, beside its weights', async () => {
    const visitor = new Visitor(await visit('/'))
    const { page } = visitor
    await visitor.click(navigation(page, 'Estate'))
    await visitor.click(page.getByRole('main').getByRole('link', { name: 'assistant-q8' }))
    await visitor.click(page.getByRole('link', { name: 'The whole comparison' }))
    const answers = page.getByRole('region', { name: 'In the answers' })
    await answers.getByText('29 of 400 answers changed.').waitFor()
    expect(visitor.clicks).toBeLessThanOrEqual(5)
  })

  it('what must be done, by whom and by when', async () => {
    const visitor = new Visitor(await visit('/'))
    const { page } = visitor
    await visitor.click(navigation(page, 'Duties'))
    const dated = page.getByRole('region', { name: 'With a day' }).getByRole('article').first()
    await dated.waitFor()
    expect(await dated.innerText()).toMatch(/by \w+ \d+, \d{4}|by \d+ \w+ \d{4}/)
    expect(await dated.innerText()).toMatch(/To do:[\s\S]*Answers for it: Model Risk, Bank plc/)
    expect(visitor.clicks).toBeLessThanOrEqual(5)
  })
})
