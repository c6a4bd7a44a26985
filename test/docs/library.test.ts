import { readFileSync } from 'node:fs'
import { afterEach, expect, it } from 'vitest'
import * as yukue from '../../src/index.ts'
import { folder } from '../builders/folder.ts'
import { safetensors } from '../builders/safetensors.ts'

const page = readFileSync(new URL('../../docs/library.md', import.meta.url), 'utf8')
const example = /```ts\n([\s\S]*?)```/.exec(page)?.[1] ?? ''
const before = process.cwd()

afterEach(() => process.chdir(before))

it('the example of the page runs, and says what it found', async () => {
  const weights = safetensors({
    'a.weight': { shape: [64, 64], values: Array.from({ length: 4_096 }, (_, at) => Math.sin(at * at)) },
  })
  process.chdir(folder({ 'models/chat.safetensors': weights }))
  const said: unknown[][] = []
  const told = { log: (...values: unknown[]) => said.push(values), error: (...values: unknown[]) => said.push(values) }
  const [, names = '', body = ''] = /import \{(.*)\} from 'yukue'\n([\s\S]*)/.exec(example) ?? []
  const run = new Function('yukue', 'console', `return (async () => { const {${names}} = yukue\n${body} })()`)
  await run(yukue, told)
  expect(said[0]).toEqual([1, 'models'])
})

it('the table names functions that are there, and leaves out none', () => {
  const named = [...page.matchAll(/^\|(.*?)\|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(\w+)(?:\.\w+)?`/g)].map(([, name]) => name),
  )
  const functions = Object.entries(yukue).filter(([name, value]) => typeof value === 'function' && /^[a-z]/.test(name))
  expect(named.toSorted()).toEqual(
    [...functions.map(([name]) => name), 'decisions'].filter((name) => name !== 'translator').toSorted(),
  )
})
