import type { ElementType, TensorBytes } from './model-file.ts'
import { ELEMENT_BITS, rowMajorStrides, type StoredTensor } from './model-file.ts'
import { readError } from './read-error.ts'
import { countElements } from './shape.ts'
import type { ByteSource } from './source.ts'

/** An array that a pickle describes: where its elements lie, as the pickle says and not yet checked. Strides in elements. */
export interface PickledTensor {
  kind: 'tensor'
  element: ElementType
  shape: number[]
  strides: number[]
  start: number
  data: TensorBytes
}

/** An array that cannot be read; `why` completes "the tensor is …". */
export interface UnreadTensor {
  kind: 'unread'
  why: string
}

/**
 * Checks the array's view against its bytes and cuts these to what it shows. Throws `malformed` for a view that leaves its
 * storage, `limit`.
 */
export function storedTensor(source: ByteSource, name: string, tensor: PickledTensor): StoredTensor {
  const { element, shape, strides, start, data } = tensor
  const elements = countElements(source.path, shape, name, 0)
  const width = ELEMENT_BITS[element] / 8
  const bytes = data.kind === 'inline' ? data.bytes.length : data.ranges.reduce((sum, { length }) => sum + length, 0)
  const last = shape.reduce((at, length, axis) => at + (length - 1) * strides[axis]!, start)
  const end = elements === 0 ? start : last + 1
  if (strides.length !== shape.length || !Number.isSafeInteger(end) || end * width > bytes)
    throw readError(source.path, 'malformed', {
      what: name,
      reason: `its view ends at byte ${end * width} of a storage of ${bytes} bytes`,
      offset: 0,
    })
  const cut = cutTo(data, start * width, (elements === 0 ? 0 : end - start) * width)
  return {
    name,
    element,
    view: { shape, strides: plainStrides(shape, strides), start: 0, rowAxes: 1 },
    data: cut,
    quantisation: null,
  }
}

function cutTo(data: TensorBytes, offset: number, length: number): TensorBytes {
  if (data.kind === 'inline') return { kind: 'inline', bytes: data.bytes.subarray(offset, offset + length) }
  const [range] = data.ranges
  return { kind: 'ranges', ranges: [{ file: range!.file, offset: range!.offset + offset, length }] }
}

/** An axis of length 1, and every axis of an array without elements, may have any stride: they get those of a plain array. */
function plainStrides(shape: readonly number[], strides: number[]): number[] {
  const plain = rowMajorStrides(shape)
  const isPlain = shape.includes(0) || shape.every((length, axis) => length <= 1 || strides[axis] === plain[axis])
  return isPlain ? plain : strides
}
