import { ELEMENT_BITS, type ModelFile, type StoredTensor } from '../../src/read/model-file.ts'

/** What is wrong with a tensor directory; empty for one whose tensors can all be read. The invariant of every reader. */
export function unsoundness(file: ModelFile): string[] {
  return file.tensors.flatMap((tensor) => [
    ...rangesOutside(file, tensor),
    ...(lastElement(tensor) < storedElements(tensor) ? [] : [`${tensor.name}: its view leaves its bytes`]),
    ...(scalesFit(tensor) ? [] : [`${tensor.name}: as many scales as blocks are needed`]),
  ])
}

function rangesOutside(file: ModelFile, { name, data }: StoredTensor): string[] {
  if (data.kind === 'inline') return []
  return data.ranges
    .filter(({ file: index, offset, length }) => {
      const size = file.files[index]?.size ?? -1
      return !(offset >= 0 && length >= 0 && offset + length <= size)
    })
    .map((range) => `${name}: ${JSON.stringify(range)} is outside`)
}

function storedElements({ element, data }: StoredTensor): number {
  const bytes = data.kind === 'inline' ? data.bytes.length : data.ranges.reduce((sum, { length }) => sum + length, 0)
  return Math.floor((bytes * 8) / ELEMENT_BITS[element])
}

function lastElement({ view }: StoredTensor): number {
  return view.shape.reduce((at, length, axis) => at + (length - 1) * view.strides[axis]!, view.start)
}

function scalesFit({ view, quantisation }: StoredTensor): boolean {
  if (quantisation === null) return true
  const { group, scales, zeroPoints } = quantisation
  const blocks = view.shape.reduce((product, length, axis) => product * Math.ceil(length / group[axis]!), 1)
  return scales.length === blocks && (zeroPoints === null || zeroPoints.length === blocks)
}
