import { Link } from 'wouter'
import type { Overview as Answered, ResultSummary } from '../../src/contract/api.ts'
import type { ChangeKind } from '../../src/contract/scan.ts'
import type { Translate } from '../../src/report/language.ts'
import { useLanguage } from '../language.tsx'
import { Answer } from '../parts/answer.tsx'
import { day, moment, whole } from '../parts/format.ts'
import { SiteLink, SubjectLink } from '../parts/links.tsx'
import { Deadline, keyOf, OpenRuleCard } from '../parts/open-rule.tsx'
import { Severity, VerdictTag } from '../parts/tags.tsx'
import { useTitle } from '../parts/title.ts'
import { useAnswer } from '../server.ts'

/** What an executive reads in a minute: is anything not as agreed, what is to be done by when, and how things stand. */
export function Overview() {
  const { t } = useLanguage()
  useTitle(t('web.nav.overview'))
  return <Answer of={useAnswer<Answered>('overview')}>{(overview) => <Shown overview={overview} />}</Answer>
}

function Shown({ overview }: { overview: Answered }) {
  const { t, language } = useLanguage()
  return (
    <>
      <div className="page-head">
        <h1>{t('web.overview.title')}</h1>
        <p className="soft small">{t('web.asOf', { date: day(overview.asOf, language) })}</p>
      </div>
      <Lead overview={overview} />
      <Departures overview={overview} />
      <Due overview={overview} />
      <section aria-labelledby="axes">
        <h2 id="axes">{t('web.overview.axes')}</h2>
        <div className="cards">
          <Mobility overview={overview} />
          <Change overview={overview} />
          <Performativity overview={overview} />
        </div>
      </section>
      <Latest results={overview.latest} />
      <p className="soft small after">
        {overview.log === null
          ? t('web.overview.noLog')
          : t('ledger.log', { origin: overview.log.origin, size: overview.log.size })}
        {overview.lastScan === null
          ? null
          : ` · ${t('web.overview.lastScan', { time: moment(overview.lastScan.finished, language) })}`}
      </p>
    </>
  )
}

function Lead({ overview: { verdict, counts } }: { overview: Answered }) {
  const { t } = useLanguage()
  const judged = counts.departs + counts.undecided + counts.meets
  if (judged === 0) return <p className="lead">{t('web.overview.nothingJudged')}</p>
  return (
    <>
      <p className="lead">{leadIn(t, verdict, counts)}</p>
      <dl className="figures">
        {(['departs', 'undecided', 'meets'] as const).map((one) => (
          <div key={one}>
            <dt>
              <VerdictTag verdict={one} /> {t(counts[one] === 1 ? 'web.overview.subject' : 'web.overview.subjects')}
            </dt>
            <dd>{counts[one]}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}

/** Whether all is as agreed, and how much is not, in one or two sentences; what is none is not counted. */
function leadIn(t: Translate, verdict: Answered['verdict'], { departs, undecided }: Answered['counts']): string {
  if (verdict === 'meets') return t('web.overview.lead.meets')
  const sentences = [
    departs === 0 ? t('web.overview.lead.noneDeparts') : t('web.overview.lead.departs', { count: departs }),
    ...(undecided === 0 ? [] : [t('web.overview.lead.undecided', { count: undecided })]),
    t(departs === 0 ? 'web.overview.lead.settle' : 'web.overview.lead.todo'),
  ]
  return sentences.reduce((first, second) => t('list.sentences', { first, second }))
}

/** As many as are read in a minute; the others are a step away. */
const FIRST_DEPARTURES = 6
const FIRST_DUE = 6

function Departures({ overview: { departures, moreDepartures } }: { overview: Answered }) {
  const { t } = useLanguage()
  const more = moreDepartures + Math.max(0, departures.length - FIRST_DEPARTURES)
  return (
    <section aria-labelledby="departures">
      <h2 id="departures">{t('web.overview.departures')}</h2>
      {departures.length === 0 ? <p className="empty">{t('web.overview.noDepartures')}</p> : null}
      <div className="pairs">
        {departures.slice(0, FIRST_DEPARTURES).map((rule) => (
          <OpenRuleCard key={keyOf(rule)} rule={rule} />
        ))}
      </div>
      {more > 0 ? (
        <p className="after">
          <Link href="/duties?verdict=departs">{t('web.overview.moreDepartures', { count: more })}</Link>
        </p>
      ) : null}
    </section>
  )
}

function Due({ overview: { due } }: { overview: Answered }) {
  const { t } = useLanguage()
  return (
    <section aria-labelledby="due">
      <h2 id="due">{t('web.overview.due')}</h2>
      {due.length === 0 ? (
        <p className="empty">{t('web.overview.nothingDue')}</p>
      ) : (
        <ul className="plain stack">
          {due.slice(0, FIRST_DUE).map((rule) => (
            <li key={keyOf(rule)} className="due">
              <Deadline by={rule.by} overdue={rule.overdue} />
              <span>
                {rule.todo ?? rule.title}{' '}
                <span className="soft small">
                  <SubjectLink subject={rule.subject} name={rule.name} />
                  {rule.who === null ? '' : ` · ${rule.who}`}
                </span>
              </span>
            </li>
          ))}
        </ul>
      )}
      <p className="after">
        <Link href="/duties">{t('web.overview.allDuties')}</Link>
      </p>
    </section>
  )
}

function Figures({ of }: { of: readonly (readonly [string, number])[] }) {
  const { language } = useLanguage()
  return (
    <dl className="facts counts">
      {of.map(([label, value]) => (
        <div className="pair" key={label}>
          <dt>{label}</dt>
          <dd className="number">{whole(value, language)}</dd>
        </div>
      ))}
    </dl>
  )
}

function Mobility({ overview: { mobility } }: { overview: Answered }) {
  const { t } = useLanguage()
  return (
    <article className="card">
      <h3>{t('web.axis.mobility')}</h3>
      <p className="soft small">{t('web.axis.mobilityQuestion')}</p>
      <Figures
        of={[
          [t('web.figure.models'), mobility.models],
          [t('web.figure.copies'), mobility.copies],
          [t('web.figure.gone'), mobility.gone],
          [t('web.figure.actors'), mobility.actors],
          [t('web.figure.handOvers'), mobility.handOvers],
          [t('web.figure.unconfirmed'), mobility.unconfirmed],
        ]}
      />
      <p>
        <Link href="/estate">{t('web.axis.mobilityMore')}</Link>
      </p>
    </article>
  )
}

function Change({ overview: { change } }: { overview: Answered }) {
  const { t, language } = useLanguage()
  const kinds = Object.entries(change.byChange).sort(([, a], [, b]) => b - a) as [ChangeKind, number][]
  return (
    <article className="card">
      <h3>{t('web.axis.change')}</h3>
      <p className="soft small">{t('web.axis.changeQuestion')}</p>
      <Figures
        of={[
          [t('web.figure.relations'), change.relations],
          [t('web.figure.origins'), change.origins],
          [t('web.figure.undetermined'), change.undetermined],
          [t('web.figure.highFindings'), change.findings.high],
        ]}
      />
      <p className="small">
        {kinds.slice(0, 8).map(([kind, count], at) => (
          <span key={kind}>
            {at > 0 ? ' · ' : ''}
            <Link href={`/estate?change=${kind}`}>{t(`change.${kind}.name`)}</Link> {whole(count, language)}
          </span>
        ))}
      </p>
    </article>
  )
}

function Performativity({ overview: { performativity } }: { overview: Answered }) {
  const { t } = useLanguage()
  return (
    <article className="card">
      <h3>{t('web.axis.performativity')}</h3>
      <p className="soft small">{t('web.axis.performativityQuestion')}</p>
      <Figures
        of={[
          [t('web.figure.sites'), performativity.sites],
          [t('web.figure.unmeasured'), performativity.unmeasured],
          [t('web.figure.results'), performativity.results],
          [t('web.figure.highFindings'), performativity.findings.high],
          [t('web.figure.incidents'), performativity.incidents],
        ]}
      />
      <p>
        <Link href="/impact">{t('web.axis.performativityMore')}</Link>
      </p>
    </article>
  )
}

function Latest({ results }: { results: readonly ResultSummary[] }) {
  const { t, language } = useLanguage()
  if (results.length === 0) return null
  return (
    <section aria-labelledby="latest">
      <h2 id="latest">{t('web.overview.latest')}</h2>
      <ul className="plain stack">
        {results.map((result) => (
          <li key={result.number} className="row">
            <Link href={`/impact/${result.number}`}>{t(`web.result.${result.kind}`)}</Link>
            {result.site === null ? null : <SiteLink site={result.site} />}
            <span className="soft small">{result.models.map(({ name }) => name).join(t('list.separator'))}</span>
            {result.severity === null ? null : <Severity severity={result.severity} />}
            <span className="soft small">{day(result.at, language)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
