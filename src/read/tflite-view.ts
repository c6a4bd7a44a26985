import { type Arrangement, asStored, storedMatrices, transposedMatrices } from './arrangement.ts'
import { tableField, uint8Field } from './flatbuffer.ts'
import type { TfliteOperator, TfliteSubgraph } from './tflite-model.ts'
import { OP, OPERATOR } from './tflite-schema.ts'

/** Operators that hand a constant on: f16 and sparse weights are widened or unpacked before their use. */
const HAND_ON: readonly number[] = [OP.dequantize, OP.densify]

/** DENSIFY, then DEQUANTIZE is the longest chain there is; the bound ends a cycle. */
const MAX_HOPS = 4

/** (out, kh, kw, in) → (out, in, kh, kw) */
const CONVOLUTION: Arrangement = { order: [0, 3, 1, 2], rowAxes: 1 }

/** (1, kh, kw, channels) → (channels, 1, kh, kw) */
const DEPTHWISE: Arrangement = { order: [3, 0, 1, 2], rowAxes: 2 }

/** (out, kh, kw, in) → (in, out, kh, kw): the convolution whose gradient it is, as PyTorch keeps it. */
const TRANSPOSED: Arrangement = { order: [3, 0, 1, 2], rowAxes: 1 }

/** (kd, kh, kw, in, out) → (out, in, kd, kh, kw); a transposed one has (kd, kh, kw, out, in) → (in, out, kd, kh, kw). */
const CONVOLUTION_3D: Arrangement = { order: [4, 3, 0, 1, 2], rowAxes: 1 }

/** MediaPipe's transposed convolution with a bias; its weights are stored as those of TRANSPOSE_CONV. */
const MEDIAPIPE_TRANSPOSED = 'Convolution2DTransposeBias'

/** What uses a tensor: an operator, and as which of its inputs. */
export interface TensorUse {
  operator: TfliteOperator
  input: number
}

/** All uses of every tensor, seen through the operators that only hand it on. */
export function tensorUses(subgraph: TfliteSubgraph): Map<number, TensorUse[]> {
  const origins = new Map<number, number>()
  for (const { code, inputs, outputs } of subgraph.operators)
    if (HAND_ON.includes(code) && inputs.length > 0 && outputs.length > 0) origins.set(outputs[0]!, inputs[0]!)
  const uses = new Map<number, TensorUse[]>()
  for (const operator of subgraph.operators)
    for (const [input, tensor] of operator.inputs.entries()) {
      const origin = originOf(tensor, origins)
      const known = uses.get(origin)
      if (known === undefined) uses.set(origin, [{ operator, input }])
      else known.push({ operator, input })
    }
  return uses
}

/** How the tensor is to be seen, by the first of its uses that tells; null: as stored. */
export function tfliteArrangement(uses: readonly TensorUse[], shape: readonly number[]): Arrangement | null {
  for (const use of uses) {
    const arrangement = arrangementFor(use, shape)
    if (arrangement !== null) return arrangement
  }
  return null
}

function originOf(tensor: number, origins: ReadonlyMap<number, number>): number {
  let origin = tensor
  for (let hop = 0; hop < MAX_HOPS; hop++) origin = origins.get(origin) ?? origin
  return origin
}

function arrangementFor({ operator, input }: TensorUse, shape: readonly number[]): Arrangement | null {
  if (operator.code === OP.batchMatmul) return matrices(operator, input, shape.length)
  if (input !== 1) return null
  switch (operator.code) {
    case OP.conv2d:
      return CONVOLUTION
    case OP.depthwiseConv2d:
      return shape[0] === 1 ? DEPTHWISE : null
    case OP.transposeConv:
      return TRANSPOSED
    case OP.conv3d:
    case OP.conv3dTranspose:
      return CONVOLUTION_3D
    case OP.fullyConnected:
      return asStored(shape.length)
    case OP.custom:
      return operator.custom === MEDIAPIPE_TRANSPOSED ? TRANSPOSED : null
    default:
      return null
  }
}

/** x · W keeps (in, out), W · x keeps (out, in); the operator's `adj_x` (field 0) and `adj_y` (1) turn them. */
function matrices(operator: TfliteOperator, input: number, rank: number): Arrangement | null {
  if (rank < 2 || (input !== 0 && input !== 1)) return null
  const options = tableField(operator.table, OPERATOR.options, 'operator options')
  const adjoint = options !== null && uint8Field(options, input, 0, 'operator options') !== 0
  return adjoint === (input === 1) ? storedMatrices(rank) : transposedMatrices(rank)
}
