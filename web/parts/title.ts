import { useEffect } from 'react'

/** The page's name in the tab, so that a screen reader says where one is. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} – Yukue`
  }, [title])
}
