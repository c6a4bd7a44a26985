import { appendFileSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { append, close, type Decision, pseudonym } from '../../src/store/decision-log.ts'
import { yukue } from '../builders/command.ts'
import { folder } from '../builders/folder.ts'

const KEY = 'sixteen bytes or more'
const DECISION: Decision = {
  site: 'Kyoto',
  model: 'blake3:00',
  subject: 'Mori Ogai',
  action: 'approved',
  time: '2024-01-31T09:30:00Z',
  attributes: { sex: { value: 'M', source: 'self-reported' } },
}

function logFolder(): string {
  const root = folder({})
  onTestFinished(() => close(root))
  return root
}

const lines = (root: string) =>
  readdirSync(root).flatMap((name) => readFileSync(join(root, name), 'utf8').trimEnd().split('\n'))

describe('a decision that is appended', () => {
  it('is a line that an audit reads', async () => {
    const root = logFolder()
    for (const action of ['approved', 'refused', 'approved'])
      append({ ...DECISION, action }, { folder: root, key: KEY })
    const args = ['--decision', 'action', '--favourable', 'approved', '--group', 'attribute.sex', '--time', 'time']
    const { stdout } = await yukue(['audit', root, ...args, '--json', '--quiet'])
    const { rows, attributes, window } = JSON.parse(stdout)
    expect([rows, attributes[0].categories[0].selected, window.from]).toEqual([3, 2, '2024-01-31'])
  })

  it('names nobody', () => {
    const root = logFolder()
    append(DECISION, { folder: root, key: KEY })
    expect(lines(root).join()).not.toContain('Mori')
  })

  it('is not written when it is no record', () => {
    const root = logFolder()
    expect(() => append({ ...DECISION, probability: 1.7 }, { folder: root, key: KEY })).toThrow(/probability/)
    expect(readdirSync(root)).toEqual([])
  })
})

it('a new file is begun when one is full', () => {
  const root = logFolder()
  for (let i = 0; i < 5; i++) append(DECISION, { folder: root, key: KEY, rotateBytes: 500 })
  expect(readdirSync(root).length).toBeGreaterThan(1)
  expect(lines(root)).toHaveLength(5)
})

it('a line that a crash cut off is left out, and counted', async () => {
  const root = logFolder()
  append(DECISION, { folder: root, key: KEY })
  const [file] = readdirSync(root)
  appendFileSync(join(root, file!), '{"time":"2024-')
  close(root)
  append(DECISION, { folder: root, key: KEY })
  const { stdout } = await yukue([
    'audit',
    root,
    '--decision',
    'action',
    '--favourable',
    'approved',
    '--json',
    '--quiet',
  ])
  const { rows, leftOut } = JSON.parse(stdout)
  expect([rows, leftOut]).toEqual([2, [{ reason: 'torn-line', n: 1 }]])
})

it('a broken line in the middle is refused with its row', async () => {
  const root = logFolder()
  append(DECISION, { folder: root, key: KEY })
  const [file] = readdirSync(root)
  appendFileSync(join(root, file!), '{"time":"2024-\n{}\n{"a"')
  const { code, stderr } = await yukue(['audit', root, '--decision', 'action', '--favourable', 'approved', '--quiet'])
  expect([code, /row 2/.test(stderr)]).toEqual([2, true])
})

describe('a pseudonym', () => {
  it('is the same for the same person under the same key', () => {
    expect(pseudonym('Mori Ogai', KEY)).toBe(pseudonym('Mori Ogai', KEY))
  })

  it('is another under another key', () => {
    expect(pseudonym('Mori Ogai', KEY)).not.toBe(pseudonym('Mori Ogai', `${KEY}!`))
  })

  it('needs a key that cannot be guessed', () => {
    expect(() => pseudonym('Mori Ogai', 'short')).toThrow(RangeError)
  })
})
