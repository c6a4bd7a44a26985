import type { ModelDetails } from '../../src/contract/api.ts'
import type { TraceReport } from '../../src/contract/trace.ts'
import { visible } from '../../src/report/escape.ts'
import { findingMessage } from '../../src/report/finding-text.ts'
import { useLanguage } from '../language.tsx'
import { bytes, day } from '../parts/format.ts'
import { ActorLink } from '../parts/links.tsx'
import { Table } from '../parts/table.tsx'
import { Severity, Status } from '../parts/tags.tsx'

/** The copies that scans saw, and whoever holds one by what was recorded. */
export function WhereSection({ details, trace }: { details: ModelDetails | null; trace: TraceReport }) {
  const { t } = useLanguage()
  const gone = details?.artifacts.filter(({ gone }) => gone) ?? []
  const findings = details?.artifacts.flatMap((artifact) => artifact.findings.map((finding) => ({ artifact, finding })))
  return (
    <section id="where" aria-labelledby="where-title">
      <h2 id="where-title">{t('web.model.where')}</h2>
      <Copies places={trace.places} />
      {gone.length === 0 ? null : (
        <p className="small soft">
          {t('web.where.gone')}{' '}
          {gone.map(({ path }) => (
            <code key={path}>{visible(path)} </code>
          ))}
        </p>
      )}
      {findings?.map(({ artifact, finding }) => (
        <p key={`${artifact.path} ${finding.code}`} className="row small">
          <Severity severity={finding.severity} />
          <span>
            {findingMessage(t, finding as Parameters<typeof findingMessage>[1])}{' '}
            <code className="soft">{visible(artifact.path)}</code>
          </span>
        </p>
      ))}
      <Holders holders={trace.holders ?? []} />
    </section>
  )
}

function Copies({ places }: { places: TraceReport['places'] }) {
  const { t, language } = useLanguage()
  if (places.length === 0) return <p className="empty">{t('trace.noPlaces')}</p>
  return (
    <Table
      caption={t('web.where.copies', { count: places.length })}
      head={[
        t('page.copies.path'),
        t('page.copies.format'),
        t('page.copies.size'),
        t('web.where.seen'),
        t('web.status.label'),
      ]}
      rows={places.map((place) => ({
        key: place.path,
        cells: [
          <code key="path">{visible(place.path)}</code>,
          place.format,
          bytes(place.bytes, language),
          t('web.where.seenBetween', { first: day(place.firstSeen, language), last: day(place.lastSeen, language) }),
          <Status key="status" status={place.status} />,
        ],
      }))}
    />
  )
}

function Holders({ holders }: { holders: NonNullable<TraceReport['holders']> }) {
  const { t, language } = useLanguage()
  return (
    <>
      <h3 className="sub">{t('ledger.holders')}</h3>
      {holders.length === 0 ? (
        <p className="empty">{t('ledger.noHolders')}</p>
      ) : (
        <ul className="plain">
          {holders.map(({ holder, since, copies, status }) => (
            <li key={holder.id} className="row">
              <ActorLink actor={holder} />
              <span className="small soft">{t('ledger.since', { date: day(since, language) })}</span>
              {copies === null ? null : <span className="small soft">{t('ledger.copiesHere', { count: copies })}</span>}
              <Status status={status} />
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
