import { posix } from 'node:path'
import picomatch from 'picomatch'
import { MAX_AXES, MAX_ELEMENTS } from './limits.ts'
import { ELEMENT_BITS, type ElementType, type ModelFile, plainView } from './model-file.ts'
import { readError } from './read-error.ts'
import type { ByteSource } from './source.ts'

/** What the user says about files without a header: `voices/*.bin=f32[512,256]`. */
export interface Hint {
  /** As written. */
  text: string
  glob: string
  element: ElementType
  shape: number[]
}

/** The hint cannot be understood; `message` says what is wrong with which part. */
export class HintError extends Error {
  readonly hint: string
  readonly fault: string

  constructor(hint: string, fault: string) {
    super(`${hint}: ${fault}; write it like voices/*.bin=f32[512,256]`)
    this.name = 'HintError'
    this.hint = hint
    this.fault = fault
  }
}

/** Parses `<glob>=<element>[<n>,<n>…]`. Throws `HintError`. */
export function parseHint(text: string): Hint {
  const equals = text.lastIndexOf('=')
  if (equals < 0) throw new HintError(text, 'no = between the files and their type')
  const glob = text.slice(0, equals).trim()
  const type = text.slice(equals + 1).trim()
  if (glob === '') throw new HintError(text, 'no files named before the =')
  const parts = /^([^[\]]*)\[([^[\]]*)\]$/.exec(type)
  if (parts === null) throw new HintError(text, `"${type}" is not a type and a shape in brackets`)
  return { text, glob, element: parseElement(text, parts[1]!), shape: parseShape(text, parts[2]!) }
}

function parseElement(text: string, name: string): ElementType {
  const known = Object.keys(ELEMENT_BITS).filter((element) => element !== 'bool')
  const element = known.find((element) => element === name.toLowerCase())
  if (element === undefined) throw new HintError(text, `"${name}" is none of ${known.join(', ')}`)
  return element as ElementType
}

function parseShape(text: string, list: string): number[] {
  const shape = list.split(',').map((length) => {
    if (!/^\s*[1-9]\d{0,14}\s*$/.test(length)) throw new HintError(text, `"${length}" is not the length of an axis`)
    return Number(length)
  })
  if (shape.length > MAX_AXES) throw new HintError(text, `more than ${MAX_AXES} axes`)
  if (elementCount(shape) > MAX_ELEMENTS) throw new HintError(text, 'larger than any file')
  return shape
}

function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1)
}

/**
 * Whether a hint speaks of a file. The glob is held against the path relative to the scanned argument, and against any
 * tail of the absolute path, so that `voices/*.bin` works from wherever the scan began; without a slash it names files in
 * any folder. Build once for many files.
 */
export function hintMatcher(hint: Hint): (path: string, absolutePath: string) => boolean {
  const glob = hint.glob.replace(/^\.\//, '')
  const matches = picomatch(glob, { dot: true })
  const matchesTail = picomatch(`**/${glob.replace(/^\/+/, '')}`, { dot: true })
  return (path, absolutePath) => {
    const absolute = absolutePath.replaceAll('\\', '/')
    if (!glob.includes('/') && matches(posix.basename(path))) return true
    return matches(path) || matches(absolute) || matchesTail(absolute.replace(/^\/+/, ''))
  }
}

/** One array and nothing else. Throws `hint-mismatch` unless the file's size is exactly that of the hinted shape. */
export function readRaw(source: ByteSource, hint: Hint): ModelFile {
  const need = Math.ceil((elementCount(hint.shape) * ELEMENT_BITS[hint.element]) / 8)
  if (source.size !== need) throw readError(source.path, 'hint-mismatch', { hint: hint.text, need, size: source.size })
  return {
    format: 'raw',
    files: [source],
    tensors: [
      {
        name: 'array',
        element: hint.element,
        view: plainView(hint.shape),
        data: { kind: 'ranges', ranges: [{ file: 0, offset: 0, length: need }] },
        quantisation: null,
      },
    ],
    findings: [],
  }
}
