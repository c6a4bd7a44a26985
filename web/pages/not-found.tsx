import { Link } from 'wouter'
import { useText } from '../language.tsx'
import { useTitle } from '../parts/title.ts'

export function NotFound() {
  const t = useText()
  useTitle(t('web.notFound.title'))
  return (
    <>
      <h1>{t('web.notFound.title')}</h1>
      <p>{t('web.notFound.advice')}</p>
      <p>
        <Link href="/">{t('web.nav.overview')}</Link>
      </p>
    </>
  )
}
