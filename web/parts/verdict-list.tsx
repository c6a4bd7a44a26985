import type { ReactNode } from 'react'
import type { CheckReport, RuleVerdict } from '../../src/contract/check.ts'
import { useText } from '../language.tsx'
import { VerdictTag } from './tags.tsx'

/** The rules of a check: what departs and what is undecided in full, what is met behind its count. */
export function VerdictList({ check, children }: { check: CheckReport; children(rule: RuleVerdict): ReactNode }) {
  const t = useText()
  // at a site with several models a rule stands once for each
  const numbered = check.rules.map((rule, at) => ({ rule, key: `${rule.id} ${at}` }))
  const of = (verdict: RuleVerdict['verdict']) => numbered.filter(({ rule }) => rule.verdict === verdict)
  const met = of('meets')
  if (check.rules.length === 0) return <p className="empty">{t('web.verdict.noRules')}</p>
  return (
    <div className="stack">
      <p>
        <VerdictTag verdict={check.verdict} /> {t(`web.verdict.meaning.${check.verdict}`)}
      </p>
      {[...of('departs'), ...of('undecided')].map(({ rule, key }) => (
        <div key={key}>{children(rule)}</div>
      ))}
      {met.length === 0 ? null : (
        <details>
          <summary>{t('web.verdict.met', { count: met.length })}</summary>
          <div className="stack">
            {met.map(({ rule, key }) => (
              <div key={key}>{children(rule)}</div>
            ))}
          </div>
        </details>
      )}
    </div>
  )
}
