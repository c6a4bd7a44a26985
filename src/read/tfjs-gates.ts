import { isObject } from './json.ts'
import type { GraphNode, Place, Scope } from './tfjs-nodes.ts'

/** A cell adds two products and a bias before it splits the sum; a few identities may stand between. */
const MAX_HOPS = 8

const SUMS = new Set(['Add', 'AddV2', 'BiasAdd', 'Identity'])
const PRODUCTS = new Set(['MatMul', '_FusedMatMul'])

/** Gates by the place of the one that goes through tanh: Keras' order, and that of TensorFlow 1's LSTMCell. */
const ORDERS = new Map([
  [2, ['i', 'f', 'g', 'o']],
  [1, ['i', 'g', 'f', 'o']],
])

/**
 * The weights of LSTM cells in a graph, which say so only by what is done to them: x · W + h · U + b is split in four, one of
 * which goes through tanh. By the weight's name, the gates along its last axis.
 */
export function lstmGates(
  scopes: readonly Scope[],
  originOf: (scope: Scope, name: string) => Place,
): Map<string, readonly string[]> {
  const gates = new Map<string, readonly string[]>()
  for (const scope of scopes) {
    const splits = scope.nodes.filter(isSplitInFour)
    if (splits.length === 0) continue
    const tanhs = tanhOutputs(scope)
    const nodes = new Map(scope.nodes.map((node) => [node.name, node]))
    for (const split of splits) {
      const through = tanhs.get(split.name)
      const order = through?.size === 1 ? ORDERS.get([...through][0]!) : undefined
      if (order === undefined) continue
      for (const name of summands(split.inputs[1]!.node, nodes)) gates.set(originOf(scope, name).name, order)
    }
  }
  return gates
}

function isSplitInFour(node: GraphNode): boolean {
  const count = node.attributes['num_split']
  return node.op === 'Split' && node.inputs.length >= 2 && isObject(count) && Number(count['i']) === 4
}

/** By node: which of its outputs go through tanh. */
function tanhOutputs(scope: Scope): Map<string, Set<number>> {
  const outputs = new Map<string, Set<number>>()
  for (const { op, inputs } of scope.nodes) {
    const input = inputs[0]
    if (op === 'Tanh' && input !== undefined)
      outputs.set(input.node, (outputs.get(input.node) ?? new Set()).add(input.output))
  }
  return outputs
}

/** What a sum of products takes that is no product itself: the matrices (second factors) and the biases. */
function summands(sum: string, nodes: ReadonlyMap<string, GraphNode>): Set<string> {
  const found = new Set<string>()
  let layer = [sum]
  for (let hop = 0; hop < MAX_HOPS && layer.length > 0; hop++)
    layer = layer.flatMap((name) => {
      const node = nodes.get(name)
      if (node !== undefined && SUMS.has(node.op)) return node.inputs.slice(0, 2).map((input) => input.node)
      if (node === undefined || !PRODUCTS.has(node.op)) {
        found.add(name)
        return []
      }
      if (node.inputs[1] !== undefined) found.add(node.inputs[1].node)
      return node.inputs.slice(2, 4).map((input) => input.node)
    })
  return found
}
