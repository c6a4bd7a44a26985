import { JOBLIB_ARRAY, joblibState } from './joblib-array.ts'
import { MAX_INLINE_BYTES } from './limits.ts'
import { rowMajorStrides, type TensorBytes } from './model-file.ts'
import { numpyElement, typeCode } from './numpy-types.ts'
import { argsOf, countsOf, isNode, itemsOf, nameOf, type PickleBytes, type PickleValue } from './pickle-value.ts'
import type { PickledTensor, UnreadTensor } from './pickled-tensor.ts'
import { readError } from './read-error.ts'
import { type ByteSource, readBytes } from './source.ts'

const RECONSTRUCT = /^numpy\.(core|_core)\.multiarray\._reconstruct$/
const FROM_BUFFER = /^numpy\.(core|_core)\.numeric\._frombuffer$/

/**
 * The array that NumPy would rebuild from a value; null for anything else, and for an array of Python objects, whose
 * parts are walked instead. `place`: where the pickle's source begins among `ModelFile.files`, asked only when there is an array. Elements that the pickle spells as text are
 * decoded here, at most `MAX_INLINE_BYTES` of them in all.
 */
export function numpyArrays(
  source: ByteSource,
  place: () => { file: number; offset: number },
): (value: PickleValue) => PickledTensor | UnreadTensor | null {
  let inline = 0
  return (value) => {
    if (!isNode(value) || value.kind !== 'object') return null
    const name = nameOf(value) ?? ''
    if (RECONSTRUCT.test(name)) {
      // __setstate__((version, shape, dtype, in Fortran order, data))
      const [, shape, dtype, fortran, data] = itemsOf(value.states?.at(-1)) ?? []
      return array(shape, dtype, fortran === true, data)
    }
    if (FROM_BUFFER.test(name)) {
      const [data, dtype, shape, order] = argsOf(value)
      return array(shape, dtype, order === 'F', data)
    }
    if (name === JOBLIB_ARRAY) {
      const state = joblibState(value)
      const [, data] = value.states ?? []
      return isNode(data) && data.kind === 'bytes'
        ? array(state.get('shape'), state.get('dtype'), state.get('order') === 'F', data)
        : null
    }
    return null
  }

  function array(
    size: PickleValue | undefined,
    dtype: PickleValue | undefined,
    fortran: boolean,
    value: PickleValue | undefined,
  ) {
    if (isNode(value) && value.kind === 'list') return null
    const shape = countsOf(size)
    const element = numpyElement(typeCode(dtype))
    if (element === null) return unread(`of type ${typeCode(dtype)}`)
    const data = bytesOf(value)
    if (shape === null || data === null) return unread('kept outside the pickle')
    const strides = fortran ? rowMajorStrides(shape.toReversed()).reverse() : rowMajorStrides(shape)
    return { kind: 'tensor', element, shape, strides, start: 0, data } satisfies PickledTensor
  }

  function bytesOf(value: PickleValue | undefined): TensorBytes | null {
    if (isNode(value) && value.kind === 'bytes') return value.coding === 'raw' ? rangeOf(value) : null
    if (typeof value === 'string') return counted(Buffer.from(value, 'latin1'))
    if (nameOf(value) !== '_codecs.encode') return null
    const [text, encoding] = argsOf(value)
    if (encoding !== 'latin1') return null
    if (typeof text === 'string') return counted(Buffer.from(text, 'latin1'))
    return isNode(text) && text.kind === 'bytes' && text.coding === 'text' ? counted(decoded(text)) : null
  }

  function rangeOf({ offset, length }: PickleBytes): TensorBytes {
    const { file, offset: start } = place()
    return { kind: 'ranges', ranges: [{ file, offset: start + offset, length }] }
  }

  /** Protocol 2 has no bytes: they are written as the text that Latin-1 reads them as. */
  function decoded({ offset, length }: PickleBytes): Uint8Array {
    refuseBeyond(length)
    const text = new TextDecoder().decode(readBytes(source, offset, length, 'array in the pickle'))
    return Buffer.from(text, 'latin1')
  }

  function counted(bytes: Uint8Array): TensorBytes {
    inline += bytes.length
    refuseBeyond(inline)
    return { kind: 'inline', bytes }
  }

  function refuseBeyond(bytes: number): void {
    if (bytes > MAX_INLINE_BYTES)
      throw readError(source.path, 'limit', {
        what: 'arrays written as text',
        value: `${bytes}`,
        limit: `${MAX_INLINE_BYTES}`,
      })
  }
}

function unread(why: string): UnreadTensor {
  return { kind: 'unread', why }
}
