import type { BlockQuantisation, StoredTensor } from '../read/model-file.ts'
import type { ByteSource } from '../read/source.ts'
import { gather } from './gather.ts'

/**
 * Stored blocks in the order of the tensor's view, which keeps each of them whole: the view is read as one of blocks, its
 * last axis and all strides divided by a block's elements.
 */
export function gatherBlocks(
  tensor: StoredTensor,
  { blockElements, blockBytes }: BlockQuantisation,
  files: readonly ByteSource[],
): Generator<Uint8Array<ArrayBuffer>> {
  const { shape, strides, start, rowAxes } = tensor.view
  const last = shape.length - 1
  const view = {
    shape: shape.map((length, axis) => (axis === last ? length / blockElements : length)),
    strides: strides.map((stride, axis) => (axis === last ? 1 : stride / blockElements)),
    start: start / blockElements,
    rowAxes,
  }
  return gather({ ...tensor, view }, files, blockBytes)
}
