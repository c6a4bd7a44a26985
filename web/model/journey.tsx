import { lazy, Suspense, useMemo } from 'react'
import type { NamedActor } from '../../src/contract/actor.ts'
import type { FactStatus, TraceReport } from '../../src/contract/trace.ts'
import { actorText } from '../../src/report/actor-text.ts'
import { visible } from '../../src/report/escape.ts'
import type { Translate } from '../../src/report/language.ts'
import { useLanguage } from '../language.tsx'
import { Loading } from '../parts/answer.tsx'
import { day } from '../parts/format.ts'
import { StatementLink } from '../parts/links.tsx'
import { Status } from '../parts/tags.tsx'

const ActorNetwork = lazy(() => import('../graph/actors.tsx'))

interface Happening {
  key: string
  at: string
  text: string
  status: FactStatus
  /** What keeps it from being certain. */
  open: string | null
  statement: number | null
}

/** How it got to where it is: everything with a day, in order, and who gave it to whom. */
export function JourneySection({ trace }: { trace: TraceReport }) {
  const { t, language } = useLanguage()
  const happenings = happeningsOf(trace, t)
  const between = useMemo(() => trace.hops.filter(({ from, to }) => from !== null && to !== null), [trace])
  return (
    <section id="journey" aria-labelledby="journey-title">
      <h2 id="journey-title">{t('web.model.journey')}</h2>
      {between.length === 0 ? (
        <p className="empty">{t('web.journey.noHands')}</p>
      ) : (
        <Suspense fallback={<Loading />}>
          <ActorNetwork hops={between} />
        </Suspense>
      )}
      <h3 className="sub">{t('web.journey.timeline')}</h3>
      {happenings.length === 0 ? <p className="empty">{t('web.journey.nothing')}</p> : null}
      <ol className="timeline">
        {happenings.map(({ key, at, text, status, open, statement }) => (
          <li key={key} className={open === null ? undefined : 'unsure'}>
            <div className="row">
              <time dateTime={at} className="small soft">
                {day(at, language)}
              </time>
              <span>{text}</span>
              <Status status={status} />
              {open === null ? null : <span className="small soft">{open}</span>}
              {statement === null ? null : <StatementLink number={statement} />}
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}

function happeningsOf(trace: TraceReport, t: Translate): Happening[] {
  const who = (actor: NamedActor | null) => actorText(t, actor)
  const hops = trace.hops.map((hop) => {
    const hands =
      hop.from !== null && hop.to !== null
        ? t('ledger.fromTo', { from: who(hop.from), to: who(hop.to) })
        : who(hop.to ?? hop.from)
    return {
      ...dated(hop),
      text: `${t(`ledger.event.${hop.event}`)}${t('list.colon')}${hands}`,
      open: hop.event === 'handed-over' && !hop.confirmed ? t('ledger.unconfirmed') : null,
    }
  })
  const sites = trace.sites.map((site) => ({
    ...dated(site),
    text: t('web.journey.deployed', { site: visible(site.site), actor: who(site.actor) }),
    open: null,
  }))
  const incidents = trace.incidents.map((incident) => ({
    ...dated(incident),
    text: t('web.journey.incident', { text: visible(incident.text) }),
    open: null,
  }))
  const evaluations = trace.evaluations.map((evaluation) => ({
    ...dated(evaluation),
    text: t('web.journey.evaluated', { suite: visible(evaluation.suite), actor: who(evaluation.by) }),
    open: null,
  }))
  const seen = trace.places.map((place) => ({
    key: `place ${place.path}`,
    at: place.firstSeen,
    text: t('web.journey.seen', { path: visible(place.path) }),
    status: place.status,
    open: null,
    statement: null,
  }))
  return [...hops, ...sites, ...incidents, ...evaluations, ...seen].sort((a, b) => a.at.localeCompare(b.at))
}

function dated({ at, status, statement }: { at: string; status: FactStatus; statement: number }) {
  return { key: `statement ${statement}`, at, status, statement }
}
