import type { CheckReport } from '../../src/contract/check.ts'
import type { TraceReport } from '../../src/contract/trace.ts'
import { visible } from '../../src/report/escape.ts'
import { useLanguage } from '../language.tsx'
import { Loading, Problem } from '../parts/answer.tsx'
import { day } from '../parts/format.ts'
import { StatementLink } from '../parts/links.tsx'
import { RuleCard } from '../parts/rule.tsx'
import { Severity } from '../parts/tags.tsx'
import { VerdictList } from '../parts/verdict-list.tsx'

/** What is not as agreed, what could not be decided and what would settle it, and the incidents on record. */
export function OpenSection({
  check,
  problem,
  trace,
}: {
  check: CheckReport | null
  /** Why there is no check. */
  problem: Error | null
  trace: TraceReport
}) {
  const { t, language } = useLanguage()
  return (
    <section id="open" aria-labelledby="open-title">
      <h2 id="open-title">{t('web.model.open')}</h2>
      {trace.incidents.map((incident) => (
        <p key={incident.statement} className="row">
          <Severity severity={incident.severity} />
          <span>{visible(incident.text)}</span>
          <span className="small soft">{day(incident.at, language)}</span>
          <StatementLink number={incident.statement} />
        </p>
      ))}
      {problem === null ? null : <Problem error={problem} />}
      {check === null && problem === null ? <Loading /> : null}
      {check === null ? null : <VerdictList check={check}>{(rule) => <RuleCard rule={rule} />}</VerdictList>}
    </section>
  )
}
