import { isObject } from './json.ts'
import { MAX_NODES } from './limits.ts'
import { readError } from './read-error.ts'

/** One output of a node, or an argument of a function. */
export interface Port {
  node: string
  output: number
}

export interface GraphNode {
  name: string
  op: string
  inputs: Port[]
  attributes: Record<string, unknown>
}

/** The main graph, or a function: the body of a loop, a branch. */
export interface Scope {
  /** Null for the main graph. */
  name: string | null
  arguments: string[]
  nodes: GraphNode[]
}

/** A node, or an argument, as a scope names it. */
export interface Place {
  scope: Scope
  name: string
}

/**
 * Operators that hand their first input on. Enter, Merge and Switch carry what a loop does not change into it; ExpandDims
 * is how a one-dimensional convolution becomes a Conv2D.
 */
const HAND_ON = new Set([
  'Identity',
  'ReadVariableOp',
  'Enter',
  'Merge',
  'Switch',
  'Cast',
  'ExpandDims',
  'Snapshot',
  'StopGradient',
])

/** Attributes that name a called function, by operator, and the first of the caller's inputs that is an argument. */
const CALLS = new Map([
  ['While', { attributes: ['body', 'cond'], first: 0 }],
  ['StatelessWhile', { attributes: ['body', 'cond'], first: 0 }],
  ['If', { attributes: ['then_branch', 'else_branch'], first: 1 }],
  ['StatelessIf', { attributes: ['then_branch', 'else_branch'], first: 1 }],
  ['PartitionedCall', { attributes: ['f'], first: 0 }],
  ['StatefulPartitionedCall', { attributes: ['f'], first: 0 }],
])

/** A weight passes through a few identities and calls at most; the bound ends a cycle. */
const MAX_HOPS = 64

/**
 * The graph of a modelTopology and its functions. Whatever is no node is passed over: the topology only tells how weights
 * are to be seen. Throws `limit`.
 */
export function readScopes(path: string, topology: Record<string, unknown>): Scope[] {
  const library = isObject(topology['library']) ? listOf(topology['library']['function']) : []
  const scopes = [
    { name: null, arguments: [], nodes: readNodes(topology['node']) },
    ...library.filter(isObject).map((definition) => {
      const signature = isObject(definition['signature']) ? definition['signature'] : {}
      return {
        name: textOf(signature['name']),
        arguments: listOf(signature['inputArg']).map((argument) =>
          isObject(argument) ? textOf(argument['name']) : '',
        ),
        nodes: readNodes(definition['nodeDef']),
      }
    }),
  ]
  const nodes = scopes.reduce((sum, scope) => sum + scope.nodes.length, 0)
  if (nodes > MAX_NODES)
    throw readError(path, 'limit', { what: 'graph nodes', value: `${nodes}`, limit: `${MAX_NODES}` })
  return scopes
}

/** Follows a name back through what hands it on and, from a function's argument, into the graph that calls the function. */
export function originFinder(scopes: readonly Scope[]): (scope: Scope, name: string) => Place {
  const handedOn = new Map(scopes.map((scope) => [scope, handOns(scope)]))
  const callers = functionCallers(scopes)
  return (scope, name) => {
    let at: Place = { scope, name }
    for (let hop = 0; hop < MAX_HOPS; hop++) {
      const inner = handedOn.get(at.scope)?.get(at.name)
      const outer = inner === undefined ? callers.get(at.scope)?.get(at.name) : undefined
      if (inner === undefined && outer === undefined) break
      at = inner === undefined ? outer! : { scope: at.scope, name: inner }
    }
    return at
  }
}

function handOns(scope: Scope): Map<string, string> {
  const origins = new Map<string, string>()
  for (const { op, name, inputs } of scope.nodes)
    if (HAND_ON.has(op) && inputs[0] !== undefined) origins.set(name, inputs[0].node)
  return origins
}

/** By function, then by argument: what the first call found passes for it. */
function functionCallers(scopes: readonly Scope[]): Map<Scope, Map<string, Place>> {
  const functions = new Map(scopes.filter(({ name }) => name !== null).map((scope) => [scope.name, scope]))
  const callers = new Map<Scope, Map<string, Place>>()
  for (const scope of scopes)
    for (const node of scope.nodes) {
      const call = CALLS.get(node.op)
      for (const attribute of call?.attributes ?? []) {
        const callee = functions.get(calledFunction(node.attributes[attribute]))
        if (callee === undefined || callers.has(callee)) continue
        const passed = node.inputs.slice(call!.first)
        const named = callee.arguments.slice(0, passed.length)
        callers.set(callee, new Map(named.map((name, index) => [name, { scope, name: passed[index]!.node }])))
      }
    }
  return callers
}

function calledFunction(attribute: unknown): string {
  const called = isObject(attribute) ? attribute['func'] : null
  return isObject(called) ? textOf(called['name']) : ''
}

function readNodes(nodes: unknown): GraphNode[] {
  return listOf(nodes)
    .filter(isObject)
    .map((node) => ({
      name: textOf(node['name']),
      op: textOf(node['op']),
      inputs: listOf(node['input']).map((input) => readPort(textOf(input))),
      attributes: isObject(node['attr']) ? node['attr'] : {},
    }))
}

/** Written `node`, `node:output` or, in functions, `node:name:output`. */
function readPort(input: string): Port {
  const [node = '', ...rest] = input.split(':', 3)
  const output = Number(rest.at(-1) ?? 0)
  return { node, output: Number.isInteger(output) ? output : 0 }
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
