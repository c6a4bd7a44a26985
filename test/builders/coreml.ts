import { readCoreml } from '../../src/read/coreml.ts'
import type { ModelFile } from '../../src/read/model-file.ts'
import { memorySource } from '../../src/read/source.ts'
import { memorySiblings } from './memory-siblings.ts'
import { type Bytes, bytesField, floats, join, textField, varintField } from './protobuf.ts'

/** Numbers of data types in MIL.proto. */
export const MIL = { bool: 1, f16: 10, f32: 11, i8: 21, u8: 31, u4: 35, u2: 36 } as const

const VERSION = varintField(1, 7)

/** A Model with a NeuralNetwork of the given layers. */
export function network(...layers: Bytes[]): Bytes {
  return join(VERSION, bytesField(500, ...layers.map((layer) => bytesField(1, layer))))
}

/** Models in a model. */
export function pipeline(...models: Bytes[]): Bytes {
  return join(VERSION, bytesField(202, ...models.map((model) => bytesField(1, model))))
}

/** `kind`: the field of the layer's parameters. */
export function layer(name: string, kind: number, ...parameters: Bytes[]): Bytes {
  return join(textField(1, name), bytesField(kind, ...parameters))
}

/** An inner product whose weights are given as WeightParams. */
export function innerProduct(inputs: number | bigint, outputs: number | bigint, weights: Bytes): Bytes {
  return layer('fc', 140, varintField(1, inputs), varintField(2, outputs), bytesField(20, weights))
}

export function floatWeights(...values: number[]): Bytes {
  return bytesField(1, floats(...values))
}

/** Codes of `bits` bits with scales and biases. */
export function linearWeights(codes: Bytes, bits: number, scales: number[], biases: number[]): Bytes {
  const linear = join(bytesField(1, floats(...scales)), bytesField(2, floats(...biases)))
  return join(bytesField(30, codes), bytesField(40, varintField(1, bits), bytesField(101, linear)))
}

export function tableWeights(codes: Bytes, bits: number, table: number[]): Bytes {
  const lookUp = bytesField(1, floats(...table))
  return join(bytesField(30, codes), bytesField(40, varintField(1, bits), bytesField(102, lookUp)))
}

/** A Model with a Program of the given operations. */
export function program(...operations: Bytes[]): Bytes {
  const block = join(...operations.map((operation) => bytesField(3, operation)))
  const body = bytesField(3, textField(1, 'CoreML8'), bytesField(2, block))
  return join(VERSION, bytesField(502, bytesField(2, textField(1, 'main'), bytesField(2, body))))
}

export function operation(
  type: string,
  output: string,
  parts: { inputs?: Record<string, string>; attributes?: Record<string, Bytes>; blocks?: Bytes[] } = {},
): Bytes {
  const inputs = Object.entries(parts.inputs ?? {}).map(([key, name]) =>
    bytesField(2, textField(1, key), bytesField(2, bytesField(1, textField(1, name)))),
  )
  const attributes = Object.entries(parts.attributes ?? {}).map(([key, value]) =>
    bytesField(5, textField(1, key), bytesField(2, value)),
  )
  const blocks = (parts.blocks ?? []).map((block) => bytesField(4, block))
  return join(textField(1, type), ...inputs, bytesField(3, textField(1, output)), ...attributes, ...blocks)
}

function tensorType(type: number, shape: readonly (number | bigint)[]): Bytes {
  const lengths = shape.map((length) => bytesField(3, bytesField(1, varintField(1, length))))
  return bytesField(2, bytesField(1, varintField(1, type), ...lengths))
}

/** A value in a blob file. */
export function blobValue(
  type: number,
  shape: readonly (number | bigint)[],
  at: number | bigint,
  fileName = '@model_path/weights/weight.bin',
): Bytes {
  return join(tensorType(type, shape), bytesField(5, textField(1, fileName), varintField(2, at)))
}

/** A value in the program; `field`: which list of TensorValue it is, 1 for floats, 7 for bytes. */
export function ownValue(type: number, shape: readonly number[], field: number, values: Bytes): Bytes {
  return join(tensorType(type, shape), bytesField(3, bytesField(1, bytesField(field, bytesField(1, values)))))
}

export function constant(name: string, value: Bytes): Bytes {
  return operation('const', name, { attributes: { val: value } })
}

export interface BlobParts {
  sentinel?: number
  type?: number
  size?: number
  offset?: number
  version?: number
}

/** A blob file with one record, at 64, whose data follow at 128. */
export function blobFile(
  data: Bytes,
  { sentinel = 0xdeadbeef, type = 2, size, offset, version = 2 }: BlobParts = {},
): Bytes {
  const head = new DataView(new ArrayBuffer(128))
  head.setUint32(0, 1, true)
  head.setUint32(4, version, true)
  head.setUint32(64, sentinel, true)
  head.setUint32(68, type, true)
  head.setBigUint64(72, BigInt(size ?? data.length), true)
  head.setBigUint64(80, BigInt(offset ?? 128), true)
  return join(new Uint8Array(head.buffer), data)
}

export function readModel(bytes: Bytes, blobs: Bytes | null = null, closed: string[] = []): ModelFile {
  const files: Record<string, Bytes> = blobs === null ? {} : { 'weights/weight.bin': blobs }
  return readCoreml(memorySource('model.mlmodel', bytes), memorySiblings(files, closed))
}
