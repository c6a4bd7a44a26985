import { numbersOf, type OnnxData } from './onnx-data.ts'
import type { LinkedNode, OnnxValue } from './onnx-links.ts'
import type { OnnxTensor } from './onnx-model.ts'
import { isParameterInput, QUANTISING_OPERATORS, type QuantisedOperand } from './onnx-operators.ts'
import { groupsOf, keptNumbers, type StoredScales, schemeOf } from './onnx-scales.ts'
import { malformed } from './protobuf.ts'

/** The tensors of the graph that a tensor stands in, by name. */
export type NamedTensors = ReadonlyMap<string, OnnxTensor>

/** onnxruntime's quantiser adds these to the name of the tensor it replaced. */
const QUANTISED_SUFFIX = '_quantized'

/** Whether a tensor is nothing but a scale or zero point: every node that takes it takes it as such, or its name says so. */
export function isParameter(value: OnnxValue, tensor: OnnxTensor, named: NamedTensors): boolean {
  const byUse = value.uses.length > 0 && value.uses.every(({ node, input }) => isParameterInput(node.op, input))
  return byUse || isNamedParameter(tensor.name, named)
}

function isNamedParameter(name: string, named: NamedTensors): boolean {
  const base = /^(.*)_(?:scale|zero_point)$/s.exec(name)?.[1]
  if (base === undefined) return false
  return named.has(base + QUANTISED_SUFFIX) || (base.endsWith(QUANTISED_SUFFIX) && named.has(base))
}

/** A quantised tensor's name without what onnxruntime's quantisers added: `_quantized`, `_Q4`, `_DQ_Q4`. */
export function plainName(name: string): string {
  return name.replace(/(?<=.)(?:_quantized|(?:_DQ)?_Q\d)$/s, '')
}

/**
 * Scale and zero point of an integer (or float8) tensor, from the first node that takes it as quantised, or by
 * onnxruntime's names; null when neither is there. A weight whose scale only later nodes know gets the scale 1.
 */
export function storedScales(
  data: OnnxData,
  value: OnnxValue,
  tensor: OnnxTensor,
  named: NamedTensors,
): StoredScales | null {
  if (schemeOf(tensor.element) === null) return null
  for (const { node, input } of value.uses) {
    const operator = QUANTISING_OPERATORS.get(node.op)
    if (operator?.bias?.input === input) return biasScales(data, node, tensor, operator.bias.scales)
    const operand = operator?.operands.find((one) => one.input === input)
    if (operand !== undefined) return operandScales(data, node, tensor, operand, named)
  }
  const scale = namedParameter(tensor, named, 'scale')
  if (scale === undefined) return null
  const axis = tensor.dims.indexOf(scale.count)
  return scalesOf(data, tensor, scale, namedParameter(tensor, named, 'zero_point') ?? null, axis, 0)
}

function namedParameter(tensor: OnnxTensor, named: NamedTensors, what: 'scale' | 'zero_point'): OnnxTensor | undefined {
  return named.get(`${tensor.name}_${what}`) ?? named.get(`${plainName(tensor.name)}_${what}`)
}

function operandScales(
  data: OnnxData,
  node: LinkedNode,
  tensor: OnnxTensor,
  operand: QuantisedOperand,
  named: NamedTensors,
): StoredScales {
  const input = (at: number | null) => (at === null ? null : (node.inputs[at]?.tensor ?? null))
  const scale = input(operand.scale) ?? namedParameter(tensor, named, 'scale') ?? null
  const zeroPoint =
    input(operand.zeroPoint) ?? (operand.scale === null ? namedParameter(tensor, named, 'zero_point') : null)
  const blockSize = node.attributes.get('block_size')?.[0] ?? 0
  return scalesOf(data, tensor, scale, zeroPoint ?? null, axisOf(node, operand), blockSize)
}

/** DequantizeLinear names the axis; a Gemm that takes (out, in) has its columns as rows. */
function axisOf(node: LinkedNode, operand: QuantisedOperand): number {
  if (node.op === 'DequantizeLinear') return node.attributes.get('axis')?.[0] ?? operand.axis
  const isTurned = node.op === 'QGemm' && node.attributes.get(operand.input === 0 ? 'transA' : 'transB')?.[0] === 1
  return isTurned ? -3 - operand.axis : operand.axis
}

function scalesOf(
  data: OnnxData,
  tensor: OnnxTensor,
  scale: OnnxTensor | null,
  zeroPoint: OnnxTensor | null,
  axis: number,
  blockSize: number,
): StoredScales {
  const model = scale ?? zeroPoint
  const groups = model === null ? [...tensor.dims] : groupsOf(data, tensor, model, axis, blockSize)
  const scales = scale === null ? new Float32Array(model?.count ?? 1).fill(1) : keptNumbers(data, scale)
  const zeros = zeroPoint === null ? null : zeroPoints(data, zeroPoint, scales.length)
  return { ...schemeOf(tensor.element)!, groups, scales, zeroPoints: zeros }
}

/** One zero point for each scale; one alone serves all. */
function zeroPoints(data: OnnxData, tensor: OnnxTensor, count: number): Float32Array | null {
  const zeros = keptNumbers(data, tensor)
  if (zeros.every((zero) => zero === 0)) return null
  if (zeros.length === count) return zeros
  if (zeros.length === 1) return new Float32Array(count).fill(zeros[0]!)
  throw malformed(data.wire, 'zero point', 'it has not one for each scale', tensor.offset)
}

/** scale = scale of the input · scale of the weight, for each row of the weight. */
function biasScales(
  data: OnnxData,
  node: LinkedNode,
  tensor: OnnxTensor,
  [inputScale, weightScale]: [number, number],
): StoredScales {
  const [a, b] = [node.inputs[inputScale]?.tensor, node.inputs[weightScale]?.tensor]
  if (a == null || b == null || a.count !== 1) return scalesOf(data, tensor, null, null, -1, 0)
  const groups = groupsOf(data, tensor, b, -1, 0)
  const [factor] = numbersOf(data, a)
  const scales = keptNumbers(data, b).map((scale) => scale * factor!)
  return { ...schemeOf(tensor.element)!, groups, scales, zeroPoints: null }
}
