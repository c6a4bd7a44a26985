import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { CompareReport } from '../../src/contract/compare.ts'
import { chatServer } from '../builders/chat-server.ts'
import { yukue } from '../builders/command.ts'
import { folder } from '../builders/folder.ts'

const ITEMS = Array.from({ length: 12 }, (_, index) => `${index},case ${index},${index % 2 ? 'no' : 'yes'}`)
const cases = () => folder({ 'cases.csv': `id,text,truth\n${ITEMS.join('\n')}\n` })

const right = (question: string) => (Number(/case (\d+)/.exec(question)![1]) % 2 ? 'No.' : 'Yes, I would.')

async function compare(parent: string, child: string, cwd: string, ...more: string[]) {
  const asked = ['--inputs', 'cases.csv', '--key', 'id', '--prompt', 'Approve {text}?', '--labels', 'yes,no']
  const outcome = await yukue(['compare', parent, child, ...asked, '--truth', 'truth', '--json', '--quiet', ...more], {
    cwd,
  })
  return { ...outcome, report: outcome.code === 0 ? (JSON.parse(outcome.stdout) as CompareReport) : null }
}

describe('two endpoints', () => {
  it('are compared by the labels in their answers', async () => {
    const [parent, child] = [await chatServer(right), await chatServer(() => 'yes')]
    const { report } = await compare(parent.url, child.url, cases())
    expect(report!.accuracy).toEqual({ parent: 1, child: 0.5 })
    expect(report!.negativeFlips!.n).toBe(6)
  })

  it('are asked no more at a time than allowed', async () => {
    const [parent, child] = [await chatServer(right), await chatServer(right)]
    await compare(parent.url, child.url, cases(), '--concurrency', '3')
    expect([parent.atOnce(), child.atOnce()]).toEqual([3, 3])
  })

  it('are asked again when they refuse for now', async () => {
    const parent = await chatServer((question, request) => (request % 3 === 0 ? 429 : right(question)))
    const child = await chatServer(right)
    const { report } = await compare(parent.url, child.url, cases())
    expect([report!.items, report!.flips.n, report!.cost!.requests > 24]).toEqual([12, 0, true])
  })

  it('are not asked again what they answered before a run broke off', async () => {
    const cwd = cases()
    let isBroken = true
    const parent = await chatServer((question, request) => (isBroken && request > 5 ? 400 : right(question)))
    const child = await chatServer(right)
    const first = await compare(parent.url, child.url, cwd, '--concurrency', '1')
    expect([first.code, /goes on from there/.test(first.stderr)]).toEqual([2, true])
    isBroken = false
    const second = await compare(parent.url, child.url, cwd, '--concurrency', '1')
    expect([second.report!.items, parent.answered.length]).toEqual([12, 12])
  })

  it('cost what the tokens cost', async () => {
    const [parent, child] = [await chatServer(right), await chatServer(right)]
    const { report } = await compare(parent.url, child.url, cases(), '--price', '1,10')
    expect(report!.cost).toEqual({ requests: 24, promptTokens: 240, answerTokens: 48, price: (240 + 480) / 1e6 })
  })

  it('leave their replies in a file that never has the key', async () => {
    const cwd = cases()
    const [parent, child] = [await chatServer(right), await chatServer(right)]
    const options = [
      'compare',
      parent.url,
      child.url,
      '--inputs',
      'cases.csv',
      '--key',
      'id',
      '--prompt',
      '{text}',
      '--quiet',
    ]
    await yukue([...options, '--api-key-env', 'KEY'], { cwd, env: { KEY: 'hidden-key' } })
    const kept = readFileSync(join(cwd, 'cases.csv.replies.jsonl'), 'utf8')
    expect([kept.trim().split('\n').length, kept.includes('hidden-key')]).toEqual([24, false])
  })
})
