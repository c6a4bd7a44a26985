import { type Bytes, bytesField, floatField, floats, int64s, join, textField, varint, varintField } from './protobuf.ts'

/** Small ONNX files. Each function returns the payload of one message of onnx.proto. */

export const DATA_TYPE = {
  float: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  string: 8,
  float16: 10,
  double: 11,
  uint64: 13,
  bfloat16: 16,
  uint4: 21,
  int4: 22,
} as const

/** TensorProto. `data`: its value fields, such as `rawData(…)`. */
export function tensor(name: string, type: number, dims: readonly (number | bigint)[], ...data: Bytes[]): Bytes {
  return join(
    ...dims.map((length) => varintField(1, length)),
    varintField(2, type),
    ...(name === '' ? [] : [textField(8, name)]),
    ...data,
  )
}

export function rawData(bytes: ArrayLike<number>): Bytes {
  return bytesField(9, Uint8Array.from(bytes))
}

export function packedVarints(field: number, values: readonly (number | bigint)[]): Bytes {
  return bytesField(field, ...values.map(varint))
}

export function externalData(entries: Record<string, string>): Bytes {
  const fields = Object.entries(entries).map(([key, value]) => bytesField(13, textField(1, key), textField(2, value)))
  return join(...fields, varintField(14, 1))
}

/** A float32 tensor with raw data. */
export function floatTensor(name: string, dims: readonly number[], values: readonly number[]): Bytes {
  return tensor(name, DATA_TYPE.float, dims, rawData(floats(...values)))
}

export function int64Tensor(name: string, values: readonly number[]): Bytes {
  return tensor(name, DATA_TYPE.int64, [values.length], rawData(int64s(...values)))
}

export function byteTensor(name: string, type: number, dims: readonly number[], values: readonly number[]): Bytes {
  return tensor(name, type, dims, rawData(Uint8Array.from(values, (value) => value & 255)))
}

export type Attribute =
  | { int: number }
  | { ints: readonly number[] }
  | { float: number }
  | { floats: readonly number[] }
  | { tensor: Bytes }
  | { sparse: Bytes }
  | { graph: Bytes }

function attribute(name: string, value: Attribute): Bytes {
  return join(textField(1, name), attributeValue(value))
}

function attributeValue(value: Attribute): Bytes {
  if ('int' in value) return varintField(3, value.int)
  if ('ints' in value) return join(...value.ints.map((int) => varintField(8, int)))
  if ('float' in value) return floatField(2, value.float)
  if ('floats' in value) return join(...value.floats.map((float) => floatField(7, float)))
  if ('tensor' in value) return bytesField(5, value.tensor)
  if ('sparse' in value) return bytesField(22, value.sparse)
  return bytesField(6, value.graph)
}

export interface NodeOptions {
  attributes?: Record<string, Attribute>
  domain?: string
}

/** NodeProto. */
export function node(op: string, inputs: string[], outputs: string[], options: NodeOptions = {}): Bytes {
  const attributes = Object.entries(options.attributes ?? {})
  return join(
    ...inputs.map((name) => textField(1, name)),
    ...outputs.map((name) => textField(2, name)),
    textField(4, op),
    ...attributes.map(([name, value]) => bytesField(5, attribute(name, value))),
    ...(options.domain === undefined ? [] : [textField(7, options.domain)]),
  )
}

export function constant(output: string, value: Record<string, Attribute>): Bytes {
  return node('Constant', [], [output], { attributes: value })
}

export interface GraphParts {
  nodes?: Bytes[]
  initializers?: Bytes[]
  sparse?: Bytes[]
  inputs?: string[]
}

/** GraphProto. */
export function graph(parts: GraphParts): Bytes {
  return join(
    ...(parts.nodes ?? []).map((one) => bytesField(1, one)),
    textField(2, 'graph'),
    ...(parts.initializers ?? []).map((one) => bytesField(5, one)),
    ...(parts.inputs ?? []).map((name) => bytesField(11, textField(1, name))),
    ...(parts.sparse ?? []).map((one) => bytesField(15, one)),
  )
}

/** SparseTensorProto. */
export function sparseTensor(values: Bytes, indices: Bytes, dims: readonly number[]): Bytes {
  return join(bytesField(1, values), bytesField(2, indices), ...dims.map((length) => varintField(3, length)))
}

export interface FunctionParts {
  name: string
  domain: string
  inputs: string[]
  nodes: Bytes[]
}

/** FunctionProto. */
export function localFunction({ name, domain, inputs, nodes }: FunctionParts): Bytes {
  return join(
    textField(1, name),
    ...inputs.map((input) => textField(4, input)),
    ...nodes.map((one) => bytesField(7, one)),
    textField(10, domain),
  )
}

/** A whole file: ModelProto. */
export function model(parts: GraphParts, functions: Bytes[] = []): Bytes {
  return modelWith(graph(parts), functions)
}

export function modelWith(graphBytes: Bytes, functions: Bytes[] = []): Bytes {
  return join(
    varintField(1, 8),
    textField(2, 'builder'),
    bytesField(7, graphBytes),
    bytesField(8, varintField(2, 17)),
    ...functions.map((one) => bytesField(25, one)),
  )
}
