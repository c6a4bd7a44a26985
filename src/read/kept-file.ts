import { type FileSource, type FileStamp, openFile, stampOf } from './file-source.ts'
import { readError } from './read-error.ts'
import type { ByteSource } from './source.ts'

/** A file that stays known while it is closed. */
export interface KeptFile {
  readonly stamp: FileStamp
  /** Opens the file when it is read. Throws `changed` when it is not the same any more. */
  readonly source: ByteSource
  /** Every `hold` keeps the file open, once it is, until its `release`. */
  hold(): void
  release(): void
  /** Whether the file there now is the same, as far as the file system tells. */
  isCurrent(): boolean
}

/** Throws what `openFile` throws. */
export function keepFile(absolutePath: string, path: string): KeptFile {
  let file: FileSource | null = openFile(absolutePath, path)
  let holders = 0
  const { stamp, size } = file
  const opened = (): FileSource => {
    if (file !== null) return file
    const again = openFile(absolutePath, path)
    if (!isSame(stamp, again.stamp)) {
      again.close()
      throw readError(path, 'changed', { what: 'archive' })
    }
    file = again
    return again
  }
  const close = () => {
    if (holders > 0) return
    file?.close()
    file = null
  }
  close()
  return {
    stamp,
    source: {
      path,
      size,
      readInto(target, position, what) {
        opened().readInto(target, position, what)
        // nobody would close it later
        close()
      },
      close() {},
    },
    hold() {
      holders++
    },
    release() {
      holders--
      close()
    },
    isCurrent: () => {
      const now = stampOf(absolutePath)
      return now !== null && isSame(stamp, now)
    },
  }
}

function isSame(a: FileStamp, b: FileStamp): boolean {
  return a.size === b.size && a.mtimeNs === b.mtimeNs && a.inode === b.inode && a.device === b.device
}
