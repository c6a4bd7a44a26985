import { useSearchParams } from 'wouter'
import type { ModelDetails } from '../../src/contract/api.ts'
import type { MeasuredResult } from '../../src/contract/api-ledger.ts'
import type { DiffReport } from '../../src/contract/diff.ts'
import { visible } from '../../src/report/escape.ts'
import { distanceText } from '../../src/report/heat.ts'
import { HeatMap } from '../charts/heat.tsx'
import { FlipsByGroup } from '../impact/flips.tsx'
import { useLanguage } from '../language.tsx'
import { Answer } from '../parts/answer.tsx'
import { chance, figure, share, shortId } from '../parts/format.ts'
import { ModelLink } from '../parts/links.tsx'
import { ModelPicker } from '../parts/model-picker.tsx'
import { Table } from '../parts/table.tsx'
import { Status } from '../parts/tags.tsx'
import { useTitle } from '../parts/title.ts'
import type { Results } from '../results.ts'
import { useAnswer } from '../server.ts'

const ENDS = ['parent', 'child'] as const

/** What is different between any two models: by layer and part in the weights, and by group in the answers. */
export default function Change() {
  const { t } = useLanguage()
  useTitle(t('web.nav.change'))
  const [parameters, setParameters] = useSearchParams()
  const parent = parameters.get('parent')
  const child = parameters.get('child')
  const set = (end: (typeof ENDS)[number], id: string) =>
    setParameters((before) => {
      before.set(end, id)
      return before
    })
  return (
    <>
      <div className="page-head">
        <h1>{t('web.change.title')}</h1>
        <p className="soft">{t('web.change.intro')}</p>
      </div>
      <div className="cards">
        {ENDS.map((end) => (
          <article key={end} className="card">
            <h2 className="end">{t(`web.change.${end}`)}</h2>
            <Chosen id={end === 'parent' ? parent : child} />
            <ModelPicker label={t(`web.change.choose.${end}`)} pick={({ id }) => set(end, id)} />
          </article>
        ))}
      </div>
      {parent === null || child === null ? null : (
        <>
          <Weights parent={parent} child={child} />
          <Behaviour parent={parent} child={child} />
        </>
      )}
    </>
  )
}

function Chosen({ id }: { id: string | null }) {
  const t = useLanguage().t
  const answer = useAnswer<ModelDetails>(id === null ? null : `models/${encodeURIComponent(id)}`)
  if (id === null) return <p className="empty">{t('web.change.notChosen')}</p>
  return (
    <p>
      <ModelLink id={id} name={answer.data?.name ?? shortId(id)} />
    </p>
  )
}

function Weights({ parent, child }: { parent: string; child: string }) {
  const { t } = useLanguage()
  return (
    <section aria-labelledby="weights">
      <h2 id="weights">{t('web.change.weights')}</h2>
      <Answer of={useAnswer<DiffReport>('diff', { parent, child })}>{(diff) => <Diff diff={diff} />}</Answer>
    </section>
  )
}

function Diff({ diff }: { diff: DiffReport }) {
  const { t, language } = useLanguage()
  return (
    <div className="stack">
      {diff.related ? (
        <div>
          <p className="lead">{diff.changes.map((change) => t(`change.${change}.name`)).join(t('list.separator'))}</p>
          {diff.changes.map((change) => (
            <p key={change}>{t(`change.${change}.meaning`)}</p>
          ))}
        </div>
      ) : (
        <p className="note">{t('web.change.unrelated')}</p>
      )}
      <p className="row small">
        <Status status={diff.status} />
        <span>{t('relation.similarity', { value: figure(diff.similarity, language, 4) })}</span>
        {diff.p === null ? null : <span>p {chance(diff.p, language)}</span>}
        <span>{diff.direction === 'known' ? t('web.graph.known') : t('direction.undetermined')}</span>
        <span>{t('web.change.frozen', { share: share(diff.frozen, language) })}</span>
      </p>
      {diff.reversed ? <p className="note">{t('web.change.reversed')}</p> : null}
      {diff.direction === 'undetermined' && diff.related ? <p className="note">{t('settle.general')}</p> : null}
      <HeatMap diff={diff} />
      {diff.projections.length === 0 ? null : (
        <Table
          caption={t('web.change.parts')}
          head={[
            t('web.change.part'),
            t('web.facts.tensors'),
            t('web.change.changed'),
            t('web.change.distance'),
            t('relation.rank'),
          ]}
          numbers={[1, 2, 3, 4]}
          rows={diff.projections.map((row) => ({
            key: row.projection,
            cells: [
              visible(row.projection),
              row.tensors,
              row.changed,
              distanceText(row.relativeDistance),
              row.rank ?? '–',
            ],
          }))}
        />
      )}
      {diff.unanswered.length === 0 ? null : (
        <div className="note">
          <p>
            <strong>{t('web.change.unanswered')}</strong>
          </p>
          <ul>
            {diff.unanswered.map(({ code, message }) => (
              <li key={code}>{visible(message)}</li>
            ))}
          </ul>
        </div>
      )}
    </div>
  )
}

/** The latest comparison of answers on record that names both. */
function Behaviour({ parent, child }: { parent: string; child: string }) {
  const { t } = useLanguage()
  const results = useAnswer<Results>('results', { model: child, limit: 200 })
  const compared = results.data?.items.find(
    ({ kind, models }) => kind === 'compare' && models.some(({ id }) => id === parent),
  )
  return (
    <section aria-labelledby="behaviour">
      <h2 id="behaviour">{t('web.change.behaviour')}</h2>
      {compared === undefined ? (
        <p className="note">{t('web.change.notCompared')}</p>
      ) : (
        <Comparison number={compared.number} />
      )}
    </section>
  )
}

function Comparison({ number }: { number: number }) {
  return (
    <Answer of={useAnswer<MeasuredResult>(`results/${number}`)}>
      {({ result }) => (result.schema === 'yukue.compare/1' ? <FlipsByGroup report={result} /> : null)}
    </Answer>
  )
}
