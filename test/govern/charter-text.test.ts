import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCharter } from '../../src/govern/charter-text.ts'

const GOOD = `schema: yukue.charter/1
name: loans
models: [chat]
accountable: Bank plc
changes:
  allowed:
    - kind: quantised
      bitsAtLeast: 4
`

/** The fault of a text in short: why, line:column, where. */
function faultOf(text: string): string | null {
  const read = readCharter(text)
  return read.ok ? null : `${read.fault.why} ${read.fault.line}:${read.fault.column} ${read.fault.at}`
}

it('a charter is read from YAML', () => {
  expect(readCharter(GOOD)).toMatchObject({ ok: true, charter: { changes: { allowed: [{ kind: 'quantised' }] } } })
})

it('a charter is read from JSON', () => {
  const json = { schema: 'yukue.charter/1', name: 'loans', models: ['chat'], accountable: 'Bank plc' }
  expect(readCharter(JSON.stringify(json))).toEqual({ ok: true, charter: json })
})

describe('a fault is told with its line and column:', () => {
  it.each([
    [
      'a kind of change that there is not',
      GOOD.replace('quantised', 'quantized'),
      'not-one-of 7:13 changes.allowed[0].kind',
    ],
    ['a word where a number belongs', GOOD.replace(': 4', ': four'), 'wrong-kind 8:20 changes.allowed[0].bitsAtLeast'],
    ['a key that there is not', GOOD.replace('bitsAtLeast', 'bits'), 'unknown-key 8:7 changes.allowed[0].bits'],
    ['something missing', GOOD.replace('name: loans\n', ''), 'missing 1:1 name'],
    ['an empty list', GOOD.replace('[chat]', '[]'), 'too-small 3:9 models'],
    ['a day that there is not', `${GOOD}inForce: { from: 2026-02-30 }\n`, 'bad-text 9:18 inForce.from'],
    ['broken YAML', `${GOOD}\n  - x: [`, 'syntax 9:1 '],
    ['a key given twice', `${GOOD}name: x\n`, 'syntax 9:1 '],
    ['an alias of nothing', `${GOOD}title: *nobody\n`, 'syntax 9:8 '],
    ['an empty file', '', 'missing 1:1 '],
    ['another text', '3', 'wrong-kind 1:1 '],
  ])('%s', (_, text, fault) => {
    expect(faultOf(text)).toBe(fault)
  })
})

it.each([
  ['brackets', '['.repeat(200_000)],
  ['sequences', '- '.repeat(100_000)],
  [
    'aliases of aliases',
    `a: &a [x,x]\n${'bcdefgh'.replace(/./g, (to, at) => `${to}: &${to} [${Array(9).fill(`*${'abcdefg'[at]}`)}]\n`)}`,
  ],
  ['length', 'x'.repeat(300_000)],
])('a text that is hostile by its %s is refused, and ends nothing', (_, text) => {
  expect(readCharter(text).ok).toBe(false)
})

it('any text gives a charter or a fault with a place', () => {
  const cut = fc.tuple(fc.nat(GOOD.length), fc.string({ unit: 'binary', maxLength: 8 }), fc.nat(GOOD.length))
  fc.assert(
    fc.property(cut, ([at, inserted, to]) => {
      const read = readCharter(GOOD.slice(0, at) + inserted + GOOD.slice(to))
      return read.ok || (read.fault.line >= 1 && read.fault.column >= 1)
    }),
  )
})
