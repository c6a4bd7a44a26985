import { MAX_INLINE_BYTES, MAX_TENSORS } from './limits.ts'
import type { Reader, StoredTensor } from './model-file.ts'
import { fieldsOf, inside, type Message, type Wire, wholeFile, wireOf } from './protobuf.ts'
import { ReadError, readError } from './read-error.ts'
import type { ByteSource, Siblings } from './source.ts'
import { readVariables } from './tf-checkpoint.ts'
import { readConstant } from './tf-const.ts'
import { operatorFindings } from './tf-findings.ts'
import { addGraph, emptyGraph, type TfGraph } from './tf-graph.ts'
import { nodeReader, variableReader, variableTensors } from './tf-reading.ts'
import type { TfVariable } from './tf-variables.ts'
import type { Scope } from './tfjs-nodes.ts'
import { weightViews } from './weight-reading.ts'

const VARIABLES = 'variables/variables'

/** By name: the protobuf inside has no magic number. */
export function isSavedModelName(name: string): boolean {
  return name.toLowerCase() === 'saved_model.pb'
}

/**
 * Reads a SavedModel from its saved_model.pb and the checkpoint in `variables/`: variables, and the constants of the main graph and
 * of what it calls. Throws `malformed`, `limit`, `unsupported`, `truncated`, and what `siblings.open` throws.
 */
export const readSavedModel: Reader = (source, siblings) => {
  const files = [source]
  try {
    const wire = wireOf(source)
    const graph = emptyGraph(wire)
    for (const one of metaGraphs(wire)) addGraph(graph, one)
    const variables = openVariables(siblings, files)
    const tensors = [
      ...variableTensors(variables, variableReader(graph, variables)),
      ...constantTensors(graph, calledScopes(graph)).filter(isWeighty),
    ]
    checkTensors(source, tensors)
    return { format: 'tensorflow', files, tensors, findings: operatorFindings(graph.operators) }
  } catch (error) {
    for (const opened of files.slice(1)) opened.close()
    throw error
  }
}

/** Functions are full of shapes, axes, counters and factors. */
function isWeighty({ element, view }: StoredTensor): boolean {
  const isList = /^b?f\d/.test(element) && view.shape.length > 0
  return isList || view.shape.reduce((product, length) => product * length, 1) >= 16
}

const NODE_TAG = 0x0a
const NAME_TAG = 0x0a

/** A GraphDef: by its name, and by beginning with a node that begins with its name. */
export function looksLikeGraph(name: string, head: Uint8Array): boolean {
  if (!/\.pb$/i.test(name) || head[0] !== NODE_TAG) return false
  const lengthBytes = head.subarray(1, 6).findIndex((byte) => byte < 0x80) + 1
  return lengthBytes > 0 && head[1 + lengthBytes] === NAME_TAG
}

/** Reads a frozen graph, whose weights are its constants. Throws `malformed`, `limit`, `unsupported`, `truncated`. */
export const readFrozenGraph: Reader = (source) => {
  const graph = emptyGraph(wireOf(source))
  addGraph(graph, wholeFile(source))
  const tensors = constantTensors(graph, new Set(graph.scopes))
  checkTensors(source, tensors)
  return { format: 'tensorflow', files: [source], tensors, findings: operatorFindings(graph.operators) }
}

const META_GRAPHS = 2
const GRAPH_DEF = 2

function metaGraphs(wire: Wire): Message[] {
  const graphs: Message[] = []
  const whole = wholeFile(wire.source)
  for (const field of fieldsOf(wire, whole, 'saved model')) {
    if (field.number !== META_GRAPHS) continue
    const meta = inside(wire, whole, field, 'meta graph')
    for (const one of fieldsOf(wire, meta, 'meta graph'))
      if (one.number === GRAPH_DEF) graphs.push(inside(wire, meta, one, 'graph'))
  }
  return graphs
}

/** A model of constants alone has no variables. */
function openVariables(siblings: Siblings, files: ByteSource[]): TfVariable[] {
  try {
    files.push(siblings.open(`${VARIABLES}.index`))
  } catch (error) {
    if (error instanceof ReadError && error.problem.code === 'missing-file') return []
    throw error
  }
  return readVariables(files[1]!, { siblings, files, prefix: VARIABLES, known: new Map() })
}

/** The main graph and the functions that it calls, directly or not: others repeat them for each layer. */
function calledScopes({ scopes }: TfGraph): Set<Scope> {
  const functions = new Map(scopes.filter(({ name }) => name !== null).map((scope) => [scope.name, scope]))
  const called = new Set(scopes.filter(({ name }) => name === null))
  for (const scope of called)
    for (const node of scope.nodes)
      for (const attribute of Object.values(node.attributes)) {
        const name = (attribute as { func?: { name: string } }).func?.name
        const callee = name === undefined ? undefined : functions.get(name)
        if (callee !== undefined) called.add(callee)
      }
  return called
}

function constantTensors(graph: TfGraph, scopes: ReadonlySet<Scope>): StoredTensor[] {
  const readingOf = nodeReader(graph)
  const memory = { left: MAX_INLINE_BYTES }
  return graph.constants.flatMap(({ scope, name, tensor }): StoredTensor[] => {
    const constant = scopes.has(scope) ? readConstant(graph.wire, tensor, memory) : null
    if (constant === null || constant.elements === 0) return []
    const { element, shape } = constant
    const data = constant.data()
    const views = weightViews(name, shape, readingOf(name, shape.length))
    return views.map((part) => ({ name: part.name, element, view: part.view, data, quantisation: null }))
  })
}

function checkTensors({ path }: ByteSource, tensors: readonly StoredTensor[]): void {
  if (tensors.length > MAX_TENSORS)
    throw readError(path, 'limit', { what: 'tensors', value: String(tensors.length), limit: String(MAX_TENSORS) })
  if (tensors.length === 0) throw readError(path, 'unsupported', { what: 'TensorFlow model', value: 'without weights' })
}
