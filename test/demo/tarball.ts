import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { Header } from 'tar'

export interface Entry {
  path: string
  content?: string
  /** A link's target; makes the entry a symbolic link. */
  linkpath?: string
}

/** A gzipped tar archive made entry by entry, so that it can hold what no honest packer writes. */
export function tarball(entries: Entry[]): Buffer {
  const blocks = entries.flatMap(({ path, content = '', linkpath }) => {
    const header = Buffer.alloc(512)
    const data = Buffer.from(content)
    const type = linkpath === undefined ? 'File' : 'SymbolicLink'
    new Header({ path, type, mode: 0o644, size: data.length, mtime: new Date(0), linkpath: linkpath ?? '' }).encode(
      header,
    )
    return [header, data, Buffer.alloc((512 - (data.length % 512)) % 512)]
  })
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]))
}

export function integrity(bytes: Buffer): string {
  return `sha512-${createHash('sha512').update(bytes).digest('base64')}`
}
