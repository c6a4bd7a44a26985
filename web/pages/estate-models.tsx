import type { ModelSummary, Models } from '../../src/contract/api.ts'
import type { ChangeKind } from '../../src/contract/scan.ts'
import { visible } from '../../src/report/escape.ts'
import { useLanguage } from '../language.tsx'
import { Answer } from '../parts/answer.tsx'
import { roughly } from '../parts/format.ts'
import { ModelLink, SiteLink } from '../parts/links.tsx'
import { Choice } from '../parts/search.tsx'
import { VirtualList } from '../parts/virtual-list.tsx'
import { usePages } from '../server.ts'

const CHANGES: Record<ChangeKind, true> = {
  'fine-tuned': true,
  quantised: true,
  converted: true,
  'converted-lossy': true,
  'adapter-merged': true,
  adapter: true,
  merged: true,
  assembled: true,
  pruned: true,
  extracted: true,
  'layers-changed': true,
  'vocabulary-resized': true,
  'direction-ablated': true,
  'configuration-changed': true,
  permuted: true,
  unclear: true,
}

const FORMATS = [
  'safetensors',
  'onnx',
  'gguf',
  'ggml',
  'pytorch',
  'keras',
  'tensorflow',
  'tflite',
  'tfjs',
  'coreml',
  'numpy',
  'llama2c',
  'raw',
] as const

/** Models by name, place or digest, with filters. */
export function ModelList({
  query,
  parameters,
  set,
}: {
  query: string
  parameters: URLSearchParams
  set(name: string, value: string): void
}) {
  const { t } = useLanguage()
  const change = parameters.get('change') ?? ''
  const format = parameters.get('format') ?? ''
  const pages = usePages<Models>('models', { query, change, format, limit: 100 })
  return (
    <>
      <div className="filters">
        <Choice
          label={t('web.estate.change')}
          all={t('web.estate.any')}
          value={change as ChangeKind | ''}
          options={(Object.keys(CHANGES) as ChangeKind[]).map((kind) => ({
            value: kind,
            text: t(`change.${kind}.name`),
          }))}
          change={(value) => set('change', value)}
        />
        <Choice
          label={t('web.estate.format')}
          all={t('web.estate.any')}
          value={format}
          options={FORMATS.map((value) => ({ value, text: value }))}
          change={(value) => set('format', value)}
        />
      </div>
      <Answer of={{ data: pages.data, error: pages.error }}>
        {({ pages: found }) => {
          const items = found.flatMap((page) => page.items)
          const total = found[0]?.total ?? items.length
          return (
            <>
              <p className="soft small" role="status">
                {total === 0 ? t('web.estate.noModels') : t('count.models', { count: total })}
              </p>
              <VirtualList
                items={items}
                total={total}
                label={t('web.estate.models')}
                keyOf={({ id }) => id}
                more={pages.hasNextPage && !pages.isFetchingNextPage ? () => void pages.fetchNextPage() : null}
              >
                {(model) => <Entry model={model} />}
              </VirtualList>
            </>
          )
        }}
      </Answer>
    </>
  )
}

function Entry({ model }: { model: ModelSummary }) {
  const { t, language } = useLanguage()
  const made = model.changes.map((change) => t(`change.${change}.name`)).join(t('list.separator'))
  return (
    <div className="entry">
      <div>
        <ModelLink id={model.id} name={model.name} />
        <div className="soft small">
          {t('web.estate.parameters', { number: roughly(model.parameters, language) })}
          {model.quantisation === null ? '' : ` · ${model.quantisation.scheme}`}
          {model.formats.map((format) => ` · ${visible(format)}`).join('')}
        </div>
      </div>
      <div className="small">
        {made === '' ? t(model.parents === 0 ? 'web.estate.origin' : 'web.estate.related') : made}
        <div className="soft">{t('web.estate.children', { count: model.children })}</div>
      </div>
      <div className="small">
        {t('count.copies', { count: model.copies })}
        {model.gone > 0 ? <span className="soft"> · {t('web.estate.gone', { count: model.gone })}</span> : null}
        <div>
          {model.sites.slice(0, 3).map((site, at) => (
            <span key={site}>
              {at > 0 ? t('list.separator') : ''}
              <SiteLink site={site} />
            </span>
          ))}
        </div>
      </div>
    </div>
  )
}
