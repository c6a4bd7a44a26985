import { transposedMatrices } from './arrangement.ts'
import {
  isCompressed,
  type MilQuantisation,
  type MilWeight,
  plainWeight,
  resolve,
  unpackWeight,
} from './coreml-compressed.ts'
import { type CoremlFile, leaveOut } from './coreml-file.ts'
import type { MilOperation } from './coreml-program.ts'
import { type MilValue, numbersOf } from './coreml-values.ts'
import { MAX_TENSORS } from './limits.ts'
import { type AffineQuantisation, permutedView, plainView, type StoredTensor, type TensorView } from './model-file.ts'
import { readError } from './read-error.ts'

/** How an operation takes a weight. */
interface Use {
  operation: MilOperation
  parameter: string
}

/** MIL's order of gates, along the first axis, in the letters that PyTorch uses. */
const GATES = new Map([
  ['lstm', ['i', 'f', 'o', 'g']],
  ['gru', ['r', 'n', 'z']],
])
const GATED = /^(weight_ih|weight_hh|bias)(_back)?$/

/**
 * Adds the weights of a program: constants, and what its `constexpr` operations unpack. Scalars, shapes and axes are
 * parameters of operations, no weights. Functions of one program share weights by naming the same blob: they are listed once.
 */
export function addProgramWeights(model: CoremlFile, operations: readonly MilOperation[]): void {
  const constants = new Map<string, MilValue>()
  for (const operation of operations) {
    const value = operation.type === 'const' ? resolve(operation.arguments.get('val'), constants) : null
    if (value !== null) constants.set(operation.output, value)
  }
  const uses = usesOf(operations)
  const blobs = new Set<string>()
  const isNew = (value: MilValue | null) => {
    if (value?.content.kind !== 'blob') return true
    const id = `${value.content.fileName};${value.content.at}`
    return !blobs.has(id) && blobs.add(id) !== undefined
  }
  for (const operation of operations) {
    const use = uses.get(operation.output) ?? null
    if (operation.type === 'const') {
      const value = constants.get(operation.output)
      const isPart = use !== null && isCompressed(use.operation)
      if (value !== undefined && !isPart && isWeighty(value) && isNew(value))
        add(model, operation.output, plainWeight(model, value), use, constants)
    } else if (isCompressed(operation)) {
      if (isNew(mainPart(operation, constants)))
        add(model, operation.output, unpackWeight(model, operation, constants), use, constants)
    } else addOwnValues(model, operation, constants, isNew)
  }
}

/** What of a compressed weight tells it from others. */
function mainPart(operation: MilOperation, constants: ReadonlyMap<string, MilValue>): MilValue | null {
  for (const parameter of ['quantized_data', 'data', 'indices', 'source_val', 'nonzero_data']) {
    const value = resolve(operation.arguments.get(parameter), constants)
    if (value !== null) return value
  }
  return null
}

/** Values that stand in an operation itself. */
function addOwnValues(
  model: CoremlFile,
  operation: MilOperation,
  constants: ReadonlyMap<string, MilValue>,
  isNew: (value: MilValue) => boolean,
): void {
  for (const [parameter, argument] of operation.arguments) {
    if (argument.kind !== 'value' || !isWeighty(argument.value) || !isNew(argument.value)) continue
    const name = `${operation.output}.${parameter}`
    add(model, name, plainWeight(model, argument.value), { operation, parameter }, constants)
  }
}

/** Lists of numbers with a point, and longer ones of whole numbers. */
function isWeighty({ type, shape, elements }: MilValue): boolean {
  const isFloat = type.element?.includes('f') === true
  return elements > 0 && ((isFloat && shape.length > 0) || elements >= 16)
}

/** Operators after which a weight is the same. */
const HAND_ON = new Set(['cast', 'identity'])

function usesOf(operations: readonly MilOperation[]): Map<string, Use> {
  const uses = new Map<string, Use>()
  for (const operation of operations.toReversed())
    for (const [parameter, argument] of operation.arguments) {
      if (argument.kind !== 'name') continue
      const onwards = HAND_ON.has(operation.type) ? uses.get(operation.output) : undefined
      uses.set(argument.name, onwards ?? { operation, parameter })
    }
  return uses
}

function add(
  model: CoremlFile,
  name: string,
  unpacked: ReturnType<typeof plainWeight>,
  use: Use | null,
  constants: ReadonlyMap<string, MilValue>,
): void {
  if (unpacked.kind === 'left-out') {
    leaveOut(model, name, unpacked.reason)
    return
  }
  const { weight } = unpacked
  const isTurned = use !== null && weight.shape.length >= 2 && isTurnedBy(model, use, constants)
  for (const { suffix, view } of viewsOf(weight, isTurned, use)) {
    const quantisation = weight.quantisation === null ? null : affine(weight.quantisation, weight.shape, isTurned)
    const tensor: StoredTensor = { name: name + suffix, element: weight.element, view, data: weight.data, quantisation }
    if (model.tensors.push(tensor) > MAX_TENSORS)
      throw readError(model.wire.source.path, 'limit', {
        what: 'tensors',
        value: `over ${MAX_TENSORS}`,
        limit: String(MAX_TENSORS),
      })
  }
}

/** x · W keeps (in, out) and W · x keeps (out, in), unless told to turn them. Other operations keep (out, in, …). */
function isTurnedBy(
  model: CoremlFile,
  { operation, parameter }: Use,
  constants: ReadonlyMap<string, MilValue>,
): boolean {
  if (operation.type !== 'matmul') return false
  const flag = resolve(operation.arguments.get(`transpose_${parameter}`), constants)
  const isTransposed = flag !== null && numbersOf(model, flag)?.[0] === 1
  return isTransposed === (parameter === 'x')
}

function viewsOf(weight: MilWeight, isTurned: boolean, use: Use | null): { suffix: string; view: TensorView }[] {
  const { order, rowAxes } = transposedMatrices(weight.shape.length)
  const view = isTurned ? permutedView(weight.shape, order, rowAxes) : plainView(weight.shape)
  const gates = use !== null && GATED.test(use.parameter) ? GATES.get(use.operation.type) : undefined
  const rows = view.shape[0]! / (gates?.length ?? 1)
  // Scales of the whole would have to be cut as well.
  if (gates === undefined || !Number.isInteger(rows) || weight.quantisation !== null) return [{ suffix: '', view }]
  return gates.map((gate, index) => ({
    suffix: `.${gate}`,
    view: { ...view, shape: view.shape.with(0, rows), start: index * rows * view.strides[0]! },
  }))
}

/** Blocks along the stored axes, in the order of the view's. */
function affine(quantisation: MilQuantisation, shape: readonly number[], isTurned: boolean): AffineQuantisation {
  const { scheme, bits, blocks } = quantisation
  const { order } = isTurned ? transposedMatrices(shape.length) : { order: shape.map((_, axis) => axis) }
  const group = order.map((axis) => shape[axis]! / blocks[axis]!)
  const reorder = (numbers: Float32Array) => (isTurned ? inOrder(numbers, blocks, order) : numbers)
  const zeroPoints = quantisation.zeroPoints === null ? null : reorder(quantisation.zeroPoints)
  return { kind: 'affine', scheme, bits, group, scales: reorder(quantisation.scales), zeroPoints }
}

/** A row-major array with its axes in another order. */
function inOrder(numbers: Float32Array, lengths: readonly number[], order: readonly number[]): Float32Array {
  const { shape, strides } = permutedView(lengths, order)
  const at = shape.map(() => 0)
  return Float32Array.from({ length: numbers.length }, () => {
    const found = numbers[at.reduce((sum, index, axis) => sum + index * strides[axis]!, 0)]!
    for (let axis = shape.length - 1; axis >= 0 && ++at[axis]! === shape[axis]; axis--) at[axis] = 0
    return found
  })
}
