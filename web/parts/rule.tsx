import type { RuleVerdict, ShownFact } from '../../src/contract/check.ts'
import { visible } from '../../src/report/escape.ts'
import { useText } from '../language.tsx'
import { ModelName, NamedModel, Statements } from './links.tsx'
import { Deadline } from './open-rule.tsx'
import { Status, VerdictTag } from './tags.tsx'

/** One rule: the verdict, why, what follows, and the facts and statements that it rests on. What does not depart is folded. */
export function RuleCard({
  rule,
  ofMany = false,
}: {
  rule: RuleVerdict /** Whether it stands for one model of several. */
  ofMany?: boolean
}) {
  if (rule.verdict === 'departs')
    return (
      <article className="card verdict departs">
        <div className="row">
          <VerdictTag verdict={rule.verdict} />
          {ofMany ? <NamedModel id={rule.model} /> : null}
          <Deadline by={rule.by} overdue={false} />
        </div>
        <h3>{rule.title}</h3>
        <Body rule={rule} />
      </article>
    )
  return (
    <details className={`card verdict ${rule.verdict}`}>
      <summary>
        <span className="folded">
          <VerdictTag verdict={rule.verdict} />
          <strong>{rule.title}</strong>
          {ofMany ? (
            <span className="small soft">
              <ModelName id={rule.model} />
            </span>
          ) : null}
          {rule.by === null || rule.verdict === 'meets' ? null : <Deadline by={rule.by} overdue={false} />}
        </span>
      </summary>
      <Body rule={rule} />
    </details>
  )
}

function Body({ rule }: { rule: RuleVerdict }) {
  const t = useText()
  return (
    <>
      <p>{rule.reason}</p>
      {rule.todo === null ? null : (
        <p>
          <strong>{t(rule.verdict === 'undecided' ? 'web.duty.settle' : 'web.duty.todo')}</strong> {rule.todo}
        </p>
      )}
      <p className="small soft">
        {rule.who === null ? t('web.duty.nobody') : t('web.duty.who', { who: rule.who })} · {rule.source} · {rule.id}
      </p>
      {rule.facts.length === 0 ? null : (
        <details className="small">
          <summary>{t('web.duty.facts', { count: rule.facts.length })}</summary>
          <Facts facts={rule.facts} />
        </details>
      )}
    </>
  )
}

function Facts({ facts }: { facts: readonly ShownFact[] }) {
  const t = useText()
  return (
    <dl className="facts">
      {facts.map(({ name, value, status, statements }) => (
        <div className="pair" key={name}>
          <dt>
            <code>{name}</code>
          </dt>
          <dd className="row">
            <span>{value === null ? t('web.status.unknown') : visible(shownValue(value))}</span>
            {value === null ? null : <Status status={status} />}
            <Statements numbers={statements} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** Longer lists are in the JSON report. */
const SHOWN_CHARACTERS = 400

function shownValue(value: ShownFact['value']): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text
}
