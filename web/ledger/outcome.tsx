import { useText } from '../language.tsx'
import type { Outcome } from '../proof/check.ts'

const SHOWN = {
  good: { style: 'sure', sign: '✓' },
  bad: { style: 'bad', sign: '✕' },
  absent: { style: 'open', sign: '?' },
  cannot: { style: 'open', sign: '?' },
} as const

/** What a check in this browser came to; null while it runs. */
export function OutcomeTag({ outcome }: { outcome: Outcome | 'cannot' | null }) {
  const t = useText()
  if (outcome === null) return <span className="tag">{t('web.proof.checking')}</span>
  const { style, sign } = SHOWN[outcome]
  return (
    <span className={`tag ${style}`} data-outcome={outcome}>
      <span aria-hidden="true">{sign} </span>
      {t(`web.proof.outcome.${outcome}`)}
    </span>
  )
}
