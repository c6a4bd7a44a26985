import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shown, visible } from '../../src/report/escape.ts'
import { escapeHtml, html } from '../../src/report/html.ts'

describe('visible', () => {
  it.each([
    ['an escape sequence', '\x1b[31mred', '⟨U+001B⟩[31mred'],
    ['a right-to-left override', 'model\u202Exnno.exe', 'model⟨U+202E⟩xnno.exe'],
    ['a line feed', 'a\nb', 'a⟨U+000A⟩b'],
    ['an eight-bit control', 'a\x9bb', 'a⟨U+009B⟩b'],
    ['a zero-width space', 'a\u200Bb', 'a⟨U+200B⟩b'],
    ['a Hangul filler', 'a\u3164b', 'a⟨U+3164⟩b'],
    ['half a surrogate pair', 'a\uD800b', 'a⟨U+D800⟩b'],
  ])('spells out %s', (_, text, expected) => {
    expect(visible(text)).toBe(expected)
  })

  it('leaves names of people and languages alone', () => {
    const name = 'voices/日本語 モデル–v2 (Ünïcode) مرحبا.onnx'
    expect(visible(name)).toBe(name)
  })

  it('never lets a control or format character through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visible(text)).not.toMatch(/[\p{Cc}\p{Cf}]/u)
      }),
    )
  })
})

describe('shown', () => {
  it('keeps both ends of a long name, the end more than the beginning', () => {
    const text = shown(`start/${'x'.repeat(4096)}/end.onnx`, 30)
    expect(text).toMatch(/^start\/x+…x+\/end\.onnx$/)
    expect(text).toHaveLength(30)
  })

  it('never cuts a character in two', () => {
    expect(shown('😀'.repeat(500), 10)).toMatch(/^😀+…😀+$/u)
  })
})

describe('html', () => {
  it('escapes what is put in', () => {
    expect(html`<p title="${'"><script>'}">${"'&"}</p>`.markup).toBe(
      '<p title="&quot;&gt;&lt;script&gt;">&#39;&amp;</p>',
    )
  })

  it('keeps markup that was made the same way', () => {
    expect(html`<ul>${[html`<li>${'<'}</li>`, null]}</ul>`.markup).toBe('<ul><li>&lt;</li></ul>')
  })

  it('leaves no way to open a tag or leave an attribute', () => {
    fc.assert(fc.property(fc.string(), (text) => !/[<>"']/.test(escapeHtml(text))))
  })
})
