import type { ModelDetails } from '../../src/contract/api.ts'
import type { TraceReport } from '../../src/contract/trace.ts'
import { claimTitle, claimVerdict } from '../../src/report/claim-text.ts'
import { visible } from '../../src/report/escape.ts'
import { useLanguage } from '../language.tsx'
import { day, whole } from '../parts/format.ts'
import { ActorLink, ModelLink, NamedModel, StatementLink } from '../parts/links.tsx'
import { Table } from '../parts/table.tsx'
import { Status } from '../parts/tags.tsx'

/** The passport's facts, each with its status: what the bytes say, what somebody said, and how the two agree. */
export function FactsSection({ details, trace }: { details: ModelDetails | null; trace: TraceReport }) {
  const { t } = useLanguage()
  return (
    <section id="facts" aria-labelledby="facts-title">
      <h2 id="facts-title">{t('web.model.facts')}</h2>
      {details === null ? <p className="note">{t('trace.unseen')}</p> : <Measured details={details} />}
      <Declared trace={trace} />
      <Claims trace={trace} />
      <Evaluations trace={trace} />
      {details === null || details.lookAlikes.length === 0 ? null : (
        <>
          <h3 className="sub">{t('page.lookAlikes.heading')}</h3>
          <p className="small soft">{t('page.lookAlikes.intro')}</p>
          <ul>
            {details.lookAlikes.map(({ model, name }) => (
              <li key={model}>
                <ModelLink id={model} name={name} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

function Measured({ details }: { details: ModelDetails }) {
  const { t, language } = useLanguage()
  const dtypes = Object.entries(details.dtypes).map(([dtype, count]) => `${dtype} × ${whole(count, language)}`)
  return (
    <dl className="facts">
      <dt>{t('page.reading.id')}</dt>
      <dd className="row">
        <code>{details.id}</code> <Status status="verified" />
      </dd>
      <dt>{t('page.label.parameters')}</dt>
      <dd>{whole(details.parameters, language)}</dd>
      <dt>{t('web.facts.tensors')}</dt>
      <dd>{whole(details.tensors, language)}</dd>
      <dt>{t('page.label.numberTypes')}</dt>
      <dd>{dtypes.join(t('list.separator'))}</dd>
      <dt>{t('web.facts.quantisation')}</dt>
      <dd>
        {details.quantisation === null
          ? t('web.none')
          : t('web.facts.bits', { scheme: details.quantisation.scheme, bits: details.quantisation.bits })}
      </dd>
      <dt>{t('web.facts.print')}</dt>
      <dd>
        {details.print === null
          ? t('web.facts.noPrint')
          : t('web.facts.printVersion', { version: details.print.version })}
      </dd>
    </dl>
  )
}

/** What its files say of its lineage. */
function Declared({ trace: { declarations = [] } }: { trace: TraceReport }) {
  const { t } = useLanguage()
  if (declarations.length === 0) return null
  return (
    <>
      <h3 className="sub">{t('web.facts.declared')}</h3>
      <ul>
        {declarations.map((claim) => (
          <li key={`${claim.path} ${claim.base}`}>
            {claimTitle(t, claim)} — {claimVerdict(t, claim)} <code className="soft">{visible(claim.path)}</code>
          </li>
        ))}
      </ul>
    </>
  )
}

function Claims({ trace: { claims } }: { trace: TraceReport }) {
  const { t, language } = useLanguage()
  if (claims.length === 0) return null
  return (
    <>
      <h3 className="sub">{t('ledger.claims')}</h3>
      <Table
        caption={t('web.facts.claims')}
        head={[
          t('web.facts.what'),
          t('web.facts.said'),
          t('web.facts.weights'),
          t('web.facts.by'),
          t('web.status.label'),
        ]}
        rows={claims.map((claim) => ({
          key: `${claim.statement} ${claim.subject} ${claim.value}`,
          cells: [
            t(`ledger.claim.${claim.subject}`),
            visible(claim.value),
            claim.measured?.startsWith('blake3:') ? (
              <NamedModel key="measured" id={claim.measured} />
            ) : (
              visible(claim.measured ?? t('ledger.notMeasured'))
            ),
            <span key="by">
              <ActorLink actor={claim.by} /> <span className="soft">{day(claim.at, language)}</span>
            </span>,
            <span key="status" className="row">
              <Status status={claim.status} />
              <StatementLink number={claim.statement} />
            </span>,
          ],
        }))}
      />
    </>
  )
}

function Evaluations({ trace: { evaluations } }: { trace: TraceReport }) {
  const { t, language } = useLanguage()
  if (evaluations.length === 0) return null
  return (
    <>
      <h3 className="sub">{t('ledger.evaluations')}</h3>
      <Table
        caption={t('web.facts.evaluations')}
        head={[t('web.facts.suite'), t('web.facts.figures'), t('web.facts.by'), t('web.status.label')]}
        rows={evaluations.map((evaluation) => ({
          key: `${evaluation.statement}`,
          cells: [
            visible(evaluation.suite),
            Object.entries(evaluation.metrics)
              .map(([name, value]) => `${visible(name)} ${value}`)
              .join(' · '),
            <span key="by">
              <ActorLink actor={evaluation.by} /> <span className="soft">{day(evaluation.at, language)}</span>
            </span>,
            <span key="status" className="row">
              <Status status={evaluation.status} />
              <StatementLink number={evaluation.statement} />
            </span>,
          ],
        }))}
      />
    </>
  )
}
