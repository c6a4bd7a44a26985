import { ELEMENT_BITS, type Finding, type ModelFile, rowMajorStrides, type StoredTensor } from './model-file.ts'
import { type NpyHeader, readNpyHeader } from './npy-header.ts'
import { numpyElement } from './numpy-types.ts'
import { readPickle } from './pickle.ts'
import { pickleFindings } from './pickle-verdict.ts'
import { readError } from './read-error.ts'
import { countElements } from './shape.ts'
import { type ByteSource, checkRange } from './source.ts'

/** A single array. Throws `unsupported` for one whose elements are not read, unless there is a finding to tell. */
export function readNpy(source: ByteSource): ModelFile {
  const { tensor, findings, unread } = readArray(source, 'array', { file: 0, offset: 0 })
  if (unread !== null && findings.length === 0)
    throw readError(source.path, 'unsupported', { what: 'array', value: unread })
  return { format: 'numpy', files: [source], tensors: tensor === null ? [] : [tensor], findings }
}

/**
 * The array of a .npy file. `at`: where that file begins among `ModelFile.files`. Arrays of Python objects are pickles: they are
 * looked through for what they import, and not read. `unread`: the type of elements that are not read.
 */
export function readArray(
  source: ByteSource,
  name: string,
  at: { file: number; offset: number },
): { tensor: StoredTensor | null; findings: Finding[]; unread: string | null } {
  const header = readNpyHeader(source)
  const { descr, shape, dataOffset } = header
  const count = countElements(source.path, shape, name, 0)
  if (descr !== null && /^\|?O\d?$/.test(descr))
    return { tensor: null, findings: objectFindings(source, name, dataOffset), unread: descr }
  const element = descr === null ? null : numpyElement(descr)
  if (element === null) return { tensor: null, findings: [], unread: descr ?? 'records' }
  const length = (count * ELEMENT_BITS[element]) / 8
  checkRange(source, dataOffset, length, name)
  const range = { file: at.file, offset: at.offset + dataOffset, length }
  const data = { kind: 'ranges' as const, ranges: [range] }
  return { tensor: { name, element, view: viewOf(header), data, quantisation: null }, findings: [], unread: null }
}

function viewOf({ shape, fortranOrder }: NpyHeader) {
  const strides = fortranOrder ? rowMajorStrides(shape.toReversed()).reverse() : rowMajorStrides(shape)
  return { shape, strides, start: 0, rowAxes: 1 }
}

function objectFindings(source: ByteSource, name: string, offset: number): Finding[] {
  const findings = pickleFindings(readPickle(source, offset), name)
  const message = `${name} holds Python objects, which only loading its pickle would show; not read`
  return [{ code: 'object-array', severity: 'medium', message }, ...findings]
}
