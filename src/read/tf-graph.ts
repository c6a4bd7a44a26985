import { MAX_NAME_BYTES, MAX_NODES } from './limits.ts'
import { fieldsOf, inside, type Message, textOf, type Wire, type WireField } from './protobuf.ts'
import { readError } from './read-error.ts'
import { tensorOf } from './tf-const.ts'
import type { GraphNode, Port, Scope } from './tfjs-nodes.ts'

/** Keras writes each layer's functions out several times; the largest detectors have about 400,000 nodes in all. */
const MAX_GRAPH_NODES = 2 * MAX_NODES

/** A node has two or three inputs; saving and restoring take every variable. */
const MAX_INPUTS = 4 * MAX_GRAPH_NODES

/** What is read of a file's graphs, by their node names; names in functions have the function's before them. */
export interface TfGraph {
  wire: Wire
  scopes: Scope[]
  /** Const nodes, in file order. */
  constants: { scope: Scope; name: string; tensor: Message }[]
  /** Variable name → the nodes that stand for it. */
  variables: Map<string, string[]>
  /** Operators that occur, each once, and where first. */
  operators: Map<string, string>
  nodesLeft: number
  inputsLeft: number
}

export function emptyGraph(wire: Wire): TfGraph {
  return {
    wire,
    scopes: [],
    constants: [],
    variables: new Map(),
    operators: new Map(),
    nodesLeft: MAX_GRAPH_NODES,
    inputsLeft: MAX_INPUTS,
  }
}

/** Adds a GraphDef: its nodes and the functions of its library. */
export function addGraph(graph: TfGraph, message: Message): void {
  const { wire } = graph
  const main: Scope = { name: null, arguments: [], nodes: [] }
  graph.scopes.push(main)
  for (const field of fieldsOf(wire, message, 'graph')) {
    if (field.number === 1) addNode(graph, main, inside(wire, message, field, 'node'), '')
    if (field.number !== 2) continue
    const library = inside(wire, message, field, 'function library')
    for (const one of fieldsOf(wire, library, 'function library'))
      if (one.number === 1) addFunction(graph, inside(wire, library, one, 'function'))
  }
}

function addFunction(graph: TfGraph, message: Message): void {
  const { wire } = graph
  const scope: Scope = { name: '', arguments: [], nodes: [] }
  const nodes: Message[] = []
  for (const field of fieldsOf(wire, message, 'function')) {
    if (field.number === 1) readSignature(wire, inside(wire, message, field, 'signature'), scope)
    if (field.number === 3) nodes.push(inside(wire, message, field, 'node'))
    if (nodes.length > MAX_GRAPH_NODES) throw tooMany(wire, 'graph nodes', MAX_GRAPH_NODES)
  }
  graph.scopes.push(scope)
  scope.arguments = scope.arguments.map((name) => `${scope.name}/${name}`)
  for (const node of nodes) addNode(graph, scope, node, `${scope.name}/`)
}

function readSignature(wire: Wire, message: Message, scope: Scope): void {
  for (const field of fieldsOf(wire, message, 'signature')) {
    if (field.number === 1) scope.name = textOf(wire, field, MAX_NAME_BYTES, 'function name')
    if (field.number !== 2) continue
    let name = ''
    const argument = inside(wire, message, field, 'argument')
    for (const one of fieldsOf(wire, argument, 'argument'))
      if (one.number === 1) name = textOf(wire, one, MAX_NAME_BYTES, 'argument name')
    scope.arguments.push(name)
  }
}

/** NodeDef. `prefix` goes before the name and before those of the inputs, which are of the same scope. */
function addNode(graph: TfGraph, scope: Scope, message: Message, prefix: string): void {
  const { wire } = graph
  if (--graph.nodesLeft < 0) throw tooMany(wire, 'graph nodes', MAX_GRAPH_NODES)
  const node: GraphNode = { name: '', op: '', inputs: [], attributes: {} }
  const attributes: NodeAttributes = { tensor: null, sharedName: '' }
  for (const field of fieldsOf(wire, message, 'node')) {
    if (field.number === 1) node.name = prefix + textOf(wire, field, MAX_NAME_BYTES, 'node name')
    if (field.number === 2) node.op = textOf(wire, field, MAX_NAME_BYTES, 'operator')
    if (field.number === 3) addInput(graph, node, field, prefix)
    if (field.number === 5) readAttribute(wire, inside(wire, message, field, 'attribute'), node, attributes)
  }
  scope.nodes.push(node)
  if (!graph.operators.has(node.op)) graph.operators.set(node.op, node.name)
  if (node.op === 'Const' && attributes.tensor !== null)
    graph.constants.push({ scope, name: node.name, tensor: attributes.tensor })
  if (VARIABLES.has(node.op)) {
    const variable = attributes.sharedName || node.name
    graph.variables.set(variable, [...(graph.variables.get(variable) ?? []).slice(0, 15), node.name])
  }
}

const VARIABLES = new Set(['VarHandleOp', 'Variable', 'VariableV2', 'AutoReloadVariable'])

/** Written `node`, `node:output`, in functions `node:name:output`; `^node` only waits for it. */
function addInput(graph: TfGraph, node: GraphNode, field: WireField, prefix: string): void {
  if (--graph.inputsLeft < 0) throw tooMany(graph.wire, 'inputs of graph nodes', MAX_INPUTS)
  const text = textOf(graph.wire, field, MAX_NAME_BYTES, 'input')
  if (text.startsWith('^')) return
  const [name = '', ...rest] = text.split(':', 3)
  const output = Number(rest.at(-1) ?? 0)
  const port: Port = { node: prefix + name, output: Number.isInteger(output) ? output : 0 }
  node.inputs.push(port)
}

interface NodeAttributes {
  tensor: Message | null
  sharedName: string
}

/** Attributes that tell how weights are used; others are passed over. */
const BOOLEANS = new Set(['transpose_a', 'transpose_b', 'adj_x', 'adj_y'])
const FUNCTIONS = new Set(['f', 'body', 'cond', 'then_branch', 'else_branch'])

function readAttribute(wire: Wire, entry: Message, node: GraphNode, attributes: NodeAttributes): void {
  let key = ''
  let value: Message | null = null
  for (const field of fieldsOf(wire, entry, 'attribute')) {
    if (field.number === 1) key = textOf(wire, field, MAX_NAME_BYTES, 'attribute name')
    if (field.number === 2) value = inside(wire, entry, field, 'attribute')
  }
  if (value === null) return
  if (key === 'value') attributes.tensor = tensorOf(wire, value)
  if (key === 'shared_name') attributes.sharedName = attributeText(wire, value)
  if (BOOLEANS.has(key)) node.attributes[key] = { b: attributeNumber(wire, value, 5) === 1 }
  if (key === 'num_split') node.attributes[key] = { i: attributeNumber(wire, value, 3) }
  if (FUNCTIONS.has(key)) node.attributes[key] = { func: { name: calledFunction(wire, value) } }
}

function attributeNumber(wire: Wire, value: Message, number: number): number {
  for (const field of fieldsOf(wire, value, 'attribute')) if (field.number === number) return field.value
  return 0
}

function attributeText(wire: Wire, value: Message): string {
  for (const field of fieldsOf(wire, value, 'attribute'))
    if (field.number === 2) return textOf(wire, field, MAX_NAME_BYTES, 'attribute')
  return ''
}

function calledFunction(wire: Wire, value: Message): string {
  for (const field of fieldsOf(wire, value, 'attribute')) {
    if (field.number !== 10) continue
    const called = inside(wire, value, field, 'called function')
    for (const one of fieldsOf(wire, called, 'called function'))
      if (one.number === 1) return textOf(wire, one, MAX_NAME_BYTES, 'function name')
  }
  return ''
}

function tooMany(wire: Wire, what: string, limit: number) {
  return readError(wire.source.path, 'limit', { what, value: `over ${limit}`, limit: String(limit) })
}
