import { ELEMENT_BITS, plainView, type StoredTensor } from './model-file.ts'

/** A file's tensors by name, for rules that need a neighbour's shape. */
export type Named = ReadonlyMap<string, StoredTensor>

/**
 * Parts of one stored tensor, under the names `<name>.<part>`. All of them take a tensor as a safetensors file stores it:
 * row-major, in one range, elements of whole bytes.
 */

/** Cuts the first axis into pieces of the given sizes, which add up to its length. Each part keeps just its own bytes. */
export function splitRows(tensor: StoredTensor, sizes: readonly number[], parts: readonly string[]): StoredTensor[] {
  let row = 0
  return sizes.map((size, index) => {
    const part = rowsOf(tensor, row, size, parts[index]!)
    row += size
    return part
  })
}

/** Cuts the second axis of an (in, out) matrix into pieces and turns each to (out, in). */
export function splitColumns(tensor: StoredTensor, sizes: readonly number[], parts: readonly string[]): StoredTensor[] {
  const whole = transposed(tensor)
  let column = 0
  return sizes.map((size, index) => {
    const view = { ...whole.view, shape: [size, whole.view.shape[1]!], start: column }
    column += size
    return { ...tensor, name: `${tensor.name}.${parts[index]!}`, view }
  })
}

/** An (in, out) matrix seen as (out, in). */
export function transposed(tensor: StoredTensor): StoredTensor {
  const { shape, strides } = tensor.view
  return { ...tensor, view: { ...tensor.view, shape: shape.toReversed(), strides: strides.toReversed() } }
}

/** Entry `index` of the first axis, without that axis. */
export function entryOf(tensor: StoredTensor, index: number): StoredTensor {
  const entry = rowsOf(tensor, index, 1, String(index))
  return { ...entry, view: plainView(tensor.view.shape.slice(1)) }
}

function rowsOf(tensor: StoredTensor, first: number, count: number, part: string): StoredTensor {
  const [, ...rest] = tensor.view.shape
  const rowBytes = (rest.reduce((product, length) => product * length, 1) * ELEMENT_BITS[tensor.element]) / 8
  if (tensor.data.kind !== 'ranges') throw new TypeError(`${tensor.name} does not lie in a file`)
  const { file, offset } = tensor.data.ranges[0]!
  return {
    ...tensor,
    name: `${tensor.name}.${part}`,
    view: plainView([count, ...rest]),
    data: { kind: 'ranges', ranges: [{ file, offset: offset + first * rowBytes, length: count * rowBytes }] },
  }
}
