import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseLanguage, translator } from '../../src/report/language.ts'

describe('chooseLanguage', () => {
  it('takes the flag before the environment', () => {
    expect(chooseLanguage('en', { LANG: 'ja_JP.UTF-8' })).toBe('en')
  })

  it.each(['ja', 'ja_JP', 'ja_JP.UTF-8', 'ja-JP', 'JA_jp'])('reads Japanese from the locale %s', (LANG) => {
    expect(chooseLanguage(undefined, { LANG })).toBe('ja')
  })

  it('lets LC_ALL overrule LC_MESSAGES, and that overrule LANG', () => {
    expect(chooseLanguage(undefined, { LC_ALL: 'C', LC_MESSAGES: 'ja_JP', LANG: 'ja_JP' })).toBe('en')
    expect(chooseLanguage(undefined, { LC_ALL: '', LC_MESSAGES: 'ja_JP', LANG: 'en_GB' })).toBe('ja')
  })

  it.each([{}, { LANG: 'C' }, { LANG: 'de_DE.UTF-8' }, { LANG: 'jam_JM' }])('falls back to English for %j', (env) => {
    expect(chooseLanguage(undefined, env)).toBe('en')
  })
})

describe('translator', () => {
  it('speaks the language it was made for, whichever was made before', () => {
    const english = translator('en')
    translator('ja')
    expect(english('status.verified.name')).toBe('verified')
  })

  it('takes the singular for one', () => {
    const t = translator('en')
    expect([t('count.families', { count: 1 }), t('count.families', { count: 1200 })]).toEqual([
      '1 family',
      '1,200 families',
    ])
  })

  it('puts in any value as it is, never reading keys or variables out of it', () => {
    const t = translator('en')
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom('$t(cli.description)', '{{name}}', '{{- name}}', '$&', "$'", '$t(count.files, {"count": 1})'),
    )
    fc.assert(
      fc.property(hostile, (name) => {
        expect(t('direction.madeFrom', { name })).toBe(`made from ${name}`)
      }),
    )
  })
})
