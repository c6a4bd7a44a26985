import '@xyflow/react/dist/style.css'
import '../style/graph.css'
import { type Edge, MarkerType, type Node, Position, ReactFlow } from '@xyflow/react'
import { useEffect, useState } from 'react'
import type { TraceReport } from '../../src/contract/trace.ts'
import { actorText } from '../../src/report/actor-text.ts'
import { useLanguage } from '../language.tsx'
import { day } from '../parts/format.ts'
import { NODE_HEIGHT, NODE_WIDTH, placesOf } from './layout.ts'

/** Between two boxes there is room for a day and a status. */
const LABEL_WIDTH = 210

type Hop = TraceReport['hops'][number]

/** Who gave a model to whom. The same stands in words in the time line below it. */
export default function ActorNetwork({ hops }: { hops: readonly Hop[] }) {
  const { t, language } = useLanguage()
  const drawn = useDrawing(hops)
  if (drawn === null) return null
  const nodes: Node[] = drawn.map(({ id, hop, x, y }) => ({
    id,
    position: { x, y },
    data: { label: actorText(t, hop) },
    width: NODE_WIDTH,
    height: NODE_HEIGHT * 0.6,
    sourcePosition: Position.Right,
    targetPosition: Position.Left,
    className: 'actor',
  }))
  const edges: Edge[] = hops.flatMap((hop, at) =>
    hop.from === null || hop.to === null
      ? []
      : [
          {
            id: `${at}`,
            source: hop.from.id,
            target: hop.to.id,
            label: `${day(hop.at, language)} · ${t(`status.${hop.status}.name`)}`,
            className: `line ${hop.status} ${hop.confirmed ? 'known' : 'undetermined'}`,
            markerEnd: { type: MarkerType.ArrowClosed },
          },
        ],
  )
  return (
    <div className="graph actors" role="img" aria-label={t('web.journey.network')}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        fitView
        fitViewOptions={{ maxZoom: 1 }}
        minZoom={0.1}
        zoomOnScroll={false}
        preventScrolling={false}
        proOptions={{ hideAttribution: true }}
      />
    </div>
  )
}

function useDrawing(hops: readonly Hop[]) {
  const [places, setPlaces] = useState<{ id: string; hop: Hop['from']; x: number; y: number }[] | null>(null)
  useEffect(() => {
    let current = true
    const actors = new Map(
      hops.flatMap(({ from, to }) => [from, to]).flatMap((actor) => (actor ? [[actor.id, actor]] : [])),
    )
    const ends = hops.flatMap(({ from, to }) => (from && to ? [{ from: from.id, to: to.id }] : []))
    placesOf([...actors.keys()], ends, LABEL_WIDTH).then((found) => {
      if (!current) return
      setPlaces([...actors].map(([id, hop]) => ({ id, hop, ...(found.get(id) ?? { x: 0, y: 0 }) })))
    })
    return () => {
      current = false
    }
  }, [hops])
  return places
}
