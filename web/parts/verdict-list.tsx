import type { ReactNode } from 'react'
import type { CheckReport, RuleVerdict } from '../../src/contract/check.ts'
import { useText } from '../language.tsx'
import { VerdictTag } from './tags.tsx'

/** More undecided ones than these would bury what follows them. */
const MOST_OPEN = 6

/** The rules of a check: what departs in full, what is undecided in a line each, what is met behind its count. */
export function VerdictList({ check, children }: { check: CheckReport; children(rule: RuleVerdict): ReactNode }) {
  const t = useText()
  // at a site with several models a rule stands once for each
  const numbered = check.rules.map((rule, at) => ({ rule, key: `${rule.id} ${at}` }))
  const of = (verdict: RuleVerdict['verdict']) => numbered.filter(({ rule }) => rule.verdict === verdict)
  const [departs, undecided, met] = [of('departs'), of('undecided'), of('meets')]
  const shown = (rules: typeof numbered) => rules.map(({ rule, key }) => <div key={key}>{children(rule)}</div>)
  if (check.rules.length === 0) return <p className="empty">{t('web.verdict.noRules')}</p>
  return (
    <div className="stack">
      <p>
        <VerdictTag verdict={check.verdict} /> {t(`web.verdict.meaning.${check.verdict}`)}
      </p>
      {shown(departs)}
      {undecided.length > MOST_OPEN && departs.length > 0 ? (
        <details>
          <summary>{t('web.verdict.undecidedRules', { count: undecided.length })}</summary>
          <div className="stack">{shown(undecided)}</div>
        </details>
      ) : (
        shown(undecided)
      )}
      {met.length === 0 ? null : (
        <details>
          <summary>{t('web.verdict.met', { count: met.length })}</summary>
          <div className="stack">{shown(met)}</div>
        </details>
      )}
    </div>
  )
}
