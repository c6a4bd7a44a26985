import type { Graph, GraphEdge, GraphNode } from '../../src/contract/api.ts'
import type { Translate } from '../../src/report/language.ts'

/** Two graphs as one: what a model's neighbourhood adds to what is shown already. */
export function merged(shown: Graph, added: Graph): Graph {
  const nodes = new Map(shown.nodes.map((node) => [node.id, node]))
  for (const node of added.nodes) if (!nodes.has(node.id)) nodes.set(node.id, node)
  const edges = new Map([...shown.edges, ...added.edges].map((edge) => [keyOf(edge), edge]))
  const whole = { ...shown, edges: [...edges.values()] }
  return { ...whole, nodes: [...nodes.values()].map((node) => recounted(node, shown, added, whole.edges)) }
}

/** A model's neighbours are as many as before; those that are in the graph now are no longer collapsed. */
function recounted(node: GraphNode, shown: Graph, added: Graph, edges: readonly GraphEdge[]): GraphNode {
  const source = [shown, added].find(({ nodes }) => nodes.some(({ id }) => id === node.id)) ?? shown
  const known = source.nodes.find(({ id }) => id === node.id) ?? node
  const all = known.collapsed + degree(node.id, source.edges)
  return { ...node, collapsed: Math.max(0, all - degree(node.id, edges)) }
}

function degree(id: string, edges: readonly GraphEdge[]): number {
  return new Set(edges.flatMap(({ parent, child }) => (parent === id ? [child] : child === id ? [parent] : []))).size
}

export function keyOf({ parent, child }: Pick<GraphEdge, 'parent' | 'child'>): string {
  return `${parent} ${child}`
}

/** `fine-tuned, quantised · inferred`; with an undetermined direction that too. */
export function edgeText(t: Translate, { changes, status, direction }: GraphEdge): string {
  const made = changes.map((change) => t(`change.${change}.name`)).join(t('list.separator'))
  const open = direction === 'undetermined' ? ` · ${t('direction.undetermined')}` : ''
  return `${made} · ${t(`status.${status}.name`)}${open}`
}
