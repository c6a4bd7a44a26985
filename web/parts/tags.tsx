import type { Verdict } from '../../src/contract/check.ts'
import type { FactStatus } from '../../src/contract/trace.ts'
import { useText } from '../language.tsx'

const STATUS_STYLE: Record<FactStatus, string> = {
  verified: 'sure',
  attested: 'attested',
  declared: 'declared',
  inferred: 'inferred',
  disputed: 'bad',
}

/** The status of a fact, never by colour alone: a word, in a frame of its own kind of line. */
export function Status({ status }: { status: FactStatus | null }) {
  const t = useText()
  if (status === null)
    return (
      <span className="tag open" title={t('web.status.unknownMeaning')}>
        {t('web.status.unknown')}
      </span>
    )
  return (
    <span className={`tag ${STATUS_STYLE[status]}`} title={t(`status.${status}.meaning`)}>
      {t(`status.${status}.name`)}
    </span>
  )
}

const VERDICT_STYLE: Record<Verdict, { style: string; sign: string }> = {
  departs: { style: 'bad', sign: '✕' },
  undecided: { style: 'open', sign: '?' },
  meets: { style: 'sure', sign: '✓' },
}

export function VerdictTag({ verdict }: { verdict: Verdict }) {
  const t = useText()
  const { style, sign } = VERDICT_STYLE[verdict]
  return (
    <span className={`tag ${style}`}>
      <span aria-hidden="true">{sign} </span>
      {t(`web.verdict.${verdict}`)}
    </span>
  )
}

const SEVERITY_STYLE = { high: 'bad', medium: 'open', low: 'declared' } as const

export function Severity({ severity }: { severity: 'low' | 'medium' | 'high' }) {
  const t = useText()
  return <span className={`tag ${SEVERITY_STYLE[severity]}`}>{t(`severity.${severity}`)}</span>
}
