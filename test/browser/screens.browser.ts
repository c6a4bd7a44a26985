import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { api } from './api.ts'
import { hasBrowser, LANGUAGES, SIZES, settled, THEMES, useBrowser, visit } from './visit.ts'

const FOLDER = fileURLToPath(new URL('../../.cache/screenshots', import.meta.url))
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

interface Violation {
  id: string
  impact: string | null
  nodes: { html: string; failureSummary: string }[]
}

/** What axe-core finds of serious or critical impact, a line each. */
async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(await axeSource())
  const found = await page.evaluate("axe.run({ resultTypes: ['violations'] }).then((result) => result.violations)")
  return (found as Violation[])
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
    )
}

/** Run by the driver, which the content security policy does not concern. */
async function axeSource(): Promise<string> {
  const { readFile } = await import('node:fs/promises')
  return await readFile(AXE, 'utf8')
}

/** An address for each page, over the models of the story. */
async function addresses(): Promise<Record<string, string>> {
  const { parent, child } = await api.pair()
  const results = await api.results()
  const numberOf = (kind: string) => results.find((result) => result.kind === kind)?.number
  return {
    overview: '/',
    estate: '/estate',
    'estate-sites': '/estate?show=sites',
    'estate-actors': '/estate?show=actors',
    model: `/models/${encodeURIComponent(child)}`,
    'model-origin': `/models/${encodeURIComponent(parent)}`,
    site: '/sites/mortgage-boston',
    actor: '/actors/organisation%3ABank%20plc',
    change: `/change?parent=${encodeURIComponent(parent)}&child=${encodeURIComponent(child)}`,
    impact: '/impact',
    audit: `/impact/${numberOf('audit')}`,
    compare: `/impact/${numberOf('compare')}`,
    duties: '/duties',
    ledger: '/ledger',
    statement: '/ledger/5',
  }
}

/** Pages with forms behind their buttons, over the estate that is written to. */
const FORMS = {
  'form-model': '/models/assistant',
  'form-estate': '/estate',
  'form-impact': '/impact',
  'form-ledger': '/ledger',
}

describe.skipIf(!hasBrowser)('every page', () => {
  useBrowser()

  const looks = LANGUAGES.flatMap((language) =>
    THEMES.flatMap((theme) =>
      (Object.keys(SIZES) as (keyof typeof SIZES)[]).map((size) => ({ language, theme, size })),
    ),
  )

  it.each(looks)('reads without a serious finding in $language, $theme, $size', async (look) => {
    mkdirSync(FOLDER, { recursive: true })
    const findings: string[] = []
    const page = await visit('/', look)
    for (const [name, address] of Object.entries(await addresses())) {
      await page.goto(address)
      await settled(page)
      await page.screenshot({
        path: join(FOLDER, `${name}-${look.language}-${look.theme}-${look.size}.png`),
        fullPage: true,
      })
      findings.push(...(await seriousFindings(page)).map((finding) => `${name}: ${finding}`))
    }
    expect(findings).toEqual([])
  })

  it.each(looks)('and every form reads so in $language, $theme, $size', async (look) => {
    const page = await visit('/', { ...look, at: 'written', as: 'steward' })
    const findings: string[] = []
    for (const [name, address] of Object.entries(FORMS)) {
      await page.goto(address)
      await settled(page)
      const openers = page.locator('main button[aria-expanded]')
      for (const opener of await openers.all()) await opener.click()
      await page.locator('main form').last().waitFor()
      await settled(page)
      const path = join(FOLDER, `${name}-${look.language}-${look.theme}-${look.size}.png`)
      await page.screenshot({ path, fullPage: true })
      findings.push(...(await seriousFindings(page)).map((finding) => `${name}: ${finding}`))
      const width = (await page.evaluate('document.documentElement.scrollWidth')) as number
      if (width > SIZES[look.size].width) findings.push(`${name}: ${width} wide`)
    }
    expect(findings).toEqual([])
  })

  it('is no wider than a phone', async () => {
    const page = await visit('/', { size: 'phone' })
    const wide: string[] = []
    for (const [name, address] of Object.entries(await addresses())) {
      await page.goto(address)
      await settled(page)
      const width = (await page.evaluate('document.documentElement.scrollWidth')) as number
      if (width > SIZES.phone.width) wide.push(`${name}: ${width}`)
    }
    expect(wide).toEqual([])
  })
})
