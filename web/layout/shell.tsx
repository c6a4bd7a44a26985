import { type ReactNode, useEffect, useRef } from 'react'
import { Link, useLocation } from 'wouter'
import type { Language } from '../../src/report/language.ts'
import { useLanguage } from '../language.tsx'
import { THEMES, useTheme } from '../theme.ts'
import { SignedIn, Standing } from './signed-in.tsx'

const PAGES = [
  ['overview', '/'],
  ['estate', '/estate'],
  ['change', '/change'],
  ['impact', '/impact'],
  ['duties', '/duties'],
  ['ledger', '/ledger'],
] as const

/** What every page stands in: the way past the navigation, the navigation, and how the page is to look. */
export function Shell({ children }: { children: ReactNode }) {
  const { t } = useLanguage()
  const main = useRef<HTMLElement>(null)
  const [path] = useLocation()
  useFreshPage(main, path)
  return (
    <>
      <a className="skip" href="#main">
        {t('web.nav.skip')}
      </a>
      <header className="top">
        <div className="top-inner">
          <Link className="brand" href="/">
            <Mark />
            <span>
              Yukue <span lang="ja">行方</span>
            </span>
          </Link>
          <nav aria-label={t('web.nav.label')}>
            <ul>
              {PAGES.map(([page, address]) => (
                <li key={page}>
                  <Link href={address} aria-current={isUnder(path, address) ? 'page' : undefined}>
                    {t(`web.nav.${page}`)}
                  </Link>
                </li>
              ))}
            </ul>
          </nav>
          <Settings />
        </div>
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        <SignedIn>{children}</SignedIn>
      </main>
    </>
  )
}

function isUnder(path: string, address: string): boolean {
  if (address === '/') return path === '/'
  const section = address === '/estate' ? /^\/(estate|models|sites|actors)(\/|$)/ : new RegExp(`^${address}(/|$)`)
  return section.test(path)
}

/** A new page is read from its top, by eye and by screen reader; the first one is where the browser put it. */
function useFreshPage(main: React.RefObject<HTMLElement | null>, path: string) {
  const last = useRef(path)
  useEffect(() => {
    if (last.current === path) return
    last.current = path
    window.scrollTo(0, 0)
    main.current?.focus({ preventScroll: true })
  }, [main, path])
}

function Settings() {
  const { language, speak, t } = useLanguage()
  const [theme, setTheme] = useTheme()
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system'
  const other: Language = language === 'en' ? 'ja' : 'en'
  return (
    <div className="settings">
      <Standing />
      <button type="button" className="quiet" lang={other} onClick={() => speak(other)}>
        {other === 'ja' ? '日本語' : 'English'}
      </button>
      <button type="button" className="quiet" onClick={() => setTheme(next)}>
        <span aria-hidden="true">◐ </span>
        <span className="hidden">{t('web.theme.label')} </span>
        {t(`web.theme.${theme}`)}
      </button>
    </div>
  )
}

function Mark() {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="1.8">
      <path d="M7 6v12h8" />
      <path d="M7 10.5h8" strokeDasharray="2 2" />
      <circle cx="7" cy="5" r="2.6" fill="currentColor" stroke="none" />
      <circle cx="17.5" cy="10.5" r="2.2" />
      <circle cx="17.5" cy="18" r="2.2" fill="currentColor" stroke="none" />
    </svg>
  )
}
