import { createInstance } from 'i18next'
import { en } from './locales/en.ts'
import { ja } from './locales/ja.ts'

export const LANGUAGES = ['en', 'ja'] as const
export type Language = (typeof LANGUAGES)[number]

/** Every key of a catalogue, as a path. A table of all paths with their texts would be more than the compiler compares. */
type PathsOf<T> = {
  [K in keyof T & string]: T[K] extends string ? K : `${K}.${PathsOf<T[K]>}`
}[keyof T & string]
type At<T, P extends string> = P extends `${infer Head}.${infer Rest}`
  ? Head extends keyof T
    ? At<T[Head], Rest>
    : never
  : P extends keyof T
    ? T[P]
    : never
type Stem<K> = K extends `${infer S}_one` | `${infer S}_other` ? S : K

/** A key of the catalogue, without its plural ending. */
export type TextKey = Stem<PathsOf<typeof en>> & string

type TextOf<K extends string> = K extends string
  ? [At<typeof en, K>] extends [never]
    ? At<typeof en, `${K}_other`>
    : At<typeof en, K>
  : never
type Variables<T> = T extends `${string}{{${infer V}}}${infer Rest}` ? Bare<V> | Variables<Rest> : never
type Bare<V> = V extends `${infer Name}, ${string}` ? Name : V
type Counted<Name extends string> = { [N in Name]: N extends 'count' ? number : string | number }

/**
 * The text of a key in the chosen language. The values it needs are known from the English text. They are put in as they
 * are: whoever shows the result escapes it (escape.ts, html.ts).
 */
export type Translate = <K extends TextKey>(
  key: K,
  ...values: [Variables<TextOf<K>>] extends [never] ? [] : [Counted<Variables<TextOf<K>>>]
) => string

/** `--lang` when given, else what POSIX says of the environment, else English. */
export function chooseLanguage(flag: Language | undefined, env: Record<string, string | undefined>): Language {
  if (flag !== undefined) return flag
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || ''
  return /^ja([_.@-]|$)/i.test(locale) ? 'ja' : 'en'
}

export function translator(language: Language): Translate {
  const instance = createInstance()
  instance.init({
    lng: language,
    fallbackLng: false,
    initAsync: false,
    resources: { en: { translation: en }, ja: { translation: ja } },
    // Output is a terminal or a page, each with its own escaping.
    interpolation: { escapeValue: false },
  })
  return (key, ...values) => instance.t(key, values[0] ?? {})
}

/** The text of a key out of a table of keys, where the types of single keys say nothing. */
export function textOf(t: Translate, key: string, values: Readonly<Record<string, string | number>> = {}): string {
  return (t as (key: string, values: Readonly<Record<string, string | number>>) => string)(key, values)
}
