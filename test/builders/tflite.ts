import {
  bytes,
  type FlatField,
  type FlatFields,
  f32s,
  flatBufferFile,
  i8,
  i32,
  i32s,
  i64s,
  table,
  tables,
  text,
  u8,
  u32,
} from './flatbuffer.ts'

/** Numbers of TFLite's TensorType. */
export const TYPE = {
  f32: 0,
  f16: 1,
  i32: 2,
  u8: 3,
  i64: 4,
  string: 5,
  bool: 6,
  complex64: 8,
  i8: 9,
  i4: 17,
  i2: 19,
} as const

/** Numbers of TFLite's BuiltinOperator. */
export const OPERATOR = {
  conv2d: 3,
  depthwiseConv2d: 4,
  dequantize: 6,
  fullyConnected: 9,
  custom: 32,
  transposeConv: 67,
  densify: 124,
  batchMatmul: 126,
  conv3d: 132,
} as const

export interface TensorParts {
  name?: string
  shape: number[]
  type?: number
  /** Its bytes, or the number of a buffer that another tensor wrote (1 for the first); absent for an activation. */
  data?: Uint8Array | number
  quantisation?: FlatFields
  sparsity?: FlatFields
  /** Fields that replace those above. */
  more?: FlatFields
}

export interface OperatorParts {
  code: number
  custom?: string
  inputs: number[]
  outputs?: number[]
  options?: FlatFields
}

export interface SubgraphParts {
  tensors: TensorParts[]
  operators?: OperatorParts[]
  /** How often the subgraph lists the same tensors over. */
  repeat?: number
}

export function tfliteFile(subgraphs: readonly SubgraphParts[], more: FlatFields = {}): Uint8Array {
  const buffers: FlatFields[] = [{}]
  const codes: FlatFields[] = []
  const written = subgraphs.map((subgraph) => ({
    0: {
      kind: 'tables',
      items: subgraph.tensors.map((tensor) => tensorTable(tensor, buffers)),
      repeat: subgraph.repeat ?? 1,
    } as const,
    3: tables(...(subgraph.operators ?? []).map((operator) => operatorTable(operator, codes))),
  }))
  return flatBufferFile('TFL3', {
    0: u32(3),
    1: tables(...codes),
    2: tables(...written),
    4: tables(...buffers),
    ...more,
  })
}

/** One constant and one operator that takes it as its second input. */
export function oneWeight(weight: TensorParts, operator?: Omit<OperatorParts, 'inputs'>): Uint8Array {
  const operators = operator === undefined ? [] : [{ ...operator, inputs: [1, 0] }]
  return tfliteFile([{ tensors: [weight, { shape: [1] }], operators }])
}

export function floatBytes(...values: number[]): Uint8Array {
  return new Uint8Array(new Float32Array(values).buffer)
}

/** `count` floats 0, 1, 2 … */
export function counted(count: number): Uint8Array {
  return floatBytes(...Array(count).keys())
}

export function affine(scales: number[], zeroPoints: number[], axis = 0): FlatFields {
  return { 2: f32s(...scales), 3: i64s(...zeroPoints), 6: i32(axis) }
}

/** Quantisation by blocks along the last axis; `scales` is a tensor's index. */
export function blockwise(scales: number, blockSize: number): FlatFields {
  return { 4: u8(2), 5: table({ 0: i32(scales), 2: i32(blockSize) }) }
}

/** A dense level of a sparse tensor. */
export function dense(size: number): FlatFields {
  return { 1: i32(size) }
}

/** A compressed level; `vectorType`: 1 for 32 bits an index, 2 for 16, 3 for 8. */
export function compressed(segments: FlatField, indices: FlatField, vectorType = 1): FlatFields {
  return { 0: i8(1), 2: u8(vectorType), 3: table({ 0: segments }), 4: u8(vectorType), 5: table({ 0: indices }) }
}

export function sparsity(order: number[], levels: FlatFields[], blockMap: number[] = []): FlatFields {
  const map = blockMap.length > 0 ? { 1: i32s(...blockMap) } : {}
  return { 0: i32s(...order), ...map, 2: tables(...levels) }
}

function tensorTable(tensor: TensorParts, buffers: FlatFields[]): FlatFields {
  const { data = 0 } = tensor
  const buffer = typeof data === 'number' ? data : buffers.push({ 0: bytes(data) }) - 1
  return {
    0: i32s(...tensor.shape),
    1: i8(tensor.type ?? TYPE.f32),
    2: u32(buffer),
    3: text(tensor.name ?? 'w'),
    ...(tensor.quantisation && { 4: table(tensor.quantisation) }),
    ...(tensor.sparsity && { 6: table(tensor.sparsity) }),
    ...tensor.more,
  }
}

function operatorTable(operator: OperatorParts, codes: FlatFields[]): FlatFields {
  const custom = operator.custom === undefined ? {} : { 1: text(operator.custom) }
  const code = codes.push({ 0: i8(Math.min(operator.code, 127)), ...custom, 3: i32(operator.code) }) - 1
  return {
    0: u32(code),
    1: i32s(...operator.inputs),
    2: i32s(...(operator.outputs ?? [])),
    ...(operator.options && { 4: table(operator.options) }),
  }
}
