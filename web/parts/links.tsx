import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { NamedActor } from '../../src/contract/actor.ts'
import type { ModelDetails } from '../../src/contract/api.ts'
import { actorText } from '../../src/report/actor-text.ts'
import { visible } from '../../src/report/escape.ts'
import { useText } from '../language.tsx'
import { useAnswer } from '../server.ts'
import { shortId } from './format.ts'

const modelAddress = (id: string, part = '') => `/models/${encodeURIComponent(id)}${part}`
const siteAddress = (site: string) => `/sites/${encodeURIComponent(site)}`
export const changeAddress = (parent: string, child: string) =>
  `/change?parent=${encodeURIComponent(parent)}&child=${encodeURIComponent(child)}`

export function ModelLink({ id, name }: { id: string; name?: string | null | undefined }) {
  return (
    <Link href={modelAddress(id)} title={id}>
      <bdi>{visible(name || shortId(id))}</bdi>
    </Link>
  )
}

/** Of a model of which only the id is known so far. */
export function NamedModel({ id }: { id: string }) {
  return <ModelLink id={id} name={useModelName(id)} />
}

/** The same where there must be no link. */
export function ModelName({ id }: { id: string }) {
  const name = useModelName(id)
  return <bdi>{visible(name || shortId(id))}</bdi>
}

function useModelName(id: string): string | undefined {
  return useAnswer<ModelDetails>(`models/${encodeURIComponent(id)}`).data?.name
}

export function SiteLink({ site }: { site: string }) {
  return (
    <Link href={siteAddress(site)}>
      <bdi>{visible(site)}</bdi>
    </Link>
  )
}

export function ActorLink({ actor }: { actor: NamedActor | null }) {
  const t = useText()
  if (actor === null) return <span className="soft">{actorText(t, actor)}</span>
  return (
    <Link href={`/actors/${encodeURIComponent(actor.id)}`}>
      <bdi>{actorText(t, actor)}</bdi>
    </Link>
  )
}

/** The statement that a fact rests on, with its proof. */
export function StatementLink({ number }: { number: number }) {
  const t = useText()
  return (
    <Link className="small" href={`/ledger/${number}`}>
      {t('ledger.statementNumber', { number })}
    </Link>
  )
}

/** A model, or a site, as a check names its subject. */
export function SubjectLink({ subject, name }: { subject: string; name: string }) {
  const [, site] = /^site:(.*)$/s.exec(subject) ?? []
  return site === undefined ? <ModelLink id={subject} name={name} /> : <SiteLink site={site} />
}

export function Statements({ numbers }: { numbers: readonly number[] }): ReactNode {
  const t = useText()
  if (numbers.length === 0) return null
  return (
    <span className="row small">
      <span className="soft">{t('web.statements')}</span>
      {numbers.slice(0, 12).map((number) => (
        <Link key={number} href={`/ledger/${number}`}>
          {t('web.statementShort', { number })}
        </Link>
      ))}
      {numbers.length > 12 ? <span className="soft">{t('web.andMore', { count: numbers.length - 12 })}</span> : null}
    </span>
  )
}
