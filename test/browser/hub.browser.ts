import { describe, expect, it } from 'vitest'
import { HUB, HUB_CHILDREN } from './estates.ts'
import { hasBrowser, useBrowser, visit } from './visit.ts'

describe.skipIf(!hasBrowser)(`the family of a model from which ${HUB_CHILDREN} were made`, () => {
  useBrowser()

  it('opens with a part of it, and shows more on request', async () => {
    const page = await visit('/', { at: 'hub' })
    const began = performance.now()
    await page.goto(`/models/${encodeURIComponent(HUB)}`)
    const graph = page.locator('.graph[data-nodes]')
    await graph.locator('.box.focus').waitFor()
    const opened = performance.now() - began
    const first = Number(await graph.getAttribute('data-nodes'))
    await page.getByRole('button', { name: /more related to hub/ }).click()
    await expect.poll(async () => Number(await graph.getAttribute('data-nodes'))).toBeGreaterThan(first)
    const grown = performance.now()
    await graph
      .getByRole('button', { name: /^made-/ })
      .first()
      .click()
    await page.locator('article.card', { hasText: 'made from hub' }).waitFor()
    const answered = performance.now() - grown
    process.stderr.write(
      `The graph of a hub with ${HUB_CHILDREN} descendants was open after ${opened.toFixed(0)} ms (from the address on); ` +
        `a click on a box was answered after ${answered.toFixed(0)} ms.\n`,
    )
  })

  it('can be read as a table', async () => {
    const page = await visit(`/models/${encodeURIComponent(HUB)}`, { at: 'hub' })
    await page.getByRole('button', { name: 'Table' }).click()
    await page.getByRole('table', { name: 'A relation a row' }).waitFor()
    expect(await page.getByRole('row').count()).toBeGreaterThan(10)
  })
})
