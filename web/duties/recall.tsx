import { lazy, useState } from 'react'
import type { ModelSummary } from '../../src/contract/api.ts'
import type { RecallHolder, RecallReport } from '../../src/contract/recall.ts'
import { visible } from '../../src/report/escape.ts'
import { useLanguage } from '../language.tsx'
import { Answer } from '../parts/answer.tsx'
import { day, shortId } from '../parts/format.ts'
import { ActorLink, ModelLink, SiteLink, StatementLink } from '../parts/links.tsx'
import { ModelPicker } from '../parts/model-picker.tsx'
import { Table } from '../parts/table.tsx'
import { Severity, Status } from '../parts/tags.tsx'
import { useAnswer } from '../server.ts'
import { Opener } from '../write/opener.tsx'

const NoticeForm = lazy(() => import('./notice.tsx'))

/** If a model turns out to be unsafe: what descends from it, who holds it, where it is in use, and who was told. */
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
  return (
    <Answer of={useAnswer<RecallReport>(`models/${encodeURIComponent(model.id)}/recall`)}>
      {({ incidents, holders, exposed, contacts }) => (
        <div className="stack" aria-live="polite">
          <h3>{t('web.recall.of', { name: visible(model.name || shortId(model.id)) })}</h3>
          {incidents.length === 0 ? <p className="empty">{t('web.recall.noIncident')}</p> : null}
          {incidents.map((incident) => (
            <p key={incident.statement} className="row">
              <Severity severity={incident.severity} />
              <span>{visible(incident.text)}</span>
              <span className="soft small">{day(incident.at, language)}</span>
              <StatementLink number={incident.statement} />
            </p>
          ))}
          {contacts.map((contact) => (
            <p key={`${contact.charter} ${contact.name}`}>
              {t('web.recall.contact', { name: visible(contact.name), days: contact.withinDays })}
            </p>
          ))}
          <Holders holders={holders} />
          <Notices model={model.id} holders={holders} />
          <Exposed exposed={exposed} />
        </div>
      )}
    </Answer>
  )
}

/** For those who may say that somebody was told, as long as somebody was not. */
function Notices({ model, holders }: { model: string; holders: readonly RecallHolder[] }) {
  const { t } = useLanguage()
  const waiting = holders.filter(({ notices }) => notices.some(({ told }) => told === null))
  const [opened, setOpened] = useState<readonly RecallHolder[]>([])
  // what was acknowledged stays in view when nobody is left to be told
  const shown = waiting.length > 0 ? waiting : opened
  if (waiting.length > 0 && waiting.length !== opened.length) setOpened(waiting)
  if (shown.length === 0) return null
  return (
    <Opener needs="steward" label={t('web.notice.open')}>
      <NoticeForm model={model} holders={shown} />
    </Opener>
  )
}

function Holders({ holders }: { holders: readonly RecallHolder[] }) {
  const { t, language } = useLanguage()
  if (holders.length === 0) return <p className="empty">{t('ledger.noHolders')}</p>
  return (
    <Table
      caption={t('web.recall.holders')}
      head={[t('web.recall.holder'), t('web.recall.has'), t('web.recall.told')]}
      rows={holders.map(({ holder, holdings, notices }) => ({
        key: holder.id,
        cells: [
          <ActorLink key="holder" actor={holder} />,
          <span key="has">
            {holdings.map(({ model, since, status, sites }) => (
              <span key={model.id} className="row">
                <ModelLink {...model} />
                <span className="soft small">{t('ledger.since', { date: day(since, language) })}</span>
                <Status status={status} />
                {sites.map((site) => (
                  <SiteLink key={site} site={site} />
                ))}
              </span>
            ))}
          </span>,
          <span key="told">
            {notices.map(({ incident, told, by }) => (
              <span key={incident} className="row">
                {told === null ? (
                  <span className="tag open">
                    {by === null ? t('web.recall.notTold') : t('web.recall.notToldBy', { date: day(by, language) })}
                  </span>
                ) : (
                  <>
                    {day(told.at, language)} <StatementLink number={told.statement} />
                  </>
                )}
              </span>
            ))}
          </span>,
        ],
      }))}
    />
  )
}

/** What descends from it and is not measured again, also where nobody is on record as having it. */
function Exposed({ exposed }: Pick<RecallReport, 'exposed'>) {
  const { t } = useLanguage()
  if (exposed.length === 0) return null
  return (
    <Table
      caption={t('web.recall.exposed')}
      head={[t('web.site.model'), t('web.recall.path'), t('ledger.sites')]}
      rows={exposed.map(({ model, path, sites }) => ({
        key: model.id,
        cells: [
          <ModelLink key="model" {...model} />,
          path.map(({ id, name }) => visible(name || shortId(id))).join(' → '),
          <span key="sites" className="row">
            {sites.length === 0 ? t('web.none') : null}
            {sites.map((site) => (
              <SiteLink key={site} site={site} />
            ))}
          </span>,
        ],
      }))}
    />
  )
}
