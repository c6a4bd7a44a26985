import { MAX_NAME_BYTES } from './limits.ts'
import { addToList, emptyList, listTensor, takeNumbers } from './onnx-attribute-numbers.ts'
import type { OnnxFunction, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor } from './onnx-model.ts'
import { readSparseTensor } from './onnx-sparse.ts'
import { readTensor } from './onnx-tensor.ts'
import { fieldsOf, inside, type Message, malformed, textOf, type Wire, type WireField, wholeFile } from './protobuf.ts'
import { readError } from './read-error.ts'

/**
 * A file holds at most 2 GB of protobuf; the largest exports (unrolled language models) have about 60,000 nodes and as many
 * tensors, constants included. With a node's few links that is what 256 MiB of memory hold.
 */
const MAX_NODES = 131_072
const MAX_TENSORS = 131_072
const MAX_LINKS = 524_288

/** Smaller lists among a node's attributes are settings, not weights. */
const MIN_WEIGHT_COUNT = 16

/** The largest operators (tree ensembles) have about 20. */
const MAX_ATTRIBUTES = 256

const NO_ATTRIBUTES: ReadonlyMap<string, readonly number[]> = new Map()
const NO_SUBGRAPHS: OnnxGraph[] = []

const KEPT_ATTRIBUTES = new Set([
  'axis',
  'axes',
  'perm',
  'starts',
  'ends',
  'transA',
  'transB',
  'block_size',
  'quantize_axis',
  'bits',
  'K',
  'N',
  'qkv_hidden_sizes',
])

interface Walk {
  wire: Wire
  tensorsLeft: number
  nodesLeft: number
  linksLeft: number
}

/** The graphs and tensors of a ModelProto. Throws `malformed` for a file without a graph. */
export function readModel(wire: Wire): OnnxModel {
  const walk: Walk = { wire, tensorsLeft: MAX_TENSORS, nodesLeft: MAX_NODES, linksLeft: MAX_LINKS }
  const model = wholeFile(wire.source)
  const functions: OnnxFunction[] = []
  let graph: OnnxGraph | null = null
  for (const field of fieldsOf(wire, model, 'model')) {
    if (field.number === 7) {
      if (graph !== null) throw malformed(wire, 'model', 'it has two graphs', field.offset)
      graph = readGraph(walk, inside(wire, model, field, 'graph'), '')
    }
    if (field.number === 25) functions.push(readFunction(walk, inside(wire, model, field, 'function')))
  }
  if (graph === null) throw malformed(wire, 'model', 'it has no graph', 0)
  return { graph, functions }
}

function readGraph(walk: Walk, message: Message, path: string): OnnxGraph {
  const { wire } = walk
  count(walk, 'nodesLeft', 'nodes', MAX_NODES)
  const graph: OnnxGraph = { path, tensors: [], nodes: [], inputs: [] }
  for (const field of fieldsOf(wire, message, 'graph')) {
    if (field.number === 1) readNode(walk, inside(wire, message, field, 'node'), graph)
    if (field.number === 5) keepTensor(walk, graph, readTensor(wire, inside(wire, message, field, 'initializer')))
    if (field.number === 11) graph.inputs.push(readValueName(walk, inside(wire, message, field, 'graph input')))
    if (field.number === 15)
      keepTensor(walk, graph, readSparseTensor(wire, inside(wire, message, field, 'sparse initializer')))
  }
  return graph
}

function readFunction(walk: Walk, message: Message): OnnxFunction {
  const { wire } = walk
  count(walk, 'nodesLeft', 'nodes', MAX_NODES)
  const body: OnnxGraph = { path: '', tensors: [], nodes: [], inputs: [] }
  let domain = ''
  let name = ''
  // The name leads the path of everything inside, wherever it stands in the message.
  for (const field of fieldsOf(wire, message, 'function')) {
    if (field.number === 1) name = readName(wire, field)
    if (field.number === 10) domain = readName(wire, field)
  }
  body.path = name
  for (const field of fieldsOf(wire, message, 'function')) {
    if (field.number === 4) body.inputs.push(linkName(walk, field))
    if (field.number === 7) readNode(walk, inside(wire, message, field, 'node'), body)
  }
  return { domain, name, body }
}

/** A ValueInfoProto's name. */
function readValueName(walk: Walk, message: Message): string {
  for (const field of fieldsOf(walk.wire, message, 'graph input')) if (field.number === 1) return linkName(walk, field)
  return ''
}

/** Appends a node to its graph; what a Constant holds goes to the graph's tensors instead. */
function readNode(walk: Walk, message: Message, graph: OnnxGraph): void {
  const { wire } = walk
  count(walk, 'nodesLeft', 'nodes', MAX_NODES)
  const node: OnnxNode = {
    op: '',
    domain: '',
    inputs: [],
    outputs: [],
    attributes: NO_ATTRIBUTES,
    subgraphs: NO_SUBGRAPHS,
  }
  const attributes: WireField[] = []
  let name = ''
  for (const field of fieldsOf(wire, message, 'node')) {
    if (field.number === 1) node.inputs.push(linkName(walk, field))
    if (field.number === 2) node.outputs.push(linkName(walk, field))
    if (field.number === 3) name = readName(wire, field)
    if (field.number === 4) node.op = readName(wire, field)
    if (field.number === 5 && attributes.push(field) > MAX_ATTRIBUTES) throw tooMany(wire, 'attributes', MAX_ATTRIBUTES)
    if (field.number === 7) node.domain = readName(wire, field)
  }
  const label = node.outputs[0] || name || node.op
  for (const field of attributes) readAttribute(walk, inside(wire, message, field, 'attribute'), graph, node, label)
  // Copies take just the room they need: nodes are many.
  if (node.op !== 'Constant') graph.nodes.push({ ...node, inputs: [...node.inputs], outputs: [...node.outputs] })
}

/** The fields of an AttributeProto that bear on weights. */
function readAttribute(walk: Walk, message: Message, graph: OnnxGraph, node: OnnxNode, label: string): void {
  const { wire } = walk
  const name = attributeName(wire, message)
  const path = graph.path === '' ? `${label}/${name}` : `${graph.path}/${label}/${name}`
  const keep = (tensor: OnnxTensor | null) => keepAttributeTensor(walk, graph, node, tensor, label, name)
  const numbers: number[] = []
  const lists = { float: emptyList(), floats: emptyList(), int: emptyList(), ints: emptyList() }
  for (const field of fieldsOf(wire, message, 'attribute')) {
    switch (field.number) {
      case 2:
        addToList(wire, lists.float, field, 'fixed32')
        break
      case 3:
        addToList(wire, lists.int, field, 'varint')
        takeNumbers(wire, numbers, field)
        break
      case 5:
      case 10:
        keep(readTensor(wire, inside(wire, message, field, 'tensor attribute')))
        break
      case 6:
      case 11:
        if (node.subgraphs === NO_SUBGRAPHS) node.subgraphs = []
        node.subgraphs.push(readGraph(walk, inside(wire, message, field, 'subgraph'), path))
        break
      case 7:
        addToList(wire, lists.floats, field, 'fixed32')
        break
      case 8:
        addToList(wire, lists.ints, field, 'varint')
        takeNumbers(wire, numbers, field)
        break
      case 22:
      case 23:
        keep(readSparseTensor(wire, inside(wire, message, field, 'sparse tensor attribute')))
        break
    }
  }
  if (KEPT_ATTRIBUTES.has(name)) node.attributes = new Map([...node.attributes, [name, numbers]])
  const isConstant = node.op === 'Constant'
  if (lists.floats.count > 0) keep(listTensor(message, lists.floats, 7, 'f32', [lists.floats.count]))
  if (isConstant && lists.ints.count > 0) keep(listTensor(message, lists.ints, 8, 'i64', [lists.ints.count]))
  if (isConstant && name === 'value_float') keep(listTensor(message, lists.float, 2, 'f32', []))
  if (isConstant && name === 'value_int') keep(listTensor(message, lists.int, 3, 'i64', []))
}

function attributeName(wire: Wire, message: Message): string {
  for (const field of fieldsOf(wire, message, 'attribute')) if (field.number === 1) return readName(wire, field)
  return ''
}

/** Constants become tensors under their output's name; other nodes' attributes when they are large, as trees' are. */
function keepAttributeTensor(
  walk: Walk,
  graph: OnnxGraph,
  node: OnnxNode,
  tensor: OnnxTensor | null,
  label: string,
  attribute: string,
): void {
  if (tensor === null) return
  if (node.op === 'Constant') keepTensor(walk, graph, { ...tensor, name: label })
  else if (tensor.count >= MIN_WEIGHT_COUNT) keepTensor(walk, graph, { ...tensor, name: `${label}.${attribute}` })
}

function keepTensor(walk: Walk, graph: OnnxGraph, tensor: OnnxTensor | null): void {
  if (tensor === null) return
  count(walk, 'tensorsLeft', 'tensors', MAX_TENSORS)
  graph.tensors.push(tensor)
}

function linkName(walk: Walk, field: WireField): string {
  count(walk, 'linksLeft', 'node inputs and outputs', MAX_LINKS)
  return readName(walk.wire, field)
}

function readName(wire: Wire, field: WireField): string {
  return textOf(wire, field, MAX_NAME_BYTES, 'name')
}

function count(walk: Walk, left: 'tensorsLeft' | 'nodesLeft' | 'linksLeft', what: string, limit: number): void {
  if (--walk[left] >= 0) return
  throw tooMany(walk.wire, what, limit)
}

function tooMany(wire: Wire, what: string, limit: number) {
  return readError(wire.source.path, 'limit', { what, value: `over ${limit}`, limit: String(limit) })
}
