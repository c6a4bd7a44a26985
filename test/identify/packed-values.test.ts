import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { rawDigest } from '../../src/identify/digest.ts'
import { packedValues } from '../../src/identify/packed-values.ts'
import { isPacked } from '../../src/identify/print-packed.ts'
import type { ModelFile, StoredTensor } from '../../src/read/model-file.ts'
import { readSafetensors } from '../../src/read/safetensors.ts'
import { memorySource } from '../../src/read/source.ts'
import { memorySiblings } from '../builders/memory-siblings.ts'
import { floats, printTensor, printTensors } from '../builders/tensor.ts'

const folder = new URL('../fixtures/packed/', import.meta.url)
const expected: Record<string, Record<string, { shape: number[]; values: string }>> = JSON.parse(
  readFileSync(new URL('values.json', folder), 'utf8'),
)

function read(kind: string): ModelFile {
  const config = readIfThere(`${kind}.config.json`)
  const source = memorySource('model.safetensors', readFileSync(new URL(`${kind}.safetensors`, folder)))
  return readSafetensors(source, memorySiblings(config ? { 'config.json': config } : {}))
}

function readIfThere(name: string): Uint8Array | null {
  try {
    return readFileSync(new URL(name, folder))
  } catch {
    return null
  }
}

function values(kind: string, name: string): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(expected[kind]![name]!.values, 'base64')).buffer)
}

function dequantised(file: ModelFile, tensor: StoredTensor): Float32Array {
  if (!isPacked(tensor)) throw new TypeError(`${tensor.name} is not packed`)
  const { rows, columns, next } = packedValues(tensor, file.files, rawDigest('test'))
  const all = new Float32Array(rows * columns)
  for (let row = 0; row < rows; row++) all.set(next(), row * columns)
  return all
}

/** The largest difference, in units of the last place of the expected value. */
function worst(actual: Float32Array, wanted: Float32Array): number {
  return wanted.reduce((most, value, at) => {
    const unit = 2 ** (Math.floor(Math.log2(Math.abs(value) || 1)) - 23)
    return Math.max(most, Math.abs(actual[at]! - value) / unit)
  }, 0)
}

describe.each(Object.keys(expected))('a checkpoint packed as %s', (kind) => {
  const file = read(kind)

  it('holds its layers under their plain names and nothing else', () => {
    expect(file.tensors.map(({ name, view }) => [name, view.shape])).toEqual(
      Object.entries(expected[kind]!).map(([name, { shape }]) => [name, shape]),
    )
  })

  it('has the values that went in, but for two roundings', () => {
    const off = file.tensors.map((tensor) => worst(dequantised(file, tensor), values(kind, tensor.name)))
    expect(Math.max(...off)).toBeLessThanOrEqual(2)
  })

  it('is sketched as those values are', () => {
    const prints = printTensors(file)
    prints.forEach((print, at) => {
      const { name, view } = file.tensors[at]!
      const plain = printTensor(floats(view.shape, values(kind, name)))
      const scale = Math.sqrt(plain.invariants.sumSquares)
      const apart = print.sketch!.values.map((value, cell) => Math.abs(value - plain.sketch!.values[cell]!))
      expect(Math.max(...apart)).toBeLessThan(1e-5 * scale)
    })
  })
})

describe('a packed tensor', () => {
  it('is a quantised weight of its scheme and bits', () => {
    const [print] = printTensors(read('gptq-4'))
    expect(print).toMatchObject({ standing: 'weight', exact: null, encoding: { scheme: 'gptq-int4', bits: 4 } })
  })

  it('has the step of its grid, which is the scale', () => {
    const [print] = printTensors(read('awq'))
    const sorted = [...new Set(values('awq', 'layer.weight').map(Math.abs))]
      .filter((value) => value > 0)
      .sort((a, b) => a - b)
    expect(print!.encoding!.step).toBeGreaterThan(sorted[0]!)
    expect(print!.encoding!.step).toBeLessThan(0.021)
  })

  it('has the step that rounding to 8-bit floats leaves: about a tenth of its size', () => {
    const [print] = printTensors(read('fp8-tensor'))
    const size = Math.sqrt(print!.invariants.sumSquares / print!.invariants.count)
    expect(print!.encoding!.step / size).toBeCloseTo(0.092, 3)
  })

  it('gives no numbers where an input points to a group that is not there', () => {
    const file = read('gptq-ordered')
    const [tensor] = file.tensors
    if (!tensor || !isPacked(tensor)) throw new TypeError('not packed')
    const bytes = new Uint8Array(Int32Array.from({ length: 64 }, (_, at) => (at === 3 ? 9 : 0)).buffer)
    const columnGroups = { ...tensor.quantisation.columnGroups!, data: { kind: 'inline' as const, bytes } }
    const view = { shape: [1, 64], strides: [64, 1], start: 0, rowAxes: 1 }
    const quantisation = { ...tensor.quantisation, columnGroups: { ...columnGroups, view } }
    const [print] = printTensors({ ...file, tensors: [{ ...tensor, quantisation }] })
    expect(print!.invariants.nonFinite).toBe(tensor.view.shape[0])
  })

  it('has another digest when one code differs', () => {
    const bytes = readFileSync(new URL('nf4.safetensors', folder))
    const other = Uint8Array.from(bytes)
    const at = 8 + Number(bytes.readBigUInt64LE(0))
    other[at] = other[at]! ^ 1
    const digests = [bytes, other].map(
      (file) => printTensors(readSafetensors(memorySource('a', file), memorySiblings({})))[0]!.digest,
    )
    expect(digests[0]).not.toBe(digests[1])
  })
})
