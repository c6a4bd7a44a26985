import { type Browser, chromium as engine, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest'

export const SIZES = { wide: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } } as const
export const THEMES = ['light', 'dark'] as const
export const LANGUAGES = ['en', 'ja'] as const

export interface Look {
  language?: (typeof LANGUAGES)[number]
  theme?: (typeof THEMES)[number]
  size?: keyof typeof SIZES
  /** Which server: the story's unless told. */
  at?: 'story' | 'hub' | 'written'
  /** Whose token opens the page; nobody’s unless told. */
  as?: 'reader' | 'recorder' | 'steward'
  /** Refusals that the page is to show: the browser counts every answer of 400 and above as an error of the console. */
  refusals?: readonly number[]
}

/** Whether there is a browser to test in. */
export const hasBrowser = inject('chromium') !== null

let browser: Browser | null = null
const open: { page: Page; faults: string[] }[] = []

/** Pages of one browser; whatever went wrong in one of them fails the test that opened it. */
export function useBrowser(): void {
  beforeAll(async () => {
    const executablePath = inject('chromium')
    if (executablePath === null) return
    browser = await engine.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
  })
  afterEach(async () => {
    const faults = open.flatMap((opened) => opened.faults)
    for (const { page } of open.splice(0)) await page.context().close()
    expect(faults).toEqual([])
  })
  afterAll(async () => {
    await browser?.close()
  })
}

/** A page of its own, as somebody sees it who comes for the first time. */
export async function visit(path: string, look: Look = {}): Promise<Page> {
  const { language = 'en', theme = 'light', size = 'wide', at = 'story', as, refusals = [] } = look
  const context = await browser!.newContext({
    baseURL: inject(at),
    viewport: SIZES[size],
    locale: language === 'ja' ? 'ja-JP' : 'en-GB',
    colorScheme: theme,
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  const faults: string[] = []
  open.push({ page, faults })
  // violations of the content security policy are errors of the console too
  page.on('console', (message) => {
    const isMeant = refusals.some((status) => message.text().includes(`status of ${status} `))
    if (message.type() === 'error' && !isMeant) faults.push(`${path}: ${message.text()}`)
  })
  page.on('pageerror', (error) => faults.push(`${path}: ${error.message}`))
  page.on('dialog', async (dialog) => {
    faults.push(`${path}: a dialog says ${dialog.message()}`)
    await dialog.dismiss()
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(inject(at))) faults.push(`${path}: asks ${request.url()}`)
  })
  await page.goto(as === undefined ? path : `${path}#token=${inject('tokens')[as]}`)
  await settled(page)
  return page
}

/** Until nothing is on its way any more, in what the page asks and in what it says. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle')
  await page.getByRole('heading', { level: 1 }).first().waitFor()
}
