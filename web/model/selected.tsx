import { Link } from 'wouter'
import type { Graph, GraphNode } from '../../src/contract/api.ts'
import type { TraceReport } from '../../src/contract/trace.ts'
import { visible } from '../../src/report/escape.ts'
import { edgeText } from '../graph/relations.ts'
import { useLanguage } from '../language.tsx'
import { roughly, shortId } from '../parts/format.ts'
import { changeAddress, ModelLink, SiteLink } from '../parts/links.tsx'
import { VerdictTag } from '../parts/tags.tsx'

/** What is known of the box that was chosen, and where to go from it. */
export function Selected({
  node,
  graph,
  focus,
  expand,
}: {
  node: GraphNode
  graph: Graph
  focus: TraceReport['model']
  expand(id: string): void
}) {
  const { t, language } = useLanguage()
  const names = new Map(graph.nodes.map(({ id, name }) => [id, name || shortId(id)]))
  const edges = graph.edges.filter(({ child }) => child === node.id)
  return (
    <article className="card" aria-live="polite">
      <h3>
        <ModelLink id={node.id} name={node.name} />
      </h3>
      <p className="row small">
        {node.verdict === null ? null : <VerdictTag verdict={node.verdict} />}
        <span className="soft">{t('web.estate.parameters', { number: roughly(node.parameters, language) })}</span>
        {node.sites.map((site) => (
          <SiteLink key={site} site={site} />
        ))}
      </p>
      <ul className="plain small">
        {edges.map((edge) => (
          <li key={edge.parent}>
            {edge.direction === 'known'
              ? t('direction.madeFrom', { name: visible(names.get(edge.parent) ?? shortId(edge.parent)) })
              : t('direction.relatedTo', { name: visible(names.get(edge.parent) ?? shortId(edge.parent)) })}
            {t('list.colon')}
            {edgeText(t, edge)} · <Link href={changeAddress(edge.parent, edge.child)}>{t('web.graph.compare')}</Link>
          </li>
        ))}
      </ul>
      <div className="row">
        {node.collapsed > 0 ? (
          <button type="button" onClick={() => expand(node.id)}>
            {t('web.graph.showMore', { count: node.collapsed })}
          </button>
        ) : null}
        {node.id === focus.id ? null : (
          <Link className="small" href={changeAddress(focus.id, node.id)}>
            {t('web.graph.compareWith', { name: visible(focus.name || shortId(focus.id)) })}
          </Link>
        )}
      </div>
    </article>
  )
}
