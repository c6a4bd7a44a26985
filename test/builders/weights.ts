import { roundTo } from '../../src/kernel/exact.ts'
import { DATA_TYPE, model, node, rawData, tensor } from './onnx.ts'
import { safetensors } from './safetensors.ts'
import { encode, type FloatType, noise } from './tensor.ts'

const DTYPES = { f64: 'F64', f32: 'F32', f16: 'F16', bf16: 'BF16' } as const

export interface WeightsOptions {
  /** Values are rounded to `type` and stored as `as`. */
  type?: FloatType
  as?: FloatType
  names?: readonly string[]
  width?: number
}

/** A small network of two layers, or as many as there are pairs of names, as a safetensors file: another one for every seed. */
export function weights(seed: number, options: WeightsOptions = {}): Uint8Array {
  const { type = 'f32', as = type, names = ['a.weight', 'a.bias', 'b.weight', 'b.bias'], width = 64 } = options
  const entries = names.map((name, k) => {
    const rows = k === 2 || k === 3 ? width / 2 : width
    const shape = k % 2 === 0 ? [rows, width] : [rows]
    const values = noise(
      seed * 100 + k,
      shape.reduce((product, size) => product * size, 1),
    )
    const bytes = encode(
      values.map((value) => roundTo(value, type)),
      as,
    )
    return [name, { dtype: DTYPES[as], shape, bytes }] as const
  })
  return safetensors(Object.fromEntries(entries))
}

/** A matrix of normal deviates as an ONNX MatMul has it: stored (in, out). */
export function onnxLayer(seed: number, rows: number, columns: number): Uint8Array {
  return model({
    inputs: ['x'],
    nodes: [node('MatMul', ['x', 'w'], ['y'])],
    initializers: [tensor('w', DATA_TYPE.float, [columns, rows], rawData(encode(noise(seed, rows * columns), 'f32')))],
  })
}

/** Names for a network of ten layers. */
export const TEN_LAYERS = Array.from({ length: 10 }, (_, k) => [`layers.${k}.weight`, `layers.${k}.bias`]).flat()
