import { ELEMENT_BITS, type ModelFile, type StoredNumbers, type StoredTensor } from '../../src/read/model-file.ts'

/** What is wrong with a tensor directory; empty for one whose tensors can all be read. The invariant of every reader. */
export function unsoundness(file: ModelFile): string[] {
  return file.tensors.flatMap((tensor) => [
    ...partsOf(tensor).flatMap((part) => rangesOutside(file, { ...tensor, ...part })),
    ...(partsOf(tensor).every((part) => lastElement(part.view) < storedElements({ ...tensor, ...part }))
      ? []
      : [`${tensor.name}: its view leaves its bytes`]),
    ...(scalesFit(tensor) ? [] : [`${tensor.name}: as many scales as blocks are needed`]),
  ])
}

/** Everything that is read for a tensor: itself, or its words and what its scales are made of. */
function partsOf({
  element,
  data,
  view,
  quantisation,
}: StoredTensor): Pick<StoredNumbers, 'element' | 'data' | 'view'>[] {
  if (quantisation?.kind !== 'packed') return [{ element, data, view }]
  const { words, scales, zeroPoints, biases, columnGroups } = quantisation
  const others = [scales, scales.nested?.numbers, zeroPoints.numbers, biases, columnGroups]
  return [{ element, data, view: words }, ...others.filter((part) => part !== undefined && part !== null)]
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

function storedElements({ element, data, quantisation }: StoredTensor): number {
  const bytes = data.kind === 'inline' ? data.bytes.length : data.ranges.reduce((sum, { length }) => sum + length, 0)
  if (quantisation?.kind === 'blocks') return Math.floor(bytes / quantisation.blockBytes) * quantisation.blockElements
  return Math.floor((bytes * 8) / ELEMENT_BITS[element])
}

function lastElement(view: StoredTensor['view']): number {
  return view.shape.reduce((at, length, axis) => at + (length - 1) * view.strides[axis]!, view.start)
}

function scalesFit({ view, quantisation }: StoredTensor): boolean {
  if (quantisation?.kind !== 'affine') return true
  const { group, scales, zeroPoints } = quantisation
  const blocks = view.shape.reduce((product, length, axis) => product * Math.ceil(length / group[axis]!), 1)
  return scales.length === blocks && (zeroPoints === null || zeroPoints.length === blocks)
}
