import { useEffect, useState } from 'react'
import type { CheckpointAnswer } from '../../src/contract/api-ledger.ts'
import { visible } from '../../src/report/escape.ts'
import { useLanguage } from '../language.tsx'
import { whole } from '../parts/format.ts'
import { canVerify, checkHead, type Outcome } from '../proof/check.ts'
import { OutcomeTag } from './outcome.tsx'

/** The signed head of the log; its signature is checked here, not by the server. */
export function Head({ checkpoint, keys }: { checkpoint: CheckpointAnswer; keys: readonly string[] }) {
  const { t, language } = useLanguage()
  const [outcome, setOutcome] = useState<Outcome | 'cannot' | null>(null)
  useEffect(() => {
    let current = true
    const check = async () => ((await canVerify()) ? await checkHead(checkpoint, keys) : 'cannot')
    check().then((found) => current && setOutcome(found))
    return () => {
      current = false
    }
  }, [checkpoint, keys])
  return (
    <div className="card stack">
      <p className="row">
        <OutcomeTag outcome={outcome} /> {t('web.proof.checkpointIs')}
      </p>
      <dl className="facts">
        <dt>{t('web.ledger.origin')}</dt>
        <dd>{visible(checkpoint.origin)}</dd>
        <dt>{t('web.ledger.size')}</dt>
        <dd className="number">{whole(checkpoint.size, language)}</dd>
        <dt>{t('web.ledger.root')}</dt>
        <dd>
          <code>{checkpoint.root}</code>
        </dd>
      </dl>
      <details>
        <summary>{t('web.ledger.note')}</summary>
        <pre>{checkpoint.note}</pre>
      </details>
      <p className="small soft">{t('web.ledger.keep')}</p>
    </div>
  )
}
