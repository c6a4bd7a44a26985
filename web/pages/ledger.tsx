import { lazy } from 'react'
import { Link, useSearchParams } from 'wouter'
import type { CheckpointAnswer, Keys, StatementSummary, Statements } from '../../src/contract/api-ledger.ts'
import type { PredicateKind } from '../../src/contract/predicates.ts'
import { signaturesText } from '../../src/report/actor-text.ts'
import { visible } from '../../src/report/escape.ts'
import { useLanguage } from '../language.tsx'
import { Head } from '../ledger/head.tsx'
import { Witnesses } from '../ledger/witnesses.tsx'
import { Answer } from '../parts/answer.tsx'
import { moment } from '../parts/format.ts'
import { ModelLink } from '../parts/links.tsx'
import { Choice } from '../parts/search.tsx'
import { useTitle } from '../parts/title.ts'
import { VirtualList } from '../parts/virtual-list.tsx'
import { useAnswer, usePages } from '../server.ts'
import { Opener } from '../write/opener.tsx'
import '../style/lists.css'

const StatementForm = lazy(() => import('../write/statement.tsx'))

const KINDS: Record<PredicateKind, true> = {
  observed: true,
  printed: true,
  related: true,
  custody: true,
  deployed: true,
  retired: true,
  claimed: true,
  evaluated: true,
  incident: true,
  measured: true,
  charter: true,
  notified: true,
  trusted: true,
  revoked: true,
  passport: true,
  imported: true,
}

/** Everything that was entered, newest first; the head of the log, verified here; and who watches it. */
export default function Ledger() {
  const { t } = useLanguage()
  useTitle(t('web.nav.ledger'))
  const keys = useAnswer<Keys>('keys')
  return (
    <>
      <div className="page-head">
        <h1>{t('web.ledger.title')}</h1>
        <p className="soft">{t('web.ledger.intro')}</p>
        <div className="actions">
          <Opener needs="recorder" label={t('web.upload.statement.open')}>
            <StatementForm />
          </Opener>
        </div>
      </div>
      <section aria-labelledby="head">
        <h2 id="head">{t('web.ledger.checkpoint')}</h2>
        <Answer of={useAnswer<CheckpointAnswer>('checkpoint')}>
          {(checkpoint) => (
            <Answer of={keys}>
              {({ items }) => <Head checkpoint={checkpoint} keys={items.map(({ key }) => key)} />}
            </Answer>
          )}
        </Answer>
      </section>
      <section aria-labelledby="witnesses">
        <h2 id="witnesses">{t('web.ledger.witnesses')}</h2>
        <Witnesses />
      </section>
      <section aria-labelledby="statements">
        <h2 id="statements">{t('web.ledger.statements')}</h2>
        <Entered />
      </section>
    </>
  )
}

function Entered() {
  const { t } = useLanguage()
  const [parameters, setParameters] = useSearchParams()
  const kind = (parameters.get('kind') ?? '') as PredicateKind | ''
  const pages = usePages<Statements>('statements', { kind, limit: 100 })
  return (
    <>
      <div className="filters">
        <Choice
          label={t('web.ledger.kind')}
          all={t('web.estate.any')}
          value={kind}
          options={(Object.keys(KINDS) as PredicateKind[]).map((value) => ({
            value,
            text: t(`web.predicate.${value}`),
          }))}
          change={(value) => setParameters(value === '' ? {} : { kind: value })}
        />
      </div>
      <Answer of={{ data: pages.data, error: pages.error }}>
        {({ pages: found }) => (
          <VirtualList
            items={found.flatMap(({ items }) => items)}
            total={kind === '' ? (found[0]?.size ?? null) : null}
            label={t('web.ledger.statements')}
            keyOf={({ number }) => String(number)}
            more={pages.hasNextPage && !pages.isFetchingNextPage ? () => void pages.fetchNextPage() : null}
          >
            {(statement) => <Entry statement={statement} />}
          </VirtualList>
        )}
      </Answer>
    </>
  )
}

function Entry({ statement: { number, time, kind, models, about, signatures } }: { statement: StatementSummary }) {
  const { t, language } = useLanguage()
  const known = kind in KINDS ? t(`web.predicate.${kind as PredicateKind}`) : kind
  return (
    <div className="entry">
      <div>
        <Link href={`/ledger/${number}`}>
          {t('web.statementShort', { number })} · {known}
        </Link>
        <div className="soft small">{moment(time, language)}</div>
      </div>
      <div className="small">
        {models.slice(0, 3).map(({ id, name }, at) => (
          <span key={id}>
            {at > 0 ? t('list.separator') : ''}
            <ModelLink id={id} name={name} />
          </span>
        ))}
        {about === null ? null : <div className="soft">{visible(about)}</div>}
      </div>
      <div className="small soft">{signaturesText(t, signatures).join(' · ')}</div>
    </div>
  )
}
