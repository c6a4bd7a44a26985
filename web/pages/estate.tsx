import '../style/lists.css'
import { lazy, useCallback } from 'react'
import { Link, useSearchParams } from 'wouter'
import { useLanguage } from '../language.tsx'
import { SearchField } from '../parts/search.tsx'
import { useTitle } from '../parts/title.ts'
import { Opener } from '../write/opener.tsx'
import { ActorList } from './estate-actors.tsx'
import { ModelList } from './estate-models.tsx'
import { SiteList } from './estate-sites.tsx'

const PrintForm = lazy(() => import('../write/print.tsx'))

const SHOWN = ['models', 'sites', 'actors'] as const
type Shown = (typeof SHOWN)[number]

/** Search over what is known: models with their copies, sites, actors. The search stands in the address. */
export default function Estate() {
  const { t } = useLanguage()
  useTitle(t('web.nav.estate'))
  const [parameters, setParameters] = useSearchParams()
  const shown = SHOWN.find((one) => one === parameters.get('show')) ?? 'models'
  const query = parameters.get('query') ?? ''
  const set = useCallback(
    (name: string, value: string) =>
      setParameters(
        (before) => {
          if (value === '') before.delete(name)
          else before.set(name, value)
          return before
        },
        { replace: true },
      ),
    [setParameters],
  )
  const search = useCallback((value: string) => set('query', value), [set])
  return (
    <>
      <div className="page-head">
        <h1>{t('web.estate.title')}</h1>
        <p className="soft">{t('web.estate.intro')}</p>
        <div className="actions">
          <Opener needs="recorder" label={t('web.upload.print.open')}>
            <PrintForm />
          </Opener>
        </div>
      </div>
      <nav className="choice" aria-label={t('web.estate.what')}>
        {SHOWN.map((one) => (
          <Link
            key={one}
            className="pill"
            href={addressOf(one, query)}
            aria-current={one === shown ? 'true' : undefined}
          >
            {t(`web.estate.${one}`)}
          </Link>
        ))}
      </nav>
      <div className="filters">
        <SearchField label={t(`web.estate.search.${shown}`)} value={query} change={search} />
      </div>
      {shown === 'models' ? <ModelList query={query} parameters={parameters} set={set} /> : null}
      {shown === 'sites' ? <SiteList query={query} /> : null}
      {shown === 'actors' ? <ActorList query={query} /> : null}
    </>
  )
}

function addressOf(shown: Shown, query: string): string {
  const parameters = new URLSearchParams({
    ...(shown === 'models' ? {} : { show: shown }),
    ...(query === '' ? {} : { query }),
  }).toString()
  return parameters === '' ? '/estate' : `/estate?${parameters}`
}
