import { Link } from 'wouter'
import type { MeasuredResult } from '../../src/contract/api-ledger.ts'
import { useLanguage } from '../language.tsx'
import { Answer } from '../parts/answer.tsx'
import { day } from '../parts/format.ts'
import type { Results } from '../results.ts'
import { useAnswer } from '../server.ts'
import { AuditSummary } from './audit-summary.tsx'
import { FlipsByGroup } from './flips.tsx'

/** The latest audit of a site and the latest comparison, with how sure they are; or what would have to be measured. */
export function SiteImpact({ site }: { site: string }) {
  const { t } = useLanguage()
  return (
    <Answer of={useAnswer<Results>('results', { site, limit: 50 })}>
      {({ items }) => {
        const audit = items.find(({ kind }) => kind === 'audit')
        const compared = items.find(({ kind }) => kind === 'compare')
        if (audit === undefined && compared === undefined) return <p className="note">{t('web.impact.unmeasured')}</p>
        return (
          <>
            {audit === undefined ? (
              <p className="note">{t('web.impact.unmeasured')}</p>
            ) : (
              <Latest number={audit.number} />
            )}
            {compared === undefined ? null : <Latest number={compared.number} />}
            {items.length > 2 ? (
              <Link href={`/impact?site=${encodeURIComponent(site)}`}>{t('web.impact.all')}</Link>
            ) : null}
          </>
        )
      }}
    </Answer>
  )
}

function Latest({ number }: { number: number }) {
  const { t, language } = useLanguage()
  return (
    <Answer of={useAnswer<MeasuredResult>(`results/${number}`)}>
      {({ result, at }) => (
        <>
          <p className="row small soft">
            <span>{day(at, language)}</span>
            <Link href={`/impact/${number}`}>{t('web.impact.whole')}</Link>
            <Link href={`/ledger/${number}`}>{t('ledger.statementNumber', { number })}</Link>
          </p>
          {result.schema === 'yukue.audit/1' ? <AuditSummary report={result} /> : null}
          {result.schema === 'yukue.compare/1' ? <FlipsByGroup report={result} /> : null}
        </>
      )}
    </Answer>
  )
}
