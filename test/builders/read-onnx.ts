import type { ModelFile } from '../../src/read/model-file.ts'
import { readOnnx } from '../../src/read/onnx.ts'
import { ReadError, readError } from '../../src/read/read-error.ts'
import { memorySource, type Siblings } from '../../src/read/source.ts'
import { tensorValues } from './values.ts'

/** Reads an ONNX file from memory; `files` are what lies beside it. */
export function readBytesAsOnnx(bytes: Uint8Array, files: Record<string, Uint8Array> = {}): ModelFile {
  const siblings: Siblings = {
    open(name) {
      const found = files[name]
      if (found === undefined) throw readError('model.onnx', 'missing-file', { name })
      return memorySource(name, found)
    },
  }
  return readOnnx(memorySource('model.onnx', bytes), siblings)
}

export interface ReadTensor {
  shape: number[]
  values: number[]
}

/** Every tensor by name, in canonical view. */
export function readTensors(bytes: Uint8Array, files: Record<string, Uint8Array> = {}): Record<string, ReadTensor> {
  const file = readBytesAsOnnx(bytes, files)
  return Object.fromEntries(
    file.tensors.map((tensor) => [tensor.name, { shape: tensor.view.shape, values: [...tensorValues(file, tensor)] }]),
  )
}

/** The code of the ReadError that reading throws, or `none`; other errors pass through. */
export function problemOf(bytes: Uint8Array, files: Record<string, Uint8Array> = {}): string {
  try {
    readBytesAsOnnx(bytes, files)
    return 'none'
  } catch (error) {
    if (error instanceof ReadError) return error.problem.code
    throw error
  }
}
