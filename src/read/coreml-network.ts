import type { CoremlFile } from './coreml-file.ts'
import { addWeight } from './coreml-weights.ts'
import { MAX_NAME_BYTES, MAX_TENSORS } from './limits.ts'
import { permutedView, plainView, type TensorView } from './model-file.ts'
import {
  eachPackedVarint,
  fieldsOf,
  inside,
  type Message,
  signed64,
  textOf,
  type Wire,
  type WireField,
} from './protobuf.ts'
import { readError } from './read-error.ts'
import { countElements } from './shape.ts'

/** A layer's parameters: whole numbers by field number, and messages. */
interface Layer {
  wire: Wire
  numbers: Map<number, number[]>
  messages: Map<number, Message[]>
}

/** One weight of a kind of layer. `shape`: as stored; null where the parameters do not tell it. */
interface WeightRule {
  field: number
  part: string
  shape(number: (field: number, otherwise?: number) => number, list: (field: number) => number[]): number[] | null
  view?: (shape: number[]) => TensorView
  channel?: (number: (field: number) => number) => number
}

/** Embeddings are stored (size, vocabulary). */
const turned = (shape: number[]) => permutedView(shape, [1, 0])

const vector =
  (field: number): WeightRule['shape'] =>
  (number) => [number(field)]

const LSTM_FIELDS: readonly (readonly [number, string])[] = [
  [1, 'weight_ih.i'],
  [2, 'weight_ih.f'],
  [3, 'weight_ih.g'],
  [4, 'weight_ih.o'],
  [20, 'weight_hh.i'],
  [21, 'weight_hh.f'],
  [22, 'weight_hh.g'],
  [23, 'weight_hh.o'],
  [40, 'bias.i'],
  [41, 'bias.f'],
  [42, 'bias.g'],
  [43, 'bias.o'],
  [60, 'peephole.i'],
  [61, 'peephole.f'],
  [62, 'peephole.o'],
]

const GRU_FIELDS: readonly (readonly [number, string])[] = [
  [30, 'weight_ih.z'],
  [31, 'weight_ih.r'],
  [32, 'weight_ih.n'],
  [50, 'weight_hh.z'],
  [51, 'weight_hh.r'],
  [52, 'weight_hh.n'],
  [70, 'bias.z'],
  [71, 'bias.r'],
  [72, 'bias.n'],
]

/** (out, in) and (out, out) matrices and vectors, by the sizes in fields 1 and 2 of the layer. */
const recurrent = (field: number, part: string): WeightRule => ({
  field,
  part,
  shape: (number) =>
    part.startsWith('weight_ih')
      ? [number(2), number(1)]
      : part.startsWith('weight_hh')
        ? [number(2), number(2)]
        : [number(2)],
})

/** A transposed convolution keeps (in, out ÷ groups, …), as PyTorch does. */
const CONVOLUTION: WeightRule[] = [
  {
    field: 90,
    part: 'weight',
    shape: (number, list) => {
      const size = list(20).length === 0 ? [3, 3] : list(20)
      const [out, kernel] = [number(1), number(2)]
      return number(60) === 1 ? [kernel, out / Math.max(1, number(10, 1)), ...size] : [out, kernel, ...size]
    },
    channel: (number) => (number(60) === 1 ? 1 : 0),
  },
  { field: 91, part: 'bias', shape: vector(1) },
]

const CONVOLUTION_3D: WeightRule[] = [
  {
    field: 60,
    part: 'weight',
    shape: (number) => {
      const groups = Math.max(1, number(10, 1))
      const [out, input] = [number(1), number(2)]
      const first = number(86) === 1 ? [input, out / groups] : [out, input / groups]
      return [...first, number(20), number(21), number(22)]
    },
    channel: (number) => (number(86) === 1 ? 1 : 0),
  },
  { field: 61, part: 'bias', shape: vector(1) },
]

const constant: WeightRule = { field: 2, part: 'data', shape: (_, list) => list(1) }

/** Layers that have weights, by their field in NeuralNetworkLayer (NeuralNetwork.proto of coremltools). */
const LAYERS = new Map<number, readonly WeightRule[]>([
  [100, CONVOLUTION],
  [
    140,
    [
      { field: 20, part: 'weight', shape: (number) => [number(2), number(1)] },
      { field: 21, part: 'bias', shape: vector(2) },
    ],
  ],
  [
    150,
    [
      { field: 20, part: 'weight', shape: (number) => [number(2), number(1)], view: turned },
      { field: 21, part: 'bias', shape: vector(2) },
    ],
  ],
  [
    160,
    [
      { field: 15, part: 'gamma', shape: vector(1) },
      { field: 16, part: 'beta', shape: vector(1) },
      { field: 17, part: 'mean', shape: vector(1) },
      { field: 18, part: 'variance', shape: vector(1) },
    ],
  ],
  [
    245,
    [
      { field: 2, part: 'scale', shape: (_, list) => list(1) },
      { field: 5, part: 'bias', shape: (_, list) => list(4) },
    ],
  ],
  [250, [{ field: 2, part: 'bias', shape: (_, list) => list(1) }]],
  [290, [constant]],
  [400, [recurrent(30, 'weight_ih'), recurrent(31, 'weight_hh'), recurrent(32, 'bias')]],
  [410, GRU_FIELDS.map(([field, part]) => recurrent(field, part))],
  [500, [{ field: 20, part: 'weight', shape: () => null }]],
  [
    1040,
    [
      { field: 20, part: 'weight', shape: (number) => [number(2), number(1)], view: turned },
      { field: 21, part: 'bias', shape: vector(2) },
    ],
  ],
  [
    1045,
    // Column by column: the transpose of (in, out).
    [
      { field: 8, part: 'weight', shape: (number) => [number(6), number(5)] },
      { field: 9, part: 'bias', shape: vector(6) },
    ],
  ],
  [1070, [constant]],
  [
    1350,
    [
      { field: 3, part: 'gamma', shape: (_, list) => list(1) },
      { field: 4, part: 'beta', shape: (_, list) => list(1) },
    ],
  ],
  [1471, CONVOLUTION_3D],
])

const LSTMS = new Set([420, 430])
const ACTIVATION = 130
const CUSTOM = 500
const BRANCHES = new Map([
  [605, [1, 2]],
  [615, [3, 4]],
])

/** Adds the weights of a NeuralNetwork, classifier or regressor: their layers stand in the same field. */
export function addNetwork(model: CoremlFile, message: Message, prefix: string): void {
  const { wire } = model
  for (const field of fieldsOf(wire, message, 'neural network'))
    if (field.number === 1) addLayer(model, inside(wire, message, field, 'layer'), prefix)
}

function addLayer(model: CoremlFile, message: Message, prefix: string): void {
  const { wire } = model
  let name = ''
  let parameters: { kind: number; message: Message } | null = null
  for (const field of fieldsOf(wire, message, 'layer')) {
    if (field.number === 1) name = textOf(wire, field, MAX_NAME_BYTES, 'layer name')
    if (field.number >= 100) parameters = { kind: field.number, message: inside(wire, message, field, 'layer') }
  }
  if (parameters === null) return
  const path = `${prefix}${name}`
  if (path.length > MAX_NAME_BYTES) throw tooMuch(wire, 'bytes of a name', path.length, MAX_NAME_BYTES)
  const layer = readLayer(wire, parameters.message)
  if (parameters.kind === CUSTOM) reportCustom(model, parameters.message, path)
  for (const field of BRANCHES.get(parameters.kind) ?? [])
    for (const inner of layer.messages.get(field) ?? []) addNetwork(model, inner, `${path}/`)
  if (LSTMS.has(parameters.kind)) addLstm(model, layer, path)
  if (parameters.kind === ACTIVATION) addActivation(model, layer, path)
  for (const rule of LAYERS.get(parameters.kind) ?? []) addRule(model, layer, layer, rule, path)
  if (model.tensors.length > MAX_TENSORS) throw tooMuch(wire, 'tensors', model.tensors.length, MAX_TENSORS)
}

function readLayer(wire: Wire, message: Message): Layer {
  const layer: Layer = { wire, numbers: new Map(), messages: new Map() }
  for (const field of fieldsOf(wire, message, 'layer')) {
    if (field.wire === 'varint') keep(layer.numbers, field.number, field.value)
    if (field.wire === 'bytes') keep(layer.messages, field.number, inside(wire, message, field, 'layer'))
  }
  return layer
}

/** Lists here are shapes, or the weights of a custom layer. */
const MAX_LIST = 1_024

function keep<T>(map: Map<number, T[]>, key: number, value: T): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, [value])
  else if (known.length < MAX_LIST) known.push(value)
}

/** Whole numbers one by one, or packed into fields of bytes. */
function listOf({ wire, numbers, messages }: Layer, field: number): number[] {
  const list = [...(numbers.get(field) ?? [])]
  for (const { start, end } of messages.get(field) ?? []) {
    const packed: WireField = { number: field, wire: 'bytes', value: 0, offset: start, length: end - start }
    eachPackedVarint(wire, packed, 'list', (low, high) => {
      if (list.length <= MAX_LIST) list.push(signed64(low, high))
    })
  }
  return list
}

/** `sizes`: the layer whose parameters give the shape; `layer`: the one that holds the weight. */
function addRule(model: CoremlFile, sizes: Layer, layer: Layer, rule: WeightRule, path: string): void {
  const number = (field: number, otherwise = 0) => sizes.numbers.get(field)?.at(-1) ?? otherwise
  const list = (field: number) => listOf(sizes, field)
  for (const [index, message] of (layer.messages.get(rule.field) ?? []).entries()) {
    const name = `${path}.${rule.part}${index === 0 ? '' : index}`
    const shape = rule.shape(number, list)
    if (shape !== null) countElements(model.wire.source.path, shape, name.slice(0, 200), message.start)
    const view = rule.view ?? plainView
    addWeight(model, message, { name, shape, view, channel: rule.channel?.(number) ?? 0 })
  }
}

/** One set of weights, or one for each direction. */
function addLstm(model: CoremlFile, layer: Layer, path: string): void {
  for (const [index, weights] of (layer.messages.get(20) ?? []).slice(0, 2).entries()) {
    const direction = readLayer(model.wire, weights)
    for (const [field, part] of LSTM_FIELDS)
      addRule(model, layer, direction, recurrent(field, part), index === 0 ? path : `${path}.reverse`)
  }
}

/** PReLU and the parametric softplus have weights of their own, one a channel. */
function addActivation(model: CoremlFile, layer: Layer, path: string): void {
  for (const field of [25, 71])
    for (const message of layer.messages.get(field) ?? []) {
      const inner = readLayer(model.wire, message)
      addRule(model, inner, inner, { field: 1, part: 'alpha', shape: () => null }, path)
      addRule(model, inner, inner, { field: 2, part: 'beta', shape: () => null }, path)
    }
}

/** A custom layer's computation is a class of the app that loads the model. */
function reportCustom(model: CoremlFile, message: Message, path: string): void {
  let name = ''
  for (const field of fieldsOf(model.wire, message, 'custom layer'))
    if (field.number === 10) name = textOf(model.wire, field, MAX_NAME_BYTES, 'class name')
  const text = `Layer "${path.slice(0, 200)}" is computed by a class of the app, ${name.slice(0, 200)}.`
  model.findings.push({ code: 'custom-layer', severity: 'medium', message: text })
}

function tooMuch(wire: Wire, what: string, value: number, limit: number) {
  return readError(wire.source.path, 'limit', { what, value: String(value), limit: String(limit) })
}
