import { readError } from './read-error.ts'
import { type ByteSource, readBytes } from './source.ts'

const FIRST_LINE = 'version https://git-lfs.github.com/spec/v1\n'

/** The specification allows a pointer less than 1,024 bytes. */
const MAX_POINTER_BYTES = 1_024

/** Bytes of the file that a git-LFS pointer stands for (0 where it does not say); null for anything but a pointer. */
export function lfsPointerBytes(head: Uint8Array): number | null {
  const text = new TextDecoder('latin1').decode(head.subarray(0, MAX_POINTER_BYTES))
  if (!text.startsWith(FIRST_LINE)) return null
  return Number(/^size (\d{1,15})$/m.exec(text)?.[1] ?? 0)
}

/** Throws `lfs-pointer` when the file is a git-LFS pointer: the weights were never fetched. */
export function refuseLfsPointer(source: ByteSource): void {
  const head = readBytes(source, 0, Math.min(source.size, MAX_POINTER_BYTES), 'head')
  const bytes = lfsPointerBytes(head)
  if (bytes !== null) throw readError(source.path, 'lfs-pointer', { bytes })
}
