import { type Arrangement, storedMatrices, transposedMatrices } from './arrangement.ts'
import { isObject } from './json.ts'
import { lstmGates } from './tfjs-gates.ts'
import { type GraphNode, originFinder, type Place, readScopes, type Scope } from './tfjs-nodes.ts'
import type { WeightReading } from './weight-reading.ts'

interface Use {
  node: GraphNode
  input: number
}

/** (kh, kw, in, out) → (out, in, kh, kw). A transposed one has (kh, kw, out, in), which comes to PyTorch's (in, out, kh, kw). */
const CONVOLUTION: Arrangement = { order: [3, 2, 0, 1], rowAxes: 1 }

/** (k, in, out) → (out, in, k), before its ExpandDims. */
const CONVOLUTION_1D: Arrangement = { order: [2, 1, 0], rowAxes: 1 }

const CONVOLUTION_3D: Arrangement = { order: [4, 3, 0, 1, 2], rowAxes: 1 }

/** (kh, kw, in, multiplier) → (in, multiplier, kh, kw): in · multiplier channels. */
const DEPTHWISE: Arrangement = { order: [2, 3, 0, 1], rowAxes: 2 }

/** Convolutions, whose second input is the weight; by its rank. */
const CONVOLUTIONS = new Map<string, Readonly<Record<number, Arrangement>>>([
  ['Conv2D', { 4: CONVOLUTION, 3: CONVOLUTION_1D }],
  ['_FusedConv2D', { 4: CONVOLUTION, 3: CONVOLUTION_1D }],
  ['Conv2DBackpropInput', { 4: CONVOLUTION }],
  ['Conv3D', { 5: CONVOLUTION_3D }],
  ['Conv3DBackpropInputV2', { 5: CONVOLUTION_3D }],
  ['DepthwiseConv2dNative', { 4: DEPTHWISE }],
  ['FusedDepthwiseConv2dNative', { 4: DEPTHWISE }],
])

/** Matrix products by the attributes that transpose their first and second input. */
const PRODUCTS = new Map<string, readonly [string, string]>([
  ['MatMul', ['transpose_a', 'transpose_b']],
  ['_FusedMatMul', ['transpose_a', 'transpose_b']],
  ['BatchMatMul', ['adj_x', 'adj_y']],
  ['BatchMatMulV2', ['adj_x', 'adj_y']],
  ['BatchMatMulV3', ['adj_x', 'adj_y']],
])

/** How each weight of a graph model is to be seen, by the first of its uses that tells. Throws `limit`. */
export function graphReader(
  path: string,
  topology: Record<string, unknown>,
): (name: string, rank: number) => WeightReading {
  return scopesReader(readScopes(path, topology))
}

/** Likewise, for a graph whose nodes are read: by the name of the node that is the weight. */
export function scopesReader(scopes: readonly Scope[]): (name: string, rank: number) => WeightReading {
  const originOf = originFinder(scopes)
  const uses = weightUses(scopes, originOf)
  const gates = lstmGates(scopes, originOf)
  return (name, rank) => ({
    arrangement: firstTelling(uses.get(name) ?? [], rank),
    gates: rank === 1 || rank === 2 ? (gates.get(name) ?? null) : null,
  })
}

function firstTelling(uses: readonly Use[], rank: number): Arrangement | null {
  for (const use of uses) {
    const arrangement = arrangementFor(use, rank)
    if (arrangement !== null) return arrangement
  }
  return null
}

function arrangementFor({ node, input }: Use, rank: number): Arrangement | null {
  const product = PRODUCTS.get(node.op)
  if (product === undefined) return input === 1 ? (CONVOLUTIONS.get(node.op)?.[rank] ?? null) : null
  const attribute = node.attributes[product[input]!]
  const turned = isObject(attribute) && attribute['b'] === true
  // x · W keeps (in, out), W · x keeps (out, in).
  return turned === (input === 1) ? storedMatrices(rank) : transposedMatrices(rank)
}

function weightUses(scopes: readonly Scope[], originOf: (scope: Scope, name: string) => Place): Map<string, Use[]> {
  const uses = new Map<string, Use[]>()
  for (const scope of scopes)
    for (const node of scope.nodes) {
      if (!CONVOLUTIONS.has(node.op) && !PRODUCTS.has(node.op)) continue
      for (const [input, port] of node.inputs.slice(0, 2).entries()) {
        const origin = originOf(scope, port.node).name
        const known = uses.get(origin)
        if (known === undefined) uses.set(origin, [{ node, input }])
        else known.push({ node, input })
      }
    }
  return uses
}
