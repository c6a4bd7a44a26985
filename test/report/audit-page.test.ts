import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { yukue } from '../builders/command.ts'
import { folder } from '../builders/folder.ts'

async function page(rows: string[], ...more: string[]): Promise<string> {
  const cwd = folder({ 'log.csv': `${rows.join('\n')}\n` })
  const options = ['--decision', 'd', '--favourable', '1', '--group', 'g', '--page', 'page.html', '--quiet']
  const { code, stderr } = await yukue(['audit', 'log.csv', ...options, ...more], { cwd })
  if (code !== 0) throw new Error(stderr)
  return readFileSync(join(cwd, 'page.html'), 'utf8')
}

const ROWS = ['g,d,t', 'a,1,2024-01-01', 'a,0,2024-01-09', 'b,1,2024-01-10', 'b,1,2024-01-20', 'b,0,2024-01-02']

describe('the page of an audit', () => {
  it('has rates, ratios and a time line with days of deployment', async () => {
    const text = await page(ROWS, '--time', 't', '--deployed', '2024-01-08')
    expect(text.match(/<svg[^>]*class="plot/g)).toHaveLength(3)
    expect(text).toContain('2024-01-08')
  })

  it('escapes what the log says, in charts as well', async () => {
    const text = await page(['g,d', '<script>alert(1)</script>,1', '<img src=x>,0', 'b,1'])
    expect(text).not.toMatch(/<script|<img/)
    expect(text).toContain('&lt;script')
  })

  it('asks nothing of the network and runs nothing', async () => {
    const text = await page(ROWS)
    expect(text).toContain("default-src 'none'")
    expect(text.replaceAll('http://www.w3.org', '')).not.toMatch(/https?:\/\/|<script/)
  })

  it('is in Japanese when asked', async () => {
    expect(await page(ROWS, '--lang', 'ja')).toContain('決定が人々にもたらしたこと')
  })
})
