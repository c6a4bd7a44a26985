import type { OpenRule } from '../../src/contract/api.ts'
import { useLanguage } from '../language.tsx'
import { day } from './format.ts'
import { Statements, SubjectLink } from './links.tsx'
import { VerdictTag } from './tags.tsx'

/** A model at two sites can miss one rule twice, for a reason each. */
export function keyOf({ subject, site, rule, reason }: OpenRule): string {
  return JSON.stringify([subject, site, rule, reason])
}

/** A departure or a duty: what is the matter, of whom or what, what to do, who, and until when. */
export function OpenRuleCard({ rule, full = false }: { rule: OpenRule; full?: boolean }) {
  return (
    <article className={`card verdict ${rule.verdict}`}>
      <div className="row">
        <VerdictTag verdict={rule.verdict} />
        <span className="small">
          <SubjectLink subject={rule.subject} name={rule.name} />
        </span>
        <Deadline by={rule.by} overdue={rule.overdue} />
      </div>
      <h3>{rule.title}</h3>
      <Body rule={rule} full={full} />
    </article>
  )
}

/** The same in one line, until it is opened: there are many that could not be decided, and a few that count. */
export function FoldedRule({ rule }: { rule: OpenRule }) {
  return (
    <details className={`card verdict ${rule.verdict}`}>
      <summary>
        <span className="folded">
          <VerdictTag verdict={rule.verdict} />
          <strong>{rule.title}</strong>
          <span className="small">{rule.name}</span>
          <Deadline by={rule.by} overdue={rule.overdue} />
        </span>
      </summary>
      <Body rule={rule} full />
      <p className="small">
        <SubjectLink subject={rule.subject} name={rule.name} />
      </p>
    </details>
  )
}

function Body({ rule, full }: { rule: OpenRule; full: boolean }) {
  const { t } = useLanguage()
  return (
    <>
      <p>{rule.reason}</p>
      {rule.todo === null ? null : (
        <p>
          <strong>{t(rule.verdict === 'undecided' ? 'web.duty.settle' : 'web.duty.todo')}</strong> {rule.todo}
        </p>
      )}
      <p className="small soft">
        {rule.who === null ? t('web.duty.nobody') : t('web.duty.who', { who: rule.who })} · {rule.source}
        {full ? ` · ${rule.rule}` : ''}
      </p>
      {full ? <Statements numbers={rule.statements} /> : null}
    </>
  )
}

export function Deadline({ by, overdue }: { by: string | null; overdue: boolean }) {
  const { t, language } = useLanguage()
  if (by === null) return <span className="small soft">{t('web.duty.noDay')}</span>
  const date = day(by, language)
  return overdue ? (
    <span className="tag bad">{t('web.duty.overdue', { date })}</span>
  ) : (
    <span className="small">{t('web.duty.by', { date })}</span>
  )
}
