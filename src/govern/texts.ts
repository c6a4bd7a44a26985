import type { Fact, Texts } from './facts.ts'

export type Language = keyof Texts

/** What is said of any rule, in the languages that rules come in. */
export const TEXTS = {
  notApplicable: { en: 'Does not apply here.', ja: 'ここには適用されません。' },
  notYet: { en: 'Not in force before {{day}}.', ja: '{{day}} より前は施行されていません。' },
  noMore: { en: 'No longer in force since {{day}}.', ja: '{{day}} 以降は効力がありません。' },
  notKnown: { en: 'Not known: {{fact}}.', ja: '不明: {{fact}}。' },
  disputed: { en: 'Disputed: {{fact}}.', ja: '矛盾あり: {{fact}}。' },
  failed: { en: 'The rule could not be evaluated: {{fault}}.', ja: '規則を評価できませんでした: {{fault}}。' },
  mendRule: { en: 'correct the rule', ja: '規則を直す' },
  separator: { en: '; ', ja: ';' },
  list: { en: ', ', ja: '、' },
  blank: { en: 'unknown', ja: '不明' },
} satisfies Record<string, Texts>

/** A text with the values of facts in place of their names. What a value contains is put in as it is, and escaped where it is shown. */
export function filled(text: string, factNamed: (name: string) => Fact, language: Language): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => shownValue(factNamed(name).value, language))
}

function shownValue(value: Fact['value'], language: Language): string {
  if (value === null) return TEXTS.blank[language]
  if (Array.isArray(value)) return value.length > 0 ? value.join(TEXTS.list[language]) : '–'
  if (typeof value === 'number') return shownNumber(value)
  return String(value)
}

function shownNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return String(value)
  return Math.abs(value) >= 1e9 ? value.toExponential(2).replace('+', '') : String(Number(value.toPrecision(4)))
}
