import { describe, expect, it } from 'vitest'
import { type Language, translator } from '../../src/report/language.ts'
import { renderScanPage } from '../../src/report/scan-page.ts'
import { hostileReport } from '../builders/hostile-report.ts'
import { largeReport, packagesReport, report } from '../builders/report.ts'

function page(given = packagesReport(), language: Language = 'en'): string {
  return renderScanPage(given, {
    t: translator(language),
    language,
    generated: '2026-02-03 09:15 UTC',
    version: '0.1.0',
  })
}

/** What a reader sees: the page without its style and tags. */
function words(markup: string): string {
  const body = markup.slice(markup.indexOf('<body>'))
  return body.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
}

/** Start tags in order, without attributes. */
function tags(markup: string): string[] {
  return Array.from(markup.matchAll(/<([a-z][a-z0-9]*)[^>]*>/g), ([, tag]) => tag!)
}

const VOID = new Set(['meta', 'path', 'circle'])

describe('renderScanPage', () => {
  it('says its summary in a sentence', () => {
    expect(words(page())).toContain('13 different models stand behind 16 files.')
  })

  it('draws attention to what could not be read, to look-alikes and to open directions', () => {
    const body = words(page())
    expect(body).toContain('1 file could not be read')
    expect(body).toContain('1 pair of models looks alike')
    expect(body).toContain('For 1 relation, the files alone do not say which model came first.')
  })

  it('is calm when nothing stands out', () => {
    expect(words(page(report()))).toContain('Nothing stands out')
  })

  it('shows every copy with its path and the start of its digest', () => {
    const { models } = packagesReport()
    const body = words(page())
    const absent = models.flatMap((model) => model.artifacts).filter(({ path }) => !body.includes(path))
    expect(absent).toEqual([])
  })

  it('says in words that a direction is undetermined and what would settle it', () => {
    expect(words(page())).toMatch(/direction undetermined Continued training leaves no mark/)
  })

  it('puts p into words', () => {
    expect(words(page())).toContain('1e-22: unrelated models would agree this much with at most this probability.')
  })

  it('carries its language', () => {
    expect(page(packagesReport(), 'ja')).toContain('<html lang="ja">')
  })

  it('leaves no English sentence of its own on the Japanese page', () => {
    const own = packagesReport()
    const bare = { ...own, problems: [], findings: [] }
    expect(words(page(bare, 'ja'))).not.toMatch(/\b(the|of|is|and|was)\b/i)
  })

  it('forbids scripts and requests, and contains none', () => {
    const markup = page()
    expect(markup).toContain('http-equiv="Content-Security-Policy" content="default-src \'none\';')
    expect(markup).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|https?:/i)
  })

  it('closes every element it opens', () => {
    const markup = page()
    const opened = tags(markup).filter((tag) => !VOID.has(tag))
    const closed = Array.from(markup.matchAll(/<\/([a-z][a-z0-9]*)>/g), ([, tag]) => tag!)
    expect(closed.sort()).toEqual(opened.sort())
  })

  it('gives every table a caption', () => {
    const list = tags(page())
    expect(list.filter((tag) => tag === 'caption')).toHaveLength(list.filter((tag) => tag === 'table').length)
  })

  it('links only to sections that exist', () => {
    const markup = page()
    const targets = Array.from(markup.matchAll(/href="#([^"]*)"/g), ([, id]) => id!)
    expect(targets.filter((id) => !markup.includes(`id="${id}"`))).toEqual([])
  })

  it('lets no hostile name become markup', () => {
    const known = new Set([...tags(page()), 'div'])
    expect(tags(page(hostileReport())).filter((tag) => !known.has(tag))).toEqual([])
    expect(page(hostileReport())).not.toMatch(/<[^>]*\son[a-z]+\s*=/i)
  })

  it('shows a hostile name as text', () => {
    expect(page(hostileReport())).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  })

  it('spells out what would not show', () => {
    const markup = page(hostileReport())
    expect(markup).toContain('model⟨U+202E⟩xnno.exe')
    expect(markup).not.toContain('\x1b')
    expect(markup).not.toMatch(/\p{Cf}/u)
  })

  it('stays under 5 MB for 5,000 models with 100,000 copies, and says how many are left out', () => {
    const large = page(largeReport(5_000))
    expect(large.length).toBeLessThan(5_000_000)
    expect(words(large)).toMatch(/[\d,]+ more are not shown here; the JSON report lists all\./)
  })
})
