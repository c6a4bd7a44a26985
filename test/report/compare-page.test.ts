import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { yukue } from '../builders/command.ts'
import { folder } from '../builders/folder.ts'

const ARGS = 'compare --predictions a.csv b.csv --key id --prediction label --page page.html --quiet'.split(' ')

async function page(first: string[], second: string[], ...more: string[]): Promise<string> {
  const files = { 'a.csv': first, 'b.csv': second }
  const cwd = folder(Object.fromEntries(Object.entries(files).map(([name, rows]) => [name, `${rows.join('\n')}\n`])))
  const { code, stderr } = await yukue([...ARGS, ...more], { cwd })
  if (code !== 0) throw new Error(stderr)
  return readFileSync(join(cwd, 'page.html'), 'utf8')
}

const PARENT = ['id,label,truth,g', '1,x,x,a', '2,x,y,a', '3,x,x,b', '4,y,x,b']
const CHILD = ['id,label', '1,y', '2,y', '3,x', '4,y']

describe('the page of a comparison', () => {
  it('has forest plots of flips and of what they change, by group and of all', async () => {
    const text = await page(PARENT, CHILD, '--truth', 'truth', '--group', 'g')
    expect(text.match(/<svg[^>]*class="plot/g)).toHaveLength(3)
    expect(text).toContain('all inputs')
  })

  it('has a plot of changed answers where nobody knows the right ones', async () => {
    const text = await page(PARENT, CHILD, '--group', 'g')
    expect(text.match(/<svg[^>]*class="plot/g)).toHaveLength(1)
  })

  it('lists the answers that flipped', async () => {
    const text = await page(PARENT, CHILD, '--truth', 'truth')
    expect(text.match(/<section id="flipped">[\s\S]*<\/section>/)?.[0].match(/<tr/g)).toHaveLength(3)
  })

  it('escapes what the files say', async () => {
    const name = '<img src=x>'
    const text = await page(['id,label,g', `${name},x,${name}`], ['id,label', `${name},${name}`], '--group', 'g')
    expect(text).not.toContain('<img')
  })

  it('is there in Japanese', async () => {
    const text = await page(PARENT, CHILD, '--truth', 'truth', '--group', 'g', '--lang', 'ja')
    expect([text.includes('<html lang="ja">'), text.includes('振る舞いの変化')]).toEqual([true, true])
  })
})
