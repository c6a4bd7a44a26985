import { describe, expect, it } from 'vitest'
import { bytesText, percentText, probabilityText, similarityText } from '../../src/report/figures.ts'

describe('figures', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_289_603, '1.29 MB'],
    [14_483_464_192, '14.5 GB'],
    [999_999_999, '1.00 GB'],
  ])('writes %d bytes as %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text)
  })

  it('never rounds a similarity up to 1', () => {
    expect([similarityText(1), similarityText(0.99999), similarityText(0.9999)]).toEqual([
      '1.0000',
      '> 0.9999',
      '0.9999',
    ])
  })

  it('writes small probabilities as powers of ten and others plainly', () => {
    expect([probabilityText(1e-12), probabilityText(0.0123), probabilityText(1)]).toEqual(['1e-12', '0.012', '1'])
  })

  it('writes negative merge weights too', () => {
    expect([percentText(0.5), percentText(-0.125), percentText(1 / 3)]).toEqual(['50 %', '-12.5 %', '33.3 %'])
  })
})
