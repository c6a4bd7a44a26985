import type { ElementType } from './model-file.ts'

/** Numbers of the TFLite schema, version 3 (schema.fbs of TensorFlow and LiteRT): fields in order, from 0. */
export const MODEL = { version: 0, operatorCodes: 1, subgraphs: 2, buffers: 4 } as const
export const OPERATOR_CODE = { deprecatedBuiltin: 0, custom: 1, builtin: 3 } as const
export const SUBGRAPH = { tensors: 0, operators: 3 } as const
export const OPERATOR = { code: 0, inputs: 1, outputs: 2, options: 4 } as const
export const TENSOR = {
  shape: 0,
  type: 1,
  buffer: 2,
  name: 3,
  quantisation: 4,
  sparsity: 6,
  externalBuffer: 10,
} as const
export const BUFFER = { data: 0, offset: 1, size: 2 } as const
export const QUANTISATION = { scale: 2, zeroPoint: 3, detailsType: 4, details: 5, axis: 6 } as const
export const BLOCKWISE = { scales: 0, zeroPoints: 1, blockSize: 2, blockShape: 3 } as const
export const SPARSITY = { traversalOrder: 0, blockMap: 1, levels: 2 } as const
export const SPARSE_LEVEL = {
  format: 0,
  denseSize: 1,
  segmentsType: 2,
  segments: 3,
  indicesType: 4,
  indices: 5,
} as const

/** Of `QUANTISATION.detailsType`. */
export const NO_DETAILS = 0
export const BLOCKWISE_DETAILS = 2

/** Operators that tell how their weights are stored, or that hand a constant on. */
export const OP = {
  conv2d: 3,
  depthwiseConv2d: 4,
  dequantize: 6,
  fullyConnected: 9,
  custom: 32,
  transposeConv: 67,
  densify: 124,
  batchMatmul: 126,
  conv3d: 132,
  conv3dTranspose: 141,
} as const

/** What one element is. `parts`: complex numbers are stored as two. `i2` stands for four to a byte, low first. */
export interface TfliteType {
  element: ElementType | 'i2'
  parts: 1 | 2
}

const TYPES = new Map<number, TfliteType | 'no-weight'>([
  [0, { element: 'f32', parts: 1 }],
  [1, { element: 'f16', parts: 1 }],
  [2, { element: 'i32', parts: 1 }],
  [3, { element: 'u8', parts: 1 }],
  [4, { element: 'i64', parts: 1 }],
  [5, 'no-weight'], // strings
  [6, { element: 'bool', parts: 1 }],
  [7, { element: 'i16', parts: 1 }],
  [8, { element: 'f32', parts: 2 }],
  [9, { element: 'i8', parts: 1 }],
  [10, { element: 'f64', parts: 1 }],
  [11, { element: 'f64', parts: 2 }],
  [12, { element: 'u64', parts: 1 }],
  [13, 'no-weight'], // resources
  [14, 'no-weight'], // variants
  [15, { element: 'u32', parts: 1 }],
  [16, { element: 'u16', parts: 1 }],
  [17, { element: 'i4', parts: 1 }],
  [18, { element: 'bf16', parts: 1 }],
  [19, { element: 'i2', parts: 1 }],
  [20, { element: 'u4', parts: 1 }],
  [21, { element: 'f8e4m3', parts: 1 }],
  [22, { element: 'f8e5m2', parts: 1 }],
])

/** Undefined for a number that no known version of the schema has. */
export function tfliteType(type: number): TfliteType | 'no-weight' | undefined {
  return TYPES.get(type)
}
