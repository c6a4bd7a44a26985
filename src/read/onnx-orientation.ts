import { numbersOf, type OnnxData } from './onnx-data.ts'
import type { LinkedNode, OnnxValue } from './onnx-links.ts'

/** Nodes looked at for one tensor: a weight reaches its layer in a few steps. */
const MAX_STEPS = 64

/** Shape, axes and permutation constants have at most one entry an axis. */
const MAX_SHAPE_CONSTANT = 32

/** Their result has the axes of input 0. */
const SAME_AXES = new Set(['Identity', 'Cast', 'CastLike', 'DequantizeLinear', 'QuantizeLinear'])

/** Input that holds (…, in, out), which the canonical view turns round. */
const IN_OUT_INPUT = new Map([
  ['MatMul', 1],
  ['MatMulInteger', 1],
  ['QLinearMatMul', 3],
  ['DynamicQuantizeMatMul', 1],
  ['MatMulIntegerToFloat', 1],
  ['Attention', 1],
  ['QAttention', 1],
])

/**
 * Input that is canonical as it arrives: left operands; convolutions (out, in, kh, kw); transposed convolutions, which
 * PyTorch stores (in, out, kh, kw) as well; embedding tables.
 */
const CANONICAL_INPUT = new Map([
  ['Conv', 1],
  ['FusedConv', 1],
  ['ConvInteger', 1],
  ['QLinearConv', 3],
  ['ConvTranspose', 1],
  ['Gather', 0],
])

/** The second operand of a Gemm and the attribute that says it is (out, in). */
const GEMM_INPUTS = new Map([
  ['Gemm', { a: 0, b: 1 }],
  ['FusedGemm', { a: 0, b: 1 }],
  ['QGemm', { a: 0, b: 3 }],
])

/**
 * The stored axes in the order in which the first node that has a say reads them; null when none has. Axes of length 1
 * that are squeezed away on the way are left out.
 */
export function axisOrder(data: OnnxData, value: OnnxValue, dims: readonly number[]): number[] | null {
  const walk = { data, dims, stepsLeft: MAX_STEPS }
  const order = follow(
    walk,
    value,
    dims.map((_, axis) => axis),
  )
  return order?.filter((axis) => axis >= 0) ?? null
}

interface Walk {
  data: OnnxData
  dims: readonly number[]
  stepsLeft: number
}

/** `axes`: the stored axis that each axis of `value` is; −1 for one of length 1 that was put in. */
function follow(walk: Walk, value: OnnxValue, axes: number[]): number[] | null {
  for (const { node, input } of value.uses) {
    if (--walk.stepsLeft < 0) return null
    const order = readBy(walk, node, input, axes)
    if (order !== null) return order
  }
  return null
}

function readBy(walk: Walk, node: LinkedNode, input: number, axes: number[]): number[] | null {
  if (node.calleeInputs !== null) {
    const inside = node.calleeInputs[input]
    return inside === undefined ? null : follow(walk, inside, axes)
  }
  if (CANONICAL_INPUT.get(node.op) === input) return axes
  if (IN_OUT_INPUT.get(node.op) === input) return lastTwoSwapped(axes)
  if ((node.op === 'MatMul' || node.op === 'MatMulInteger' || node.op === 'QLinearMatMul') && input === 0) return axes
  const gemm = GEMM_INPUTS.get(node.op)
  if (gemm?.a === input) return flag(node, 'transA') ? lastTwoSwapped(axes) : axes
  if (gemm?.b === input) return flag(node, 'transB') ? axes : lastTwoSwapped(axes)
  const next = input === 0 ? reshaped(walk, node, axes) : null
  const output = node.outputs[0]
  return next === null || output === undefined ? null : follow(walk, output, next)
}

function flag(node: LinkedNode, name: string): boolean {
  return (node.attributes.get(name)?.[0] ?? 0) !== 0
}

function lastTwoSwapped(axes: number[]): number[] {
  return axes.length < 2 ? axes : [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!]
}

/** The axes after a node that only renames, reorders, adds or drops axes; null for any other. */
function reshaped(walk: Walk, node: LinkedNode, axes: number[]): number[] | null {
  if (SAME_AXES.has(node.op)) return axes
  switch (node.op) {
    case 'Transpose': {
      const order = node.attributes.get('perm') ?? axes.map((_, axis) => axes.length - 1 - axis)
      return isPermutation(order, axes.length) ? order.map((axis) => axes[axis]!) : null
    }
    case 'Unsqueeze': {
      const at = axesArgument(walk, node)
      return at === null ? null : unsqueezed(axes, at)
    }
    case 'Squeeze': {
      const at = axesArgument(walk, node)
      return at === null ? null : squeezed(walk, axes, at)
    }
    case 'Reshape': {
      const target = constantNumbers(walk.data, node.inputs[1])
      return target === null ? null : withOnesMoved(walk, axes, target)
    }
    default:
      return null
  }
}

function isPermutation(order: readonly number[], length: number): boolean {
  return order.length === length && new Set(order).size === length && order.every((axis) => axis >= 0 && axis < length)
}

/** `axes` as an attribute (older operator sets) or as input 1. */
function axesArgument(walk: Walk, node: LinkedNode): readonly number[] | null {
  return node.attributes.get('axes') ?? constantNumbers(walk.data, node.inputs[1])
}

function unsqueezed(axes: number[], at: readonly number[]): number[] | null {
  const rank = axes.length + at.length
  const added = new Set(at.map((axis) => (axis < 0 ? axis + rank : axis)))
  if (added.size !== at.length || rank > MAX_SHAPE_CONSTANT || [...added].some((axis) => !(axis >= 0 && axis < rank)))
    return null
  const rest = axes.values()
  return Array.from({ length: rank }, (_, axis) => (added.has(axis) ? -1 : (rest.next().value ?? -1)))
}

function squeezed(walk: Walk, axes: number[], at: readonly number[]): number[] | null {
  const dropped = new Set(at.map((axis) => (axis < 0 ? axis + axes.length : axis)))
  if ([...dropped].some((axis) => lengthOf(walk, axes[axis]) !== 1)) return null
  return axes.filter((_, axis) => !dropped.has(axis))
}

/** A Reshape that only adds or drops axes of length 1. */
function withOnesMoved(walk: Walk, axes: number[], target: readonly number[]): number[] | null {
  const lengths = axes.map((axis) => lengthOf(walk, axis)!)
  const count = lengths.reduce((product, length) => product * length, 1)
  const asked = target.map((length, axis) => (length === 0 ? (lengths[axis] ?? -2) : length))
  const known = asked.reduce((product, length) => (length === -1 ? product : product * length), 1)
  const shape = asked.map((length) => (length === -1 ? count / known : length))
  const wide = axes.filter((axis) => lengthOf(walk, axis) !== 1)
  const wideTarget = shape.filter((length) => length !== 1)
  if (wide.length !== wideTarget.length || wide.some((axis, k) => walk.dims[axis] !== wideTarget[k])) return null
  const rest = wide.values()
  return shape.map((length) => (length === 1 ? -1 : (rest.next().value ?? -1)))
}

function lengthOf(walk: Walk, axis: number | undefined): number | undefined {
  return axis === -1 ? 1 : axis === undefined ? undefined : walk.dims[axis]
}

/** A small tensor's elements; null when the value is computed by nodes or too long to be a shape. */
export function constantNumbers(data: OnnxData, value: OnnxValue | null | undefined): number[] | null {
  const tensor = value?.tensor
  if (tensor == null || tensor.count > MAX_SHAPE_CONSTANT) return null
  return Array.from(numbersOf(data, tensor))
}
