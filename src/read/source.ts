import { readError } from './read-error.ts'

/** Random access to the bytes of one file. Synchronous, because a worker thread has nothing else to do meanwhile. */
export interface ByteSource {
  /** As shown to the user. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Made from bytes of another source (unpacked), and so no file to be hashed or listed. */
  readonly virtual?: true
  /** Fills `target` from byte `position` on. Throws `truncated` when the file ends before. */
  readInto(target: Uint8Array, position: number, what: string): void
  close(): void
}

/** The files beside an artifact's main file; names come from inside the file and are not trusted. */
export interface Siblings {
  /**
   * Opens a file in the main file's own folder or below. Throws `unsafe-path` for a name that is absolute or leads
   * outside (also by a link), `missing-file` when nothing is there.
   */
  open(name: string): ByteSource
}

/** The bytes [offset, offset + length) as a new array. Check `length` against a named limit first. */
export function readBytes(source: ByteSource, offset: number, length: number, what: string): Uint8Array {
  checkRange(source, offset, length, what)
  const bytes = new Uint8Array(length)
  source.readInto(bytes, offset, what)
  return bytes
}

/** Throws `truncated` unless [offset, offset + length) lies inside the source and both are safe whole numbers. */
export function checkRange(source: ByteSource, offset: number, length: number, what: string): void {
  const end = offset + length
  const whole = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && Number.isSafeInteger(end)
  if (!whole || offset < 0 || length < 0 || end > source.size)
    throw readError(source.path, 'truncated', { what, need: end, size: source.size })
}

/** A part of a source as a source of its own. */
export function partSource(path: string, source: ByteSource, offset: number, size: number): ByteSource {
  checkRange(source, offset, size, path)
  const part: ByteSource = {
    path,
    size,
    virtual: true,
    readInto(target, position, what) {
      checkRange(part, position, target.length, what)
      source.readInto(target, offset + position, what)
    },
    close() {},
  }
  return part
}

/** A source over bytes in memory, for tests, fuzzing and bytes found inside other files. */
export function memorySource(path: string, bytes: Uint8Array): ByteSource {
  const source: ByteSource = {
    path,
    size: bytes.length,
    readInto(target, position, what) {
      checkRange(source, position, target.length, what)
      target.set(bytes.subarray(position, position + target.length))
    },
    close() {},
  }
  return source
}
