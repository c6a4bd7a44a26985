import { useState } from 'react'
import type { ModelSummary } from '../../src/contract/api.ts'
import type { TraceReport } from '../../src/contract/trace.ts'
import { visible } from '../../src/report/escape.ts'
import { useLanguage } from '../language.tsx'
import { Answer } from '../parts/answer.tsx'
import { day, shortId } from '../parts/format.ts'
import { ActorLink, ModelLink, SiteLink } from '../parts/links.tsx'
import { ModelPicker } from '../parts/model-picker.tsx'
import { useAnswer } from '../server.ts'

/** If a model turns out to be unsafe: what descends from it, who holds it, and where it is in use. */
export function Recall() {
  const { t } = useLanguage()
  const [model, setModel] = useState<ModelSummary | null>(null)
  return (
    <section aria-labelledby="recall">
      <h2 id="recall">{t('web.recall.title')}</h2>
      <p className="soft">{t('web.recall.intro')}</p>
      <ModelPicker label={t('web.recall.choose')} pick={setModel} />
      {model === null ? null : <Reach model={model} />}
    </section>
  )
}

function Reach({ model }: { model: ModelSummary }) {
  const { t, language } = useLanguage()
  const answer = useAnswer<TraceReport>(`models/${encodeURIComponent(model.id)}/trace`, { holders: 'true' })
  return (
    <Answer of={answer}>
      {({ holders = [], sites, descendants, moreDescendants, places }) => (
        <div className="stack" aria-live="polite">
          <h3>{t('web.recall.of', { name: visible(model.name || shortId(model.id)) })}</h3>
          <dl className="facts">
            <dt>{t('web.recall.holders')}</dt>
            <dd>
              {holders.length === 0 ? t('ledger.noHolders') : null}
              {holders.map(({ holder, since }) => (
                <div key={holder.id} className="row">
                  <ActorLink actor={holder} />
                  <span className="soft small">{t('ledger.since', { date: day(since, language) })}</span>
                </div>
              ))}
            </dd>
            <dt>{t('web.recall.sites')}</dt>
            <dd>
              {sites.length === 0 ? t('web.none') : null}
              {sites.map((site) => (
                <div key={site.statement} className="row">
                  <SiteLink site={site.site} />
                  <ActorLink actor={site.actor} />
                </div>
              ))}
            </dd>
            <dt>{t('web.recall.copies')}</dt>
            <dd>
              {places.map(({ path }) => (
                <div key={path}>
                  <code>{visible(path)}</code>
                </div>
              ))}
            </dd>
            <dt>{t('web.recall.descendants', { count: descendants.length + moreDescendants.length })}</dt>
            <dd>
              {descendants.slice(0, 50).map(({ model: { id, name } }) => (
                <div key={id}>
                  <ModelLink id={id} name={name} />
                </div>
              ))}
              {descendants.length + moreDescendants.length > 50
                ? t('web.andMore', { count: descendants.length + moreDescendants.length - 50 })
                : null}
            </dd>
          </dl>
        </div>
      )}
    </Answer>
  )
}
