import type { z } from 'zod'
import type { ActorSummary, actors } from '../../src/contract/api.ts'
import { useLanguage } from '../language.tsx'
import { Answer } from '../parts/answer.tsx'
import { day } from '../parts/format.ts'
import { ActorLink, ModelLink, SiteLink } from '../parts/links.tsx'
import { VirtualList } from '../parts/virtual-list.tsx'
import { usePages } from '../server.ts'

export function ActorList({ query }: { query: string }) {
  const { t } = useLanguage()
  const pages = usePages<z.infer<typeof actors>>('actors', { query, limit: 100 })
  return (
    <Answer of={{ data: pages.data, error: pages.error }}>
      {({ pages: found }) => {
        const items = found.flatMap((page) => page.items)
        return items.length === 0 ? (
          <p className="empty">{t('web.estate.noActors')}</p>
        ) : (
          <VirtualList
            items={items}
            total={pages.hasNextPage ? null : items.length}
            label={t('web.estate.actors')}
            keyOf={({ actor }) => actor.id}
            more={pages.hasNextPage && !pages.isFetchingNextPage ? () => void pages.fetchNextPage() : null}
          >
            {(summary) => <Entry summary={summary} />}
          </VirtualList>
        )
      }}
    </Answer>
  )
}

function Entry({ summary: { actor, holds, sites, since, keys } }: { summary: ActorSummary }) {
  const { t, language } = useLanguage()
  return (
    <div className="entry">
      <div>
        <ActorLink actor={actor} />
        <div className="soft small">
          {t(`web.actor.kind.${actor.kind}`)} · {t('ledger.since', { date: day(since, language) })} ·{' '}
          {t('web.actor.keys', { count: keys.length })}
        </div>
      </div>
      <div className="small">
        <span className="soft">{t('web.actor.holds')} </span>
        {holds.length === 0 ? t('web.none') : null}
        {holds.slice(0, 4).map(({ id, name }, at) => (
          <span key={id}>
            {at > 0 ? t('list.separator') : ''}
            <ModelLink id={id} name={name} />
          </span>
        ))}
        {holds.length > 4 ? t('web.andMore', { count: holds.length - 4 }) : null}
      </div>
      <div className="small">
        {sites.slice(0, 3).map((site, at) => (
          <span key={site}>
            {at > 0 ? t('list.separator') : ''}
            <SiteLink site={site} />
          </span>
        ))}
      </div>
    </div>
  )
}
