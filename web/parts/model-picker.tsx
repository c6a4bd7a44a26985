import { useState } from 'react'
import type { ModelSummary, Models } from '../../src/contract/api.ts'
import { visible } from '../../src/report/escape.ts'
import { useLanguage } from '../language.tsx'
import { useAnswer } from '../server.ts'
import { roughly, shortId } from './format.ts'
import { SearchField } from './search.tsx'

/** As many as are read at a glance; more letters narrow it down. */
const OFFERED = 8

/** Search for a model and choose it. */
export function ModelPicker({
  label,
  pick,
  faultId,
}: {
  label: string
  pick(model: ModelSummary): void
  /** Of what says that a model has to be chosen. */
  faultId?: string | undefined
}) {
  const { t, language } = useLanguage()
  const [query, setQuery] = useState('')
  const answer = useAnswer<Models>(query === '' ? null : 'models', { query, limit: OFFERED })
  const offered = query === '' ? [] : (answer.data?.items ?? [])
  return (
    <div className="picker">
      <SearchField label={label} value={query} change={setQuery} faultId={faultId} />
      {query !== '' && answer.data?.items.length === 0 ? <p className="empty">{t('web.estate.noModels')}</p> : null}
      <ul className="plain" aria-label={label}>
        {offered.map((model) => (
          <li key={model.id}>
            <button
              type="button"
              className="quiet offer"
              onClick={() => {
                setQuery('')
                pick(model)
              }}
            >
              <bdi>{visible(model.name || shortId(model.id))}</bdi>{' '}
              <span className="soft small">
                {t('web.estate.parameters', { number: roughly(model.parameters, language) })} ·{' '}
                {model.formats.join(' · ')}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
