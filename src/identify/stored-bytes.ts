import type { StoredTensor } from '../read/model-file.ts'
import type { ByteSource } from '../read/source.ts'

/** Reads `target.length` bytes from byte `position` of a tensor's data, across its ranges. */
export function readStored(
  tensor: StoredTensor,
  files: readonly ByteSource[],
  position: number,
  target: Uint8Array,
): void {
  if (tensor.data.kind === 'inline') {
    target.set(tensor.data.bytes.subarray(position, position + target.length))
    return
  }
  let filled = 0
  let skip = position
  for (const range of tensor.data.ranges) {
    if (filled === target.length) return
    if (skip >= range.length) {
      skip -= range.length
      continue
    }
    const length = Math.min(range.length - skip, target.length - filled)
    files[range.file]!.readInto(target.subarray(filled, filled + length), range.offset + skip, tensor.name)
    filled += length
    skip = 0
  }
}
