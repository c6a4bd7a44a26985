import type { OnnxFunction, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor } from './onnx-model.ts'

/** Something that flows between nodes. `tensor` is set when its elements stand in the file. */
export interface OnnxValue {
  tensor: OnnxTensor | null
  /** The node it comes out of. */
  producer: LinkedNode | null
  /** In graph order. */
  uses: readonly OnnxUse[]
}

export interface OnnxUse {
  node: LinkedNode
  input: number
}

/** A node with its names resolved; null for an optional input left out or a name that is nowhere defined. */
export interface LinkedNode {
  op: string
  attributes: ReadonlyMap<string, readonly number[]>
  inputs: (OnnxValue | null)[]
  outputs: readonly OnnxValue[]
  /** Of a model-local function's call: what the call's inputs are called inside. */
  calleeInputs: OnnxValue[] | null
}

export interface OnnxLinks {
  /** Every tensor, in graph order, with the graph it stands in. */
  tensors: { tensor: OnnxTensor; graph: OnnxGraph; value: OnnxValue }[]
  /** Every node, in graph order, a subgraph's after the node that holds it. */
  nodes: LinkedNode[]
}

type Scope = { names: Map<string, OnnxValue>; outer: Scope | null }

/** Resolves names: an inner graph sees the names of the graphs around it, a function only its own. */
export function linkModel(model: OnnxModel): OnnxLinks {
  const links: OnnxLinks = { tensors: [], nodes: [] }
  const callees = new Map<string, OnnxValue[]>()
  for (const called of model.functions) callees.set(functionKey(called), called.body.inputs.map(freshValue))
  linkGraph(links, model.graph, null, callees, null)
  for (const called of model.functions)
    linkGraph(links, called.body, null, callees, callees.get(functionKey(called)) ?? null)
  return links
}

function functionKey(called: Pick<OnnxFunction, 'domain' | 'name'>): string {
  return `${called.domain}\n${called.name}`
}

function freshValue(): OnnxValue {
  return { tensor: null, producer: null, uses: NO_USES }
}

function linkGraph(
  links: OnnxLinks,
  graph: OnnxGraph,
  outer: Scope | null,
  callees: Map<string, OnnxValue[]>,
  inputs: OnnxValue[] | null,
): void {
  const scope: Scope = { names: new Map(), outer }
  for (const [index, name] of graph.inputs.entries()) scope.names.set(name, inputs?.[index] ?? freshValue())
  // Older files list initialisers among the inputs too: the tensor is what the name means.
  for (const tensor of graph.tensors) {
    const value = { ...freshValue(), tensor }
    scope.names.set(tensor.name, value)
    links.tensors.push({ tensor, graph, value })
  }
  for (const node of graph.nodes) linkNode(links, node, scope, callees)
}

function linkNode(links: OnnxLinks, node: OnnxNode, scope: Scope, callees: Map<string, OnnxValue[]>): void {
  const linked: LinkedNode = {
    op: node.op,
    attributes: node.attributes,
    inputs: node.inputs.map((name) => lookUp(scope, name)),
    outputs: node.outputs.map(freshValue),
    calleeInputs: callees.get(functionKey({ domain: node.domain, name: node.op })) ?? null,
  }
  links.nodes.push(linked)
  for (const [input, value] of linked.inputs.entries()) if (value !== null) addUse(value, { node: linked, input })
  for (const subgraph of node.subgraphs) linkGraph(links, subgraph, scope, callees, null)
  for (const [index, name] of node.outputs.entries()) {
    const value = linked.outputs[index]!
    value.producer = linked
    if (name !== '') scope.names.set(name, value)
  }
}

/** Most values have one use or none: no list is kept ready for more. */
function addUse(value: OnnxValue, use: OnnxUse): void {
  if (value.uses.length === 0) value.uses = [use]
  else (value.uses as OnnxUse[]).push(use)
}

const NO_USES: readonly OnnxUse[] = []

function lookUp(scope: Scope, name: string): OnnxValue | null {
  if (name === '') return null
  for (let at: Scope | null = scope; at !== null; at = at.outer) {
    const value = at.names.get(name)
    if (value !== undefined) return value
  }
  return null
}
