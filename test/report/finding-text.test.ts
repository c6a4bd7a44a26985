import { describe, expect, it } from 'vitest'
import { findingMessage } from '../../src/report/finding-text.ts'
import { translator } from '../../src/report/language.ts'

const finding = { severity: 'medium', message: 'as it was written' } as const
const contradiction = {
  ...finding,
  code: 'name-contradicts-content',
  values: { claim: 'half', found: 'float32 (100 %)' },
}

describe('the text of a finding', () => {
  it.each([
    ['en', 'Its name says “half”, but its weights are float32 (100 %).'],
    ['ja', '名前には「half」とありますが、実際の重みは float32 (100 %) です。'],
  ] as const)('is in the reader’s language: %s', (language, text) => {
    expect(findingMessage(translator(language), contradiction)).toContain(text)
  })

  it('counts', () => {
    const custom = { ...finding, code: 'custom-op', values: { operators: 'a::B', count: 1 } }
    expect(findingMessage(translator('en'), custom)).toMatch(/^It needs 1 operator that is in no standard set: a::B\./)
  })

  it('is the message for a code without a text', () => {
    expect(findingMessage(translator('ja'), { ...finding, code: 'of-a-later-version' })).toBe('as it was written')
  })

  it('is the message where the values are not those of the code', () => {
    expect(findingMessage(translator('ja'), { ...contradiction, values: { claim: 'half' } })).toBe('as it was written')
  })
})

it('of a finding that a reader put into words is explained in Japanese and quoted', () => {
  const finding = { code: 'pickle-import', severity: 'high', message: 'os.system at byte 12' } as const
  expect(findingMessage(translator('ja'), finding)).toMatch(/^読み込むとコードが.*os\.system at byte 12$/)
  expect(findingMessage(translator('en'), finding)).toBe('os.system at byte 12')
})
