import { lazy } from 'react'
import type { ModelDetails } from '../../src/contract/api.ts'
import type { CheckReport } from '../../src/contract/check.ts'
import type { TraceReport } from '../../src/contract/trace.ts'
import { visible } from '../../src/report/escape.ts'
import { useLanguage } from '../language.tsx'
import { ChangeSection } from '../model/change.tsx'
import { FactsSection } from '../model/facts.tsx'
import { FamilySection, useFamily } from '../model/family.tsx'
import { JourneySection } from '../model/journey.tsx'
import { OpenSection } from '../model/open.tsx'
import { SitesSection } from '../model/sites.tsx'
import { WhereSection } from '../model/where.tsx'
import { Answer } from '../parts/answer.tsx'
import { Download } from '../parts/download.tsx'
import { roughly, shortId } from '../parts/format.ts'
import { VerdictTag } from '../parts/tags.tsx'
import { useTitle } from '../parts/title.ts'
import { useAnswer } from '../server.ts'
import { Opener } from '../write/opener.tsx'

const RecordForm = lazy(() => import('../write/record.tsx'))
const DecisionsForm = lazy(() => import('../write/decisions.tsx'))

const SECTIONS = ['where', 'journey', 'family', 'change', 'sites', 'open', 'facts'] as const

/** All that is known of one model: where it is, how it got there, what it was made from, what it does, and what follows. */
export default function Model({ reference }: { reference: string }) {
  const path = `models/${encodeURIComponent(reference)}`
  const details = useAnswer<ModelDetails>(path)
  const trace = useAnswer<TraceReport>(`${path}/trace`, { holders: 'true' })
  const check = useAnswer<CheckReport>(`${path}/check`)
  useFamily(reference)
  if (details.error !== null && trace.data !== undefined)
    return <Shown details={null} trace={trace.data} check={check.data ?? null} checkError={check.error} />
  return (
    <Answer of={details}>
      {(details) => (
        <Answer of={trace}>
          {(trace) => <Shown details={details} trace={trace} check={check.data ?? null} checkError={check.error} />}
        </Answer>
      )}
    </Answer>
  )
}

interface Known {
  /** Null for a model that nobody here has the bytes of. */
  details: ModelDetails | null
  trace: TraceReport
  check: CheckReport | null
  checkError: Error | null
}

function Shown({ details, trace, check, checkError }: Known) {
  const { t } = useLanguage()
  const { id, name } = trace.model
  const shown = visible(name || shortId(id))
  useTitle(shown)
  return (
    <>
      <div className="page-head">
        <p className="soft small">{t('web.model.kind')}</p>
        <h1>
          <bdi>{shown}</bdi>
        </h1>
        <Summary details={details} trace={trace} check={check} />
        <p>
          <code className="soft">{id}</code>
        </p>
        <div className="actions">
          <Download
            path={`models/${encodeURIComponent(id)}/dossier`}
            name={`${name || shortId(id)}.dossier.html`}
            label={t('web.download.dossier')}
          />
          <Opener needs="recorder" label={t('web.record.open')}>
            <RecordForm models={[trace.model]} />
          </Opener>
          <Opener needs="recorder" label={t('web.upload.decisions.open')}>
            <DecisionsForm model={trace.model} />
          </Opener>
        </div>
      </div>
      <nav className="jump" aria-label={t('page.contents')}>
        {SECTIONS.map((section) => (
          <a key={section} href={`#${section}`}>
            {t(`web.model.${section}`)}
          </a>
        ))}
      </nav>
      <WhereSection details={details} trace={trace} />
      <JourneySection trace={trace} />
      {details === null ? null : <FamilySection model={trace.model} />}
      {details === null ? null : <ChangeSection trace={trace} />}
      <SitesSection trace={trace} />
      <OpenSection check={check} problem={checkError} trace={trace} />
      <FactsSection details={details} trace={trace} />
    </>
  )
}

/** What it is in one line. */
function Summary({ details, trace, check }: Omit<Known, 'checkError'>) {
  const { t, language } = useLanguage()
  const parts = [
    trace.model.parameters === null
      ? t('trace.unseen')
      : t('web.estate.parameters', { number: roughly(trace.model.parameters, language) }),
    ...(details?.quantisation ? [details.quantisation.scheme] : []),
    ...(details === null ? [] : [details.formats.join(' · ')]),
    t('count.copies', { count: trace.places.length }),
  ]
  return (
    <p className="row">
      {check === null ? null : <VerdictTag verdict={check.verdict} />}
      <span>{parts.filter((part) => part !== '').join(' · ')}</span>
    </p>
  )
}
