import type { z } from 'zod'
import type { actors } from '../../src/contract/api.ts'
import { RECORD_EVENTS } from '../../src/contract/record-events.ts'
import { actorText } from '../../src/report/actor-text.ts'
import type { Translate } from '../../src/report/language.ts'
import { useLanguage } from '../language.tsx'
import { Answer } from '../parts/answer.tsx'
import { day, whole } from '../parts/format.ts'
import { ModelLink, SiteLink } from '../parts/links.tsx'
import { useTitle } from '../parts/title.ts'
import { useAnswer } from '../server.ts'

/** What the log calls an event, in words; what a newer version calls one stands as it is. */
function eventText(t: Translate, event: string): string {
  const known = RECORD_EVENTS.find((one) => one === event)
  return known === undefined ? event : t(`web.record.events.${known}`)
}

/** Who has what, and where it is used. */
export default function Actor({ id }: { id: string }) {
  const { t, language } = useLanguage()
  useTitle(t('web.actor.title'))
  const name = id.slice(id.indexOf(':') + 1)
  return (
    <Answer of={useAnswer<z.infer<typeof actors>>('actors', { query: name, limit: 100 })}>
      {({ items }) => {
        const found = items.find(({ actor }) => actor.id === id)
        if (found === undefined) return <p className="note">{t('web.actor.unknown')}</p>
        const { actor, events, holds, sites, keys, since } = found
        return (
          <>
            <div className="page-head">
              <p className="soft small">{t(`web.actor.kind.${actor.kind}`)}</p>
              <h1>
                <bdi>{actorText(t, actor)}</bdi>
              </h1>
              <p className="soft">
                {t('ledger.since', { date: day(since, language) })} · {t('web.actor.keys', { count: keys.length })}
              </p>
            </div>
            <section aria-labelledby="holds">
              <h2 id="holds">{t('web.actor.holds')}</h2>
              {holds.length === 0 ? <p className="empty">{t('web.none')}</p> : null}
              <ul className="plain">
                {holds.map((model) => (
                  <li key={model.id}>
                    <ModelLink {...model} />
                  </li>
                ))}
              </ul>
            </section>
            <section aria-labelledby="sites">
              <h2 id="sites">{t('ledger.sites')}</h2>
              {sites.length === 0 ? <p className="empty">{t('web.none')}</p> : null}
              <ul className="plain">
                {sites.map((site) => (
                  <li key={site}>
                    <SiteLink site={site} />
                  </li>
                ))}
              </ul>
            </section>
            <section aria-labelledby="events">
              <h2 id="events">{t('web.actor.events')}</h2>
              <dl className="facts counts">
                {Object.entries(events).map(([event, count]) => (
                  <div className="pair" key={event}>
                    <dt>{eventText(t, event)}</dt>
                    <dd className="number">{whole(count, language)}</dd>
                  </div>
                ))}
              </dl>
            </section>
          </>
        )
      }}
    </Answer>
  )
}
