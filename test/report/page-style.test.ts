import { describe, expect, it } from 'vitest'
import { PAGE_STYLE } from '../../src/report/page-style.ts'

type Scheme = Record<string, string>

/** The colour variables of a rule that starts with `start`. */
function schemeAfter(start: string): Scheme {
  const from = PAGE_STYLE.indexOf(start)
  const rule = PAGE_STYLE.slice(from, PAGE_STYLE.indexOf('}', from))
  return Object.fromEntries(Array.from(rule.matchAll(/--([a-z-]+):(#[0-9a-f]+)/g), ([, name, hex]) => [name, hex]))
}

/** Relative luminance (WCAG 2.2). */
function luminance(hex: string): number {
  const digits = hex.length === 4 ? hex.replaceAll(/[0-9a-f]/g, '$&$&') : hex
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(digits.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (light + 0.05) / (dark + 0.05)
}

const TEXT_ON_GROUND = [
  ...['ink', 'soft', 'accent'].flatMap((text) => ['ground', 'paper', 'wash'].map((ground) => [text, ground])),
  ...['sure', 'open', 'bad'].flatMap((text) => [`${text}-wash`, 'paper', 'ground'].map((ground) => [text, ground])),
]

describe('the page', () => {
  it.each([
    ['light', ':root{color-scheme:light dark'],
    ['dark', '@media (prefers-color-scheme:dark){:root{'],
    ['printed', ':root{color-scheme:light;'],
  ])('keeps a contrast of 4.5 : 1 for every text in the %s scheme', (_, start) => {
    const scheme = schemeAfter(start)
    const ratios = TEXT_ON_GROUND.map(([text, ground]) => ({
      pair: `${text} on ${ground}`,
      ratio: contrast(scheme[text!]!, scheme[ground!]!),
    }))
    expect(ratios.filter(({ ratio }) => !(ratio >= 4.5))).toEqual([])
  })
})
