import { Link } from 'wouter'
import type { TraceReport } from '../../src/contract/trace.ts'
import { visible } from '../../src/report/escape.ts'
import { useLanguage } from '../language.tsx'
import { day } from '../parts/format.ts'
import { ActorLink, NamedModel, SiteLink, StatementLink } from '../parts/links.tsx'
import { Table } from '../parts/table.tsx'
import { Severity, Status } from '../parts/tags.tsx'
import type { Results } from '../results.ts'
import { useAnswer } from '../server.ts'

/** Where it, or what was made from it, is in use, and what was measured there. */
export function SitesSection({ trace }: { trace: TraceReport }) {
  const { t, language } = useLanguage()
  const results = useAnswer<Results>('results', { limit: 200 })
  const latestAt = (site: string) => results.data?.items.find((result) => result.site === site)
  const here = new Set(trace.sites.map(({ site }) => site))
  const elsewhere = results.data?.items.filter(
    ({ site, models }) => (site === null || !here.has(site)) && models.some(({ id }) => id === trace.model.id),
  )
  return (
    <section id="sites" aria-labelledby="sites-title">
      <h2 id="sites-title">{t('web.model.sites')}</h2>
      {trace.sites.length === 0 ? (
        <p className="empty">{t('web.site.none')}</p>
      ) : (
        <Table
          caption={t('web.site.caption')}
          head={[
            t('web.site.site'),
            t('web.site.model'),
            t('web.site.purpose'),
            t('web.site.actor'),
            t('web.site.period'),
            t('web.site.impact'),
            t('web.status.label'),
          ]}
          rows={trace.sites.map((site) => {
            const result = latestAt(site.site)
            return {
              key: `${site.site} ${site.statement}`,
              cells: [
                <SiteLink key="site" site={site.site} />,
                site.model === trace.model.id ? t('web.site.this') : <NamedModel key="model" id={site.model} />,
                `${visible(site.purpose ?? '–')}${site.jurisdiction === null ? '' : ` · ${visible(site.jurisdiction)}`}`,
                <ActorLink key="actor" actor={site.actor} />,
                site.until === null
                  ? t('ledger.since', { date: day(site.at, language) })
                  : t('ledger.fromUntil', { from: day(site.at, language), until: day(site.until, language) }),
                result === undefined ? (
                  <span key="impact" className="tag open">
                    {t('web.site.unmeasured')}
                  </span>
                ) : (
                  <span key="impact" className="row">
                    <Link href={`/impact/${result.number}`}>{t(`web.result.${result.kind}`)}</Link>
                    {result.severity === null ? null : <Severity severity={result.severity} />}
                  </span>
                ),
                <span key="status" className="row">
                  <Status status={site.status} />
                  <StatementLink number={site.statement} />
                </span>,
              ],
            }
          })}
        />
      )}
      {elsewhere?.map((result) => (
        <p key={result.number} className="row">
          <Link href={`/impact/${result.number}`}>{t(`web.result.${result.kind}`)}</Link>
          {result.site === null ? null : <SiteLink site={result.site} />}
          {result.severity === null ? null : <Severity severity={result.severity} />}
          <span className="small soft">{day(result.at, language)}</span>
        </p>
      ))}
    </section>
  )
}
