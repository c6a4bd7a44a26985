import type { ScanReport } from '../contract/scan.ts'

export type ScannedModel = ScanReport['models'][number]
export type ScannedRelation = ScanReport['relations'][number]

/**
 * One line of a family's picture, in reading order. A row stands below the row of `from`, which is `depth` − 1 deep
 * unless the tree is deeper than it can be drawn.
 */
export interface FamilyRow {
  id: string
  /** Null for an id that a relation names though no such model was scanned. */
  model: ScannedModel | null
  depth: number
  /** The relation to `from`; null for a model at the top. */
  relation: ScannedRelation | null
  from: string | null
  /** The model already has its own row; this one only shows that it is also joined to `from`. */
  repeated: boolean
  /** At the top only because something has to be: an undetermined relation leaves open whether it came first. */
  plausible: boolean
  /** A relation of the model to a parent that is not here, such as an adapter whose base is absent, or to itself: other files beside it. */
  own: ScannedRelation | null
}

export interface Family {
  models: ScannedModel[]
  rows: FamilyRow[]
}

export interface Families {
  /** Most models first. */
  families: Family[]
  /** Models related to nothing else, most copies first; `model` is never null. */
  singles: FamilyRow[]
}

/** Deeper trees are drawn at this depth, each row naming the model it hangs from: the picture stays readable. */
export const MAX_DEPTH = 7

/** Models joined by relations, each family as a tree below its origins. */
export function familiesOf(report: Pick<ScanReport, 'models' | 'relations'>): Families {
  const graph = graphOf(report)
  const seen = new Set<string>()
  const families: Family[] = []
  const singles: FamilyRow[] = []
  for (const id of graph.ids) {
    if (seen.has(id)) continue
    const members = joinedTo(id, graph, seen)
    const models = members.flatMap((member) => graph.models.get(member) ?? [])
    if (members.length === 1) singles.push(...rowsOf(members, graph))
    else families.push({ models, rows: rowsOf(members, graph) })
  }
  families.sort((a, b) => b.models.length - a.models.length)
  singles.sort((a, b) => (b.model?.artifacts.length ?? 0) - (a.model?.artifacts.length ?? 0))
  return { families, singles }
}

interface Edge {
  relation: ScannedRelation
  other: string
  /** What `other` is to the model that holds the edge. */
  otherIs: 'parent' | 'child' | 'either'
}

interface Graph {
  ids: Set<string>
  models: Map<string, ScannedModel>
  edges: Map<string, Edge[]>
  /** Relations without a parent here, or of a model to itself, by child. */
  own: Map<string, ScannedRelation>
}

function graphOf(report: Pick<ScanReport, 'models' | 'relations'>): Graph {
  const graph: Graph = { ids: new Set(), models: new Map(), edges: new Map(), own: new Map() }
  for (const model of report.models) {
    graph.ids.add(model.id)
    graph.models.set(model.id, model)
  }
  for (const relation of report.relations) {
    const others = relation.parents.filter(({ id }) => id !== relation.child)
    if (others.length === 0 && graph.models.has(relation.child)) graph.own.set(relation.child, relation)
    for (const parent of others) {
      const known = relation.direction === 'known'
      addEdge(graph, parent.id, { relation, other: relation.child, otherIs: known ? 'child' : 'either' })
      addEdge(graph, relation.child, { relation, other: parent.id, otherIs: known ? 'parent' : 'either' })
    }
  }
  return graph
}

function addEdge(graph: Graph, id: string, edge: Edge): void {
  graph.ids.add(id)
  const edges = graph.edges.get(id)
  if (edges) edges.push(edge)
  else graph.edges.set(id, [edge])
}

function edgesOf(graph: Graph, id: string): Edge[] {
  return graph.edges.get(id) ?? []
}

function joinedTo(start: string, graph: Graph, seen: Set<string>): string[] {
  const members = [start]
  seen.add(start)
  for (let next = 0; next < members.length; next++) {
    for (const edge of edgesOf(graph, members[next]!)) {
      if (seen.has(edge.other)) continue
      seen.add(edge.other)
      members.push(edge.other)
    }
  }
  return members
}

interface Pending {
  id: string
  depth: number
  edge: Edge | null
  from: string | null
}

/** Depth first from the most plausible origin; every relation is drawn exactly once for each of its parents. */
function rowsOf(members: string[], graph: Graph): FamilyRow[] {
  const placed = new Set<string>()
  const drawn = new Set<string>()
  const rows: FamilyRow[] = []
  for (const origin of byPlausibility(members, graph)) {
    if (placed.has(origin)) continue
    const stack: Pending[] = [{ id: origin, depth: 0, edge: null, from: null }]
    for (let step = stack.pop(); step; step = stack.pop()) {
      const { id, edge, from } = step
      if (edge && from) {
        if (drawn.has(lineKey(edge, from)) || (!placed.has(id) && waitsForParent(id, edge, from, graph, placed)))
          continue
        drawn.add(lineKey(edge, from))
      }
      const row = rowOf(step, placed.has(id), graph)
      rows.push(row)
      placed.add(id)
      if (!row.repeated) stack.push(...belowIt(id, step.depth, graph).reverse())
    }
  }
  return rows
}

function rowOf({ id, depth, edge, from }: Pending, repeated: boolean, graph: Graph): FamilyRow {
  return {
    id,
    model: graph.models.get(id) ?? null,
    depth,
    relation: edge?.relation ?? null,
    from,
    repeated,
    plausible: edge === null && edgesOf(graph, id).some((own) => own.otherIs === 'either'),
    own: graph.own.get(id) ?? null,
  }
}

function belowIt(id: string, depth: number, graph: Graph): Pending[] {
  const below = edgesOf(graph, id).filter((edge) => edge.otherIs !== 'parent')
  return below.map((edge) => ({ id: edge.other, depth: Math.min(depth + 1, MAX_DEPTH), edge, from: id }))
}

/** The same line seen from either end. */
function lineKey(edge: Edge, from: string): string {
  const [first, second] = from < edge.other ? [from, edge.other] : [edge.other, from]
  return `${first} ${second} ${edge.relation.child}`
}

/** Across an undetermined relation, a model with a known parent is left to be drawn under that parent. */
function waitsForParent(id: string, edge: Edge, from: string, graph: Graph, placed: Set<string>): boolean {
  if (edge.otherIs !== 'either') return false
  return edgesOf(graph, id).some((own) => own.otherIs === 'parent' && own.other !== from && !placed.has(own.other))
}

/** Models without a known parent first; among them those others were made from, unquantised, large, much copied. */
function byPlausibility(members: string[], graph: Graph): string[] {
  const ranked = members.map((id) => {
    const edges = edgesOf(graph, id)
    const model = graph.models.get(id)
    const hasParent = edges.some((edge) => edge.otherIs === 'parent')
    const children = edges.filter((edge) => edge.otherIs === 'child').length
    const rank = [
      hasParent ? 0 : 1,
      Math.min(children, 1),
      model?.quantisation === null ? 1 : 0,
      model?.parameters ?? 0,
      model?.artifacts.length ?? 0,
      edges.length,
    ]
    return { id, rank }
  })
  ranked.sort((a, b) => compareRanks(b.rank, a.rank) || (a.id < b.id ? -1 : 1))
  return ranked.map((entry) => entry.id)
}

function compareRanks(a: number[], b: number[]): number {
  const at = a.findIndex((value, index) => value !== b[index])
  return at < 0 ? 0 : a[at]! - b[at]!
}

/**
 * Files in the scan: an artifact may have several, and one file may hold several models, which is seen by the same path
 * and bytes under different models.
 */
export function countFiles(models: readonly ScannedModel[]): number {
  const most = new Map<string, number>()
  for (const model of models) {
    const here = new Map<string, number>()
    for (const file of model.artifacts.flatMap((artifact) => artifact.files)) {
      const key = `${file.sha256} ${file.path}`
      here.set(key, (here.get(key) ?? 0) + 1)
    }
    for (const [key, count] of here) most.set(key, Math.max(count, most.get(key) ?? 0))
  }
  let total = 0
  for (const count of most.values()) total += count
  return total
}
