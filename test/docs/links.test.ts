import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', '..')

const pages = [...markdownIn('.'), ...markdownIn('docs'), ...markdownIn('docs/decisions')]

function markdownIn(folder: string): string[] {
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name))
}

/** Targets inside the project; code in backticks is no link. */
function linksIn(page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8').replace(/`[^`\n]*`/g, '')
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]!)
  return targets.filter((target) => !/^([a-z]+:|#)/.test(target)).map((target) => target.replace(/#.*$/, ''))
}

it.each(pages)('leads from %s only to files that are there', (page) => {
  expect(linksIn(page).filter((target) => !existsSync(join(root, dirname(page), target)))).toEqual([])
})
