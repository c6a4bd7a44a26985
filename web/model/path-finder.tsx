import { useState } from 'react'
import type { ModelSummary, Path } from '../../src/contract/api.ts'
import type { TraceReport } from '../../src/contract/trace.ts'
import { visible } from '../../src/report/escape.ts'
import { edgeText } from '../graph/relations.ts'
import { useText } from '../language.tsx'
import { Problem } from '../parts/answer.tsx'
import { shortId } from '../parts/format.ts'
import { ModelLink } from '../parts/links.tsx'
import { ModelPicker } from '../parts/model-picker.tsx'
import { fetchAnswer } from '../server.ts'

/** How this model and any other are related, step by step. */
export function PathFinder({
  model,
  path,
  found,
}: {
  model: TraceReport['model']
  path: Path | null
  found(path: Path | null): void
}) {
  const t = useText()
  const [problem, setProblem] = useState<Error | null>(null)
  const pick = (to: ModelSummary) =>
    fetchAnswer<Path>(`models/${encodeURIComponent(model.id)}/path`, { to: to.id }).then(
      (answer) => {
        setProblem(null)
        found(answer)
      },
      (error: Error) => setProblem(error),
    )
  return (
    <details className="path-finder">
      <summary>{t('web.path.title')}</summary>
      <ModelPicker label={t('web.path.to')} pick={pick} />
      {problem === null ? null : <Problem error={problem} />}
      {path === null ? null : <Shown path={path} />}
    </details>
  )
}

function Shown({ path }: { path: Path }) {
  const t = useText()
  if (path.nodes.length === 0) return <p className="empty">{t('web.path.none')}</p>
  const names = new Map(path.nodes.map(({ id, name }) => [id, name || shortId(id)]))
  return (
    <ol className="timeline" aria-live="polite">
      {path.nodes.map(({ id, name }, at) => {
        const edge = path.edges[at - 1]
        return (
          <li key={id}>
            {edge === undefined ? null : (
              <div className="small soft">
                {t(edge.child === id ? 'web.path.down' : 'web.path.up', {
                  name: visible(names.get(edge.child === id ? edge.parent : edge.child) ?? ''),
                })}
                {t('list.colon')}
                {edgeText(t, edge)}
              </div>
            )}
            <ModelLink id={id} name={name} />
          </li>
        )
      })}
    </ol>
  )
}
