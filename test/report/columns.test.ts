import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { columnsOf, wrap } from '../../src/report/columns.ts'
import { visible } from '../../src/report/escape.ts'

describe('columnsOf', () => {
  it('counts two for a wide character and none for a combining one', () => {
    expect([columnsOf('abc'), columnsOf('系統'), columnsOf('e\u0301')]).toEqual([3, 4, 1])
  })
})

describe('wrap', () => {
  it('breaks at spaces and after slashes', () => {
    expect(wrap('one two/three four', 9)).toEqual(['one two/', 'three', 'four'])
  })

  it('never starts a line with a Japanese full stop', () => {
    expect(wrap('あいうえおか。きく', 12).every((line) => !line.startsWith('。'))).toBe(true)
  })

  it('loses nothing but spaces', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 8, max: 40 }), (text, width) => {
        const plain = visible(text)
        expect(wrap(plain, width).join('').replaceAll(' ', '')).toBe(plain.replaceAll(' ', ''))
      }),
    )
  })

  it('keeps to the width, but for a closing mark that may hang over', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), fc.integer({ min: 8, max: 40 }), (text, width) => {
        expect(Math.max(...wrap(visible(text), width).map(columnsOf))).toBeLessThanOrEqual(width)
      }),
    )
  })
})
