import ELK, { type ElkNode } from 'elkjs/lib/elk-api.js'
import workerUrl from 'elkjs/lib/elk-worker.min.js?url'

export const NODE_WIDTH = 230
export const NODE_HEIGHT = 72

export interface Ends {
  from: string
  to: string
}

const elk = new ELK({ workerUrl })

/**
 * Places for boxes of one size, from left to right in layers `gap` apart. A thousand take two seconds, so it happens in a worker of its own:
 * the page answers meanwhile.
 */
export async function placesOf(
  ids: readonly string[],
  edges: readonly Ends[],
  gap = 70,
): Promise<Map<string, { x: number; y: number }>> {
  const graph: ElkNode = {
    id: 'root',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.layered.spacing.nodeNodeBetweenLayers': String(gap),
      'elk.spacing.nodeNode': '18',
      'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
    },
    children: ids.map((id) => ({ id, width: NODE_WIDTH, height: NODE_HEIGHT })),
    edges: edges.map(({ from, to }, at) => ({ id: `e${at}`, sources: [from], targets: [to] })),
  }
  const { children = [] } = await elk.layout(graph)
  return new Map(children.map(({ id, x = 0, y = 0 }) => [id, { x, y }]))
}
