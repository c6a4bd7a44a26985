import { createInstance } from 'i18next'
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import type { Language, Translate } from '../src/report/language.ts'

/** The catalogue of the command line is the catalogue of the pages; only the language shown is loaded. */
const CATALOGUES = {
  en: async () => (await import('../src/report/locales/en.ts')).en,
  ja: async () => (await import('../src/report/locales/ja.ts')).ja,
} as const

const KEPT = 'yukue.language'

interface Spoken {
  language: Language
  t: Translate
  speak(language: Language): void
}

const Context = createContext<Spoken | null>(null)

/** The chosen language, its texts, and how to choose another. */
export function useLanguage(): Spoken {
  const spoken = useContext(Context)
  if (spoken === null) throw new Error('useLanguage stands outside of LanguageProvider')
  return spoken
}

export function useText(): Translate {
  return useLanguage().t
}

/** `?lang=` of the address, else the last choice, else what the browser asks for. */
function firstLanguage(): Language {
  const asked = new URLSearchParams(location.search).get('lang') ?? localStorage.getItem(KEPT) ?? navigator.language
  return /^ja\b/i.test(asked) ? 'ja' : 'en'
}

async function translatorOf(language: Language): Promise<Translate> {
  const instance = createInstance()
  await instance.init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: { translation: await CATALOGUES[language]() } },
    // React escapes what it shows.
    interpolation: { escapeValue: false },
  })
  return (key, ...values) => instance.t(key, values[0] ?? {})
}

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(firstLanguage)
  const [spoken, setSpoken] = useState<{ language: Language; t: Translate } | null>(null)
  useEffect(() => {
    let current = true
    translatorOf(language).then((t) => current && setSpoken({ language, t }))
    return () => {
      current = false
    }
  }, [language])
  useEffect(() => {
    if (spoken !== null) document.documentElement.lang = spoken.language
  }, [spoken])
  if (spoken === null) return null
  const speak = (chosen: Language) => {
    localStorage.setItem(KEPT, chosen)
    setLanguage(chosen)
  }
  return <Context value={{ ...spoken, speak }}>{children}</Context>
}
