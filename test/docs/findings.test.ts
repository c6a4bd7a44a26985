import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { findingValues } from '../../src/contract/finding.ts'

const page = readFileSync('docs/findings.md', 'utf8')
const listed = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, code]) => code!)

function codesInSource(): string[] {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const text = files.map((file) => readFileSync(join('src', file), 'utf8')).join('\n')
  return [...text.matchAll(/code: '([a-z-]+)',\s*severity/g)].map(([, code]) => code!)
}

it('lists every finding that the source makes or has a text for', () => {
  const codes = new Set([...codesInSource(), ...Object.keys(findingValues)])
  expect([...codes].filter((code) => !listed.includes(code))).toEqual([])
})

it('lists no finding twice', () => {
  expect(listed).toEqual([...new Set(listed)])
})
