import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react'
import type { Graph, Path } from '../../src/contract/api.ts'
import type { TraceReport } from '../../src/contract/trace.ts'
import { merged } from '../graph/relations.ts'
import { useText } from '../language.tsx'
import { Answer, Loading, Problem } from '../parts/answer.tsx'
import { fetchAnswer, useAnswer } from '../server.ts'
import { FamilyTable } from './family-table.tsx'
import { PathFinder } from './path-finder.tsx'
import { Selected } from './selected.tsx'

// on its way with the page, since every model's page shows it
const drawing = import('../graph/family.tsx')
const FamilyGraph = lazy(() => drawing)

/** Boxes that are read at a glance; a hub's others stand behind its count. */
const FIRST_NODES = 40
/** How many more of a hub's neighbours one click shows. */
const MORE_NODES = 40

/** A page asks for it with the rest, so that it need not wait for the rest. */
export function useFamily(id: string) {
  return useAnswer<Graph>(`models/${encodeURIComponent(id)}/graph`, { depth: 2, limit: FIRST_NODES })
}

/** What the model was made from and what was made from it: two steps either way, more on request, as a drawing or as a table. */
export function FamilySection({ model }: { model: TraceReport['model'] }) {
  const t = useText()
  const first = useFamily(model.id)
  return (
    <section id="family" aria-labelledby="family-title">
      <h2 id="family-title">{t('web.model.family')}</h2>
      <Answer of={first}>
        {(graph) =>
          graph.edges.length === 0 ? (
            <p className="empty">{t('web.graph.alone')}</p>
          ) : (
            <Family first={graph} model={model} />
          )
        }
      </Answer>
    </section>
  )
}

function Family({ first, model }: { first: Graph; model: TraceReport['model'] }) {
  const t = useText()
  const { graph, expand, problem } = useGrowing(first)
  const [selected, setSelected] = useState<string | null>(null)
  const [asTable, setAsTable] = useState(false)
  const [path, setPath] = useState<Path | null>(null)
  const onPath = useMemo(() => new Set(path?.nodes.map(({ id }) => id)), [path])
  const node = graph.nodes.find(({ id }) => id === selected)
  return (
    <div className="stack">
      <fieldset className="choice bare">
        <legend className="hidden">{t('web.graph.as')}</legend>
        <button type="button" aria-pressed={!asTable} onClick={() => setAsTable(false)}>
          {t('web.graph.drawn')}
        </button>
        <button type="button" aria-pressed={asTable} onClick={() => setAsTable(true)}>
          {t('web.graph.table')}
        </button>
      </fieldset>
      {asTable ? (
        <FamilyTable graph={graph} />
      ) : (
        <Suspense fallback={<Loading />}>
          <FamilyGraph graph={graph} selected={selected} path={onPath} select={setSelected} expand={expand} />
          <Key />
        </Suspense>
      )}
      {problem === null ? null : <Problem error={problem} />}
      {graph.omitted > 0 ? <p className="small soft">{t('web.graph.omitted', { count: graph.omitted })}</p> : null}
      {node === undefined || asTable ? null : <Selected node={node} graph={graph} focus={model} expand={expand} />}
      <PathFinder model={model} path={path} found={setPath} />
    </div>
  )
}

/** The graph so far, and how to see more of it. */
function useGrowing(first: Graph) {
  const [graph, setGraph] = useState(first)
  const [problem, setProblem] = useState<Error | null>(null)
  useEffect(() => setGraph(first), [first])
  const expand = useCallback(
    (id: string) => {
      const near = graph.edges.filter(({ parent, child }) => parent === id || child === id).length
      const limit = near + MORE_NODES + 1
      fetchAnswer<Graph>(`models/${encodeURIComponent(id)}/graph`, { depth: 1, limit }).then(
        (added) => {
          setProblem(null)
          setGraph((shown) => merged(shown, aside(added, shown)))
        },
        (error: Error) => setProblem(error),
      )
    },
    [graph],
  )
  return { graph, expand, problem }
}

/** What a neighbour's neighbourhood adds is further from the focus than that neighbour. */
function aside(added: Graph, shown: Graph): Graph {
  const centre = shown.nodes.find(({ id }) => id === added.focus)
  const distance = centre?.distance ?? 0
  const nodes = added.nodes.map((node) => ({
    ...node,
    distance: node.distance + distance,
    side: node.side === 'focus' ? (centre?.side ?? 'relative') : node.side,
  }))
  return { ...added, nodes }
}

function Key() {
  const t = useText()
  const lines = [
    ['verified', undefined, 2.6],
    ['inferred', '9 4', 1.6],
    ['declared', '2 4', 1.6],
  ] as const
  return (
    <ul className="key" aria-label={t('web.graph.key')}>
      {lines.map(([status, dash, width]) => (
        <li key={status}>
          <svg viewBox="0 0 40 10" aria-hidden="true">
            <path d="M1 5h38" stroke="currentColor" strokeWidth={width} strokeDasharray={dash} />
          </svg>
          {t(`status.${status}.name`)}
        </li>
      ))}
      <li>{t('web.graph.keyArrow')}</li>
      <li>{t('web.graph.keyOpen')}</li>
    </ul>
  )
}
