import { useEffect, useMemo, useState } from 'react'
import { Link } from 'wouter'
import type { ProvenStatement } from '../../src/contract/api-ledger.ts'
import type { PredicateKind } from '../../src/contract/predicates.ts'
import { signaturesText } from '../../src/report/actor-text.ts'
import { useLanguage } from '../language.tsx'
import { OutcomeTag } from '../ledger/outcome.tsx'
import { Answer } from '../parts/answer.tsx'
import { moment } from '../parts/format.ts'
import { ModelLink } from '../parts/links.tsx'
import { useTitle } from '../parts/title.ts'
import { fromBase64 } from '../proof/bytes.ts'
import { canVerify, checkStatement, type Step } from '../proof/check.ts'
import { useAnswer } from '../server.ts'

/** One statement as it was entered, and the proof that it stands in the log, verified in this browser. */
export default function Statement({ number }: { number: number }) {
  return (
    <Answer of={useAnswer<ProvenStatement>(`statements/${number}`)}>{(found) => <Shown statement={found} />}</Answer>
  )
}

function Shown({ statement }: { statement: ProvenStatement }) {
  const { t, language } = useLanguage()
  const title = t('ledger.statementNumber', { number: statement.number })
  useTitle(title)
  return (
    <>
      <div className="page-head">
        <p className="soft small">
          <Link href="/ledger">{t('web.nav.ledger')}</Link>
        </p>
        <h1>
          {title} · {kindText(statement.kind)}
        </h1>
        <p className="row soft">
          <span>{moment(statement.time, language)}</span>
          <span>{signaturesText(t, statement.signatures).join(' · ')}</span>
          {statement.models.slice(0, 8).map(({ id, name }) => (
            <ModelLink key={id} id={id} name={name} />
          ))}
        </p>
      </div>
      <Proof statement={statement} />
      <section aria-labelledby="text">
        <h2 id="text">{t('web.ledger.text')}</h2>
        <Payload statement={statement} />
      </section>
    </>
  )

  function kindText(kind: string): string {
    const text = t(`web.predicate.${kind as PredicateKind}`)
    return text.startsWith('web.') ? kind : text
  }
}

/** More characters of a statement than anybody reads; the file has the rest. */
const SHOWN_CHARACTERS = 60_000

function Payload({ statement }: { statement: ProvenStatement }) {
  const { t } = useLanguage()
  const text = useMemo(() => {
    const bytes = fromBase64(statement.envelope.payload) ?? new Uint8Array()
    const payload = new TextDecoder().decode(bytes)
    try {
      return JSON.stringify(JSON.parse(payload), null, 2)
    } catch {
      return payload
    }
  }, [statement])
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{text.slice(0, SHOWN_CHARACTERS)}</pre>
      {text.length > SHOWN_CHARACTERS ? <p className="soft">{t('web.ledger.cut')}</p> : null}
    </>
  )
}

/** Each step of the proof, computed here. */
function Proof({ statement }: { statement: ProvenStatement }) {
  const { t } = useLanguage()
  const [steps, setSteps] = useState<Step[] | 'cannot' | null>(null)
  useEffect(() => {
    let current = true
    const check = async () => ((await canVerify()) ? await checkStatement(statement) : 'cannot')
    check().then((found) => current && setSteps(found))
    return () => {
      current = false
    }
  }, [statement])
  return (
    <section aria-labelledby="proof">
      <h2 id="proof">{t('web.proof.title')}</h2>
      {steps === null ? <p className="soft">{t('web.proof.checking')}</p> : null}
      {steps === 'cannot' ? <p className="note">{t('web.proof.cannot')}</p> : null}
      {Array.isArray(steps) ? (
        <>
          <ol className="plain stack" aria-live="polite">
            {steps.map(({ step, outcome }) => (
              <li key={step} className="row">
                <OutcomeTag outcome={outcome} />
                <span>
                  {t(`web.proof.step.${step}`, { number: statement.number, size: statement.checkpoint.size })}
                </span>
              </li>
            ))}
          </ol>
          <p className="small soft">{t('web.proof.limit')}</p>
        </>
      ) : null}
      <details>
        <summary>{t('web.proof.hashes', { count: statement.proof.length })}</summary>
        <pre>{[statement.leaf, ...statement.proof, statement.checkpoint.root].join('\n')}</pre>
      </details>
    </section>
  )
}
