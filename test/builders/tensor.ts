import { runTask } from '../../src/identify/file-pass.ts'
import { planTasks } from '../../src/identify/plan.ts'
import type { Print, TensorPrint } from '../../src/identify/print.ts'
import { printModel } from '../../src/identify/print-model.ts'
import { f32WordToF16, roundTo } from '../../src/kernel/exact.ts'
import { loadKernel } from '../../src/kernel/load.ts'
import { type ModelFile, plainView, type StoredTensor, type TensorView } from '../../src/read/model-file.ts'
import { type ByteSource, memorySource } from '../../src/read/source.ts'
import { seeded } from './print.ts'

export type FloatType = 'f64' | 'f32' | 'f16' | 'bf16'

/** Values rounded to a type, as stored bytes. */
export function encode(values: ArrayLike<number>, type: FloatType): Uint8Array {
  if (type === 'f64') return bytesOf(new Float64Array(values))
  if (type === 'f32') return bytesOf(new Float32Array(values))
  const rounded = Float32Array.from(values, (value) => roundTo(value, type))
  const words = new Uint32Array(rounded.buffer)
  return bytesOf(Uint16Array.from(words, type === 'bf16' ? (word) => word >>> 16 : f32WordToF16))
}

export function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** `count` normal deviates; the same for the same seed. */
export function noise(seed: number, count: number): Float64Array {
  const random = seeded(seed)
  return Float64Array.from(
    { length: count },
    () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
  )
}

/** A tensor held in memory: by default f32, as it is stored. */
export function inline(shape: number[], bytes: Uint8Array, more: Partial<StoredTensor> = {}): StoredTensor {
  const data = { kind: 'inline', bytes } as const
  return { name: 'w', element: 'f32', view: plainView(shape), data, quantisation: null, ...more }
}

/** A float tensor held in memory. */
export function floats(shape: number[], values: ArrayLike<number>, type: FloatType = 'f32'): StoredTensor {
  return inline(shape, encode(values, type), { element: type })
}

export function modelOf(tensors: StoredTensor[], files: ByteSource[] = []): ModelFile {
  return { format: 'raw', files, tensors, findings: [] }
}

/** All of `bytes` as the one file of a model. */
export function fileOf(bytes: Uint8Array, tensors: StoredTensor[]): ModelFile {
  return modelOf(tensors, [memorySource('file', bytes)])
}

export function ranged(name: string, shape: number[], offset: number, more: Partial<StoredTensor> = {}): StoredTensor {
  const length = 4 * shape.reduce((product, size) => product * size, 1)
  const data = { kind: 'ranges', ranges: [{ file: 0, offset, length }] } as const
  return {
    name,
    element: 'f32',
    view: plainView(shape),
    data: { ...data, ranges: [...data.ranges] },
    quantisation: null,
    ...more,
  }
}

const fast = loadKernel()

/** The prints of a model's tensors, by every task of the plan in turn. */
export function printTensors(model: ModelFile, { shared = 0, kernel = fast } = {}): TensorPrint[] {
  const results = planTasks(model, shared).map((task) => runTask(kernel, model, task, () => {}))
  const prints = new Map(results.flatMap((result) => [...result.prints]))
  return model.tensors.map((_, index) => prints.get(index)!)
}

export function printTensor(tensor: StoredTensor): TensorPrint {
  return printTensors(modelOf([tensor]))[0]!
}

export function printFile(model: ModelFile): Print {
  return printModel(printTensors(model))
}

/** Stored element numbers in the order of a view, one after the other: slow and plain, the tests' reference. */
export function naiveOrder({ shape, strides, start }: TensorView): number[] {
  return shape.reduce(
    (offsets, size, axis) => offsets.flatMap((at) => Array.from({ length: size }, (_, i) => at + i * strides[axis]!)),
    [start],
  )
}
