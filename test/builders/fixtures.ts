import { expect } from 'vitest'
import { openFile } from '../../src/read/file-source.ts'
import type { ModelFile, Reader } from '../../src/read/model-file.ts'
import { openSiblings } from '../../src/read/siblings.ts'
import { tensorValues } from './values.ts'

/** By file and canonical tensor name, values in row-major order to four significant digits. */
export type Reference = Record<string, Record<string, number[]>>

export function readFixture(read: Reader, path: string): ModelFile {
  return read(openFile(path, path), openSiblings(path, path))
}

export function valuesByName(file: ModelFile): Map<string, number[]> {
  return new Map(file.tensors.map((tensor) => [tensor.name, [...tensorValues(file, tensor)]]))
}

/** Every reference tensor is among the values, to four significant digits. */
export function expectSame(values: ReadonlyMap<string, number[]>, reference: Record<string, number[]>): void {
  for (const [name, numbers] of Object.entries(reference)) {
    expect(values.get(name), name).toHaveLength(numbers.length)
    const far = numbers.filter(
      (number, at) => Math.abs(values.get(name)![at]! - number) > 6e-4 * Math.abs(number) + 1e-6,
    )
    expect(far, name).toEqual([])
  }
}
