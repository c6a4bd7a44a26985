import { describe, expect, it } from 'vitest'
import type { Problem } from '../../src/contract/problem.ts'
import { translator } from '../../src/report/language.ts'
import { problemMessage, problemTitle } from '../../src/report/problem-text.ts'

const truncated: Problem = {
  path: 'a.onnx',
  code: 'truncated',
  values: { what: 'tensor data', need: 9_437_184, size: 1_048_576 },
}

const PROBLEMS: Problem[] = [
  truncated,
  { path: 'a', code: 'malformed', values: { what: 'header', reason: 'not JSON', offset: 8 } },
  { path: 'a', code: 'limit', values: { what: 'tensor count', value: '9', limit: '8' } },
  { path: 'a', code: 'unsupported', values: { what: 'data type', value: 'F4' } },
  { path: 'a', code: 'unsafe-path', values: { name: '../../etc/passwd' } },
  { path: 'a', code: 'missing-file', values: { name: 'weights.bin' } },
  { path: 'a', code: 'hint-mismatch', values: { hint: 'f32[2]', need: 8, size: 9 } },
  { path: 'a', code: 'lfs-pointer', values: { bytes: 12 } },
  { path: 'a', code: 'crowded-folder', values: { limit: 131_072 } },
  { path: 'a', code: 'link-loop', values: { target: '..' } },
  { path: 'a', code: 'unreadable', values: { reason: 'EACCES' } },
  { path: 'a', code: 'changed', values: { what: 'size' } },
]

describe('problemMessage', () => {
  it('says what happened, where, and what to do', () => {
    expect(problemMessage(translator('en'), truncated)).toBe(
      'The file ends too early: tensor data needs 9,437,184 bytes, the file has 1,048,576. ' +
        'Download or copy the file again, and compare its size with the source.',
    )
  })

  it.each(PROBLEMS)('leaves no value of $code out, in either language', (problem) => {
    const values = Object.values(problem.values).map((value) => value.toLocaleString('en-GB'))
    const messages = [translator('en'), translator('ja')].map((t) => problemMessage(t, problem))
    expect(messages.map((message) => values.filter((value) => !message.includes(value)))).toEqual([[], []])
  })

  it.each(PROBLEMS)('leaves no variable of $code unfilled', (problem) => {
    expect(problemMessage(translator('ja'), problem)).not.toMatch(/\{\{|\}\}/)
  })
})

describe('problemTitle', () => {
  it('shows the code of a problem that it does not know', () => {
    expect(problemTitle(translator('en'), 'toString')).toBe('toString')
  })
})
