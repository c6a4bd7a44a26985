import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { yukue } from '../builders/command.ts'

/** Every `npx yukue …` line of the README pages, without its remark. */
const commands = ['README.md', 'README.ja.md'].flatMap((page) => {
  const text = readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8')
  return [...text.matchAll(/^npx (yukue .*?)(?:\s+#.*)?$/gm)].map((match) => ({ page, line: match[1]! }))
})

it('the README pages show commands', () => {
  expect(commands.length).toBeGreaterThanOrEqual(14)
})

it.each(commands)('$page: `$line` uses a command and options that there are', async ({ line }) => {
  const [, command, ...rest] = line.replace(/ > .*$/, '').split(' ')
  const { code, stdout } = await yukue([command!, '--help'])
  expect(code).toBe(0)
  for (const option of rest.filter((word) => word.startsWith('-'))) expect(stdout).toContain(option)
})
