import { useEffect, useState } from 'react'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

const KEPT = 'yukue.theme'
const dark = window.matchMedia('(prefers-color-scheme: dark)')

function kept(): Theme {
  const theme = localStorage.getItem(KEPT)
  return THEMES.find((known) => known === theme) ?? 'system'
}

/** Before the first paint: the page is drawn in the theme it stays in. */
export function applyTheme(theme: Theme = kept()): void {
  const shown = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme
  document.documentElement.dataset['theme'] = shown
}

export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(kept)
  useEffect(() => {
    applyTheme(theme)
    const follow = () => applyTheme(theme)
    dark.addEventListener('change', follow)
    return () => dark.removeEventListener('change', follow)
  }, [theme])
  return [
    theme,
    (chosen) => {
      localStorage.setItem(KEPT, chosen)
      setTheme(chosen)
    },
  ]
}
