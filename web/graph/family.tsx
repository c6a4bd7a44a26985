import '@xyflow/react/dist/style.css'
import '../style/graph.css'
import {
  Background,
  Controls,
  type Edge,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
} from '@xyflow/react'
import { useEffect, useMemo, useState } from 'react'
import type { Graph, GraphEdge, GraphNode } from '../../src/contract/api.ts'
import { visible } from '../../src/report/escape.ts'
import { useText } from '../language.tsx'
import { shortId } from '../parts/format.ts'
import { VerdictTag } from '../parts/tags.tsx'
import { NODE_HEIGHT, NODE_WIDTH, placesOf } from './layout.ts'
import { edgeText, keyOf } from './relations.ts'

interface Shown extends Record<string, unknown> {
  node: GraphNode
  /** How it was made, in words. */
  made: string
  selected: boolean
  onPath: boolean
  select(id: string): void
  expand(id: string): void
}

type ModelNode = Node<Shown, 'model'>

/** The family of a model, from left to right; what was made from what is said in words in each box and by the style of each line. */
export default function FamilyGraph({
  graph,
  selected,
  path,
  select,
  expand,
}: {
  graph: Graph
  selected: string | null
  /** Models on the path that is shown. */
  path: ReadonlySet<string>
  select(id: string): void
  expand(id: string): void
}) {
  const t = useText()
  const places = usePlaces(graph)
  const made = useMemo(() => madeTexts(graph, (edge) => edgeText(t, edge)), [graph, t])
  if (places === null) {
    return (
      <p className="soft" role="status">
        {t('web.graph.drawing')}
      </p>
    )
  }
  const nodes: ModelNode[] = graph.nodes.flatMap((node) => {
    const position = places.get(node.id)
    if (position === undefined) return []
    const data = {
      node,
      made: made.get(node.id) ?? '',
      selected: node.id === selected,
      onPath: path.has(node.id),
      select,
      expand,
    }
    return [{ id: node.id, type: 'model', position, data, width: NODE_WIDTH, height: NODE_HEIGHT }]
  })
  return (
    <div className="graph" data-nodes={nodes.length}>
      <ReactFlow
        nodes={nodes}
        edges={graph.edges.map((edge) => lineOf(edge, path))}
        nodeTypes={NODE_TYPES}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        onlyRenderVisibleElements
        fitView
        fitViewOptions={{
          minZoom: 0.35,
          maxZoom: 1,
          nodes: nodes.filter(({ data }) => data.node.distance <= 1).slice(0, 12),
        }}
        minZoom={0.05}
        zoomOnScroll={false}
        preventScrolling={false}
        proOptions={{ hideAttribution: true }}
      >
        <Background gap={24} />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  )
}

const NODE_TYPES = { model: ModelBox }

function ModelBox({ data: { node, made, selected, onPath, select, expand } }: NodeProps<ModelNode>) {
  const t = useText()
  const name = visible(node.name || shortId(node.id))
  return (
    <div className={`box ${node.side} ${selected ? 'selected' : ''} ${onPath ? 'on-path' : ''}`}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <button
        type="button"
        className="box-name nopan"
        aria-pressed={selected}
        onClick={() => select(node.id)}
        title={name}
      >
        <bdi>{name}</bdi>
        <span className="box-made">{node.side === 'focus' ? t('web.graph.focus') : made}</span>
      </button>
      <span className="box-foot">
        {node.verdict === 'departs' || node.verdict === 'undecided' ? <VerdictTag verdict={node.verdict} /> : null}
        {node.collapsed > 0 ? (
          <button
            type="button"
            className="box-more nopan"
            aria-label={t('web.graph.expand', { count: node.collapsed, name })}
            onClick={() => expand(node.id)}
          >
            + {node.collapsed}
          </button>
        ) : null}
      </span>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  )
}

function lineOf(edge: GraphEdge, path: ReadonlySet<string>): Edge {
  const isKnown = edge.direction === 'known'
  const isOn = path.has(edge.parent) && path.has(edge.child)
  return {
    id: keyOf(edge),
    source: edge.parent,
    target: edge.child,
    className: `line ${edge.status} ${isKnown ? 'known' : 'undetermined'} ${isOn ? 'on-path' : ''}`,
    ...(isKnown ? { markerEnd: { type: MarkerType.ArrowClosed } } : { label: '?' }),
  }
}

/** Of each model how it was made, by the edges that lead to it. */
function madeTexts(graph: Graph, text: (edge: GraphEdge) => string): Map<string, string> {
  const texts = new Map<string, string>()
  for (const edge of graph.edges) {
    const known = texts.get(edge.child)
    texts.set(edge.child, known === undefined || known === text(edge) ? text(edge) : `${known} / ${text(edge)}`)
  }
  return texts
}

function usePlaces(graph: Graph): Map<string, { x: number; y: number }> | null {
  const [places, setPlaces] = useState<Map<string, { x: number; y: number }> | null>(null)
  useEffect(() => {
    let current = true
    const ids = graph.nodes.map(({ id }) => id)
    const here = new Set(ids)
    const ends = graph.edges
      .filter(({ parent, child }) => here.has(parent) && here.has(child))
      .map(({ parent, child }) => ({ from: parent, to: child }))
    placesOf(ids, ends).then((found) => current && setPlaces(found))
    return () => {
      current = false
    }
  }, [graph])
  return places
}
