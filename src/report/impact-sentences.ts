import type { Feedback } from '../observe/feedback/feedback.ts'
import type { ImpactFinding, ImpactNote } from '../observe/impact.ts'
import { percentText, probabilityText, wholeText } from './figures.ts'
import { type Translate, textOf } from './language.ts'

type Values = Readonly<Record<string, string | number>>

const SHARES = ['rate', 'share', 'expected']
const RATIOS = ['ratio', 'odds', 'difference', 'sharing', 'apart', 'bandwidth']

/** Numbers as people read them: shares in per cent, ratios with three digits, p-values with two. */
function readable(values: Values): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (typeof value === 'string') return [name, value]
      if (name === 'p') return [name, probabilityText(value)]
      if (SHARES.includes(name)) return [name, percentText(value)]
      return [name, RATIOS.includes(name) ? ratioText(value) : wholeText(value)]
    }),
  )
}

export function ratioText(value: number): string {
  return Math.abs(value) >= 0.0995 || value === 0 ? String(Number(value.toPrecision(3))) : value.toPrecision(2)
}

export function findingText(t: Translate, { code, values }: Pick<ImpactFinding, 'code' | 'values'>): string {
  return textOf(t, `audit.finding.${code}`, readable(values))
}

export function nextText(t: Translate, { code, values }: Pick<ImpactFinding, 'code' | 'values'>): string {
  return textOf(t, `audit.next.${code}`, readable(values))
}

export function noteText(t: Translate, { code, values }: ImpactNote): string {
  return textOf(t, `audit.note.${code}`, readable(values))
}

/** Why an effect can be estimated, or why not. */
export function feedbackText(t: Translate, { code, values }: Pick<Feedback, 'code' | 'values'>): string {
  const shown = readable(values)
  const what = values['what']
  if (typeof what === 'string') shown['what'] = textOf(t, `audit.what.${what}`, {})
  return textOf(t, `audit.feedback.${code}`, shown)
}
