import { MAX_AXES } from './limits.ts'
import { readError } from './read-error.ts'
import { type ByteSource, readBytes } from './source.ts'

/** What the header of a .npy file says (numpy/lib/format.py). */
export interface NpyHeader {
  /** A type string such as `<f4`; null for a record, which is a list of fields. */
  descr: string | null
  fortranOrder: boolean
  shape: number[]
  /** Of the elements. */
  dataOffset: number
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]

/** The magic number and two bytes of version, before the header's length. */
const PREFIX_BYTES = 8

/** NumPy itself writes under 200 bytes, and refuses to read more than 10,000. */
const MAX_HEADER_BYTES = 64 * 1024

/** By content: `\x93NUMPY`. */
export function looksLikeNpy(_name: string, head: Uint8Array): boolean {
  return MAGIC.every((byte, index) => head[index] === byte)
}

/**
 * Reads the header of versions 1 to 3, a Python dict literal, by a grammar of just what NumPy writes; it is never evaluated.
 * Throws `truncated`, `malformed`, `limit`, `unsupported`.
 */
export function readNpyHeader(source: ByteSource): NpyHeader {
  const prefix = readBytes(source, 0, PREFIX_BYTES, 'npy header')
  if (!looksLikeNpy('', prefix)) throw malformed(source, 'does not begin like one')
  const version = prefix[MAGIC.length]!
  if (version < 1 || version > 3)
    throw readError(source.path, 'unsupported', { what: 'npy version', value: String(version) })
  const start = PREFIX_BYTES + (version === 1 ? 2 : 4)
  const lengths = new DataView(readBytes(source, PREFIX_BYTES, start - PREFIX_BYTES, 'npy header').buffer)
  const length = version === 1 ? lengths.getUint16(0, true) : lengths.getUint32(0, true)
  if (length > MAX_HEADER_BYTES)
    throw readError(source.path, 'limit', {
      what: 'npy header',
      value: String(length),
      limit: String(MAX_HEADER_BYTES),
    })
  const text = new TextDecoder(version === 3 ? 'utf-8' : 'latin1').decode(
    readBytes(source, start, length, 'npy header'),
  )
  return { ...parseHeader(source, text), dataOffset: start + length }
}

/** The three entries, in any order, each once; records keep their fields unread. */
function parseHeader(source: ByteSource, text: string): Omit<NpyHeader, 'dataOffset'> {
  const dict = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1]
  if (dict === undefined) throw malformed(source, 'no dict')
  const entries = new Map<string, string>()
  let rest = dict.trim()
  while (rest !== '') {
    const entry = ENTRY.exec(rest)
    if (entry === null) throw malformed(source, 'an entry that NumPy does not write')
    const [whole, key = '', value = ''] = entry
    if (entries.has(key)) throw malformed(source, `${key} stands twice`)
    entries.set(key, value)
    rest = rest.slice(whole.length)
  }
  const descr = entries.get('descr')
  const order = entries.get('fortran_order')
  const shape = entries.get('shape')
  if (entries.size !== 3 || descr === undefined || order === undefined || shape === undefined)
    throw malformed(source, 'not descr, fortran_order and shape')
  return {
    descr: /^'([^']*)'$/.exec(descr)?.[1] ?? null,
    fortranOrder: order === 'True',
    shape: parseShape(source, shape),
  }
}

const ENTRY = new RegExp(
  /^'(descr|fortran_order|shape)':\s*/.source +
    /('[^'\\]{0,64}'|\[.{0,32000}\](?=,\s*('|$)|$)|True|False|\([\dL,\s]{0,1000}\))\s*(?:,\s*|$)/.source,
  's',
)

function parseShape(source: ByteSource, text: string): number[] {
  const inner = /^\((.*)\)$/s.exec(text)?.[1]
  if (inner === undefined) throw malformed(source, 'a shape that is no tuple')
  const parts = inner.split(',').map((part) => part.trim())
  if (parts.at(-1) === '') parts.pop()
  if (parts.length > MAX_AXES)
    throw readError(source.path, 'limit', { what: 'axes of the array', value: `${parts.length}`, limit: `${MAX_AXES}` })
  return parts.map((part) => {
    if (!/^\d{1,20}L?$/.test(part)) throw malformed(source, 'a shape that is no tuple of whole numbers')
    return Number(part.replace('L', ''))
  })
}

function malformed(source: ByteSource, reason: string) {
  return readError(source.path, 'malformed', { what: 'npy header', reason, offset: 0 })
}
