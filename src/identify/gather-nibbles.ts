import type { StoredTensor } from '../read/model-file.ts'
import type { ByteSource } from '../read/source.ts'
import { isContiguous, product } from './canonical.ts'
import { spreadNibbles } from './decode.ts'
import { gather } from './gather.ts'
import { readStored } from './stored-bytes.ts'

/** Packed bytes spread at once. */
const PIECE_BYTES = 4 * 1024 * 1024

/** Elements of half a byte in the order of the tensor's view, one a byte. */
export function* gatherNibbles(tensor: StoredTensor, files: readonly ByteSource[]): Generator<Uint8Array<ArrayBuffer>> {
  if (isContiguous(tensor.view)) yield* inOrder(tensor, files)
  else yield* gather(wholeSpread(tensor, files), [], 1)
}

function* inOrder(tensor: StoredTensor, files: readonly ByteSource[]): Generator<Uint8Array<ArrayBuffer>> {
  const { start } = tensor.view
  const end = start + product(tensor.view.shape)
  for (let at = start; at < end; ) {
    const firstByte = Math.floor(at / 2)
    const packed = new Uint8Array(Math.min(PIECE_BYTES, Math.ceil(end / 2) - firstByte))
    readStored(tensor, files, firstByte, packed)
    const stop = Math.min(end, (firstByte + packed.length) * 2)
    yield spreadNibbles(packed, tensor.element === 'i4').slice(at - firstByte * 2, stop - firstByte * 2)
    at = stop
  }
}

/** All of the tensor's data in memory, a byte an element: real 4-bit matrices that are stored transposed take up to 60 MB. */
function wholeSpread(tensor: StoredTensor, files: readonly ByteSource[]): StoredTensor {
  const packed = new Uint8Array(packedLength(tensor))
  readStored(tensor, files, 0, packed)
  const bytes = spreadNibbles(packed, tensor.element === 'i4')
  return { ...tensor, data: { kind: 'inline', bytes } }
}

function packedLength({ data }: StoredTensor): number {
  if (data.kind === 'inline') return data.bytes.length
  return data.ranges.reduce((sum, range) => sum + range.length, 0)
}
