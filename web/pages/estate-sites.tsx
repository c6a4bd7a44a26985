import type { z } from 'zod'
import type { SiteSummary, sites } from '../../src/contract/api.ts'
import { visible } from '../../src/report/escape.ts'
import { useLanguage } from '../language.tsx'
import { Answer } from '../parts/answer.tsx'
import { day } from '../parts/format.ts'
import { ActorLink, ModelLink, SiteLink } from '../parts/links.tsx'
import { Severity } from '../parts/tags.tsx'
import { VirtualList } from '../parts/virtual-list.tsx'
import { usePages } from '../server.ts'

export function SiteList({ query }: { query: string }) {
  const { t } = useLanguage()
  const pages = usePages<z.infer<typeof sites>>('sites', { query, limit: 100 })
  return (
    <Answer of={{ data: pages.data, error: pages.error }}>
      {({ pages: found }) => {
        const items = found.flatMap((page) => page.items)
        return items.length === 0 ? (
          <p className="empty">{t('web.estate.noSites')}</p>
        ) : (
          <VirtualList
            items={items}
            total={pages.hasNextPage ? null : items.length}
            label={t('web.estate.sites')}
            keyOf={(site) => `${site.site} ${site.statement}`}
            more={pages.hasNextPage && !pages.isFetchingNextPage ? () => void pages.fetchNextPage() : null}
          >
            {(site) => <Entry site={site} />}
          </VirtualList>
        )
      }}
    </Answer>
  )
}

function Entry({ site }: { site: SiteSummary }) {
  const { t, language } = useLanguage()
  return (
    <div className="entry">
      <div>
        <SiteLink site={site.site} />
        <div className="soft small">{visible(site.purpose ?? t('web.site.noPurpose'))}</div>
      </div>
      <div className="small">
        <ModelLink id={site.model} name={site.modelName} />
        <div className="soft">
          <ActorLink actor={site.actor} />
          {site.jurisdiction === null ? '' : ` · ${visible(site.jurisdiction)}`}
        </div>
      </div>
      <div className="small">
        {t(`site.verdict.${site.verdict}`)}
        <div className="soft">
          {site.current ? t('ledger.since', { date: day(site.at, language) }) : t('web.site.ended')}
          {site.severity === null ? null : (
            <>
              {' '}
              <Severity severity={site.severity} />
            </>
          )}
        </div>
      </div>
    </div>
  )
}
