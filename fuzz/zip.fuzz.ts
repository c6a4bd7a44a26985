import { CHUNK_BYTES } from '../src/kernel/kernel.ts'
import { ReadError } from '../src/read/read-error.ts'
import { memorySource } from '../src/read/source.ts'
import { memberSource, readZip } from '../src/read/zip.ts'
import { zip } from '../test/builders/zip.ts'

const parts = [
  { name: 'folder/' },
  { name: 'folder/stored', bytes: 'stored' },
  { name: 'deflated', bytes: 'deflated, deflated, deflated', deflate: true },
  { name: 'zeros', bytes: new Uint8Array(100_000), deflate: true },
]

export const seeds = [zip(parts), zip(parts, { zip64: true }), zip(parts, { comment: 'comment' })]

/** Every member is read to its end, or refused. */
export function fuzzZip(bytes: Uint8Array): void {
  try {
    const archive = readZip(memorySource('input.zip', bytes))
    for (const member of archive.members.values()) readToEnd(memberSource(archive, member))
  } catch (error) {
    if (!(error instanceof ReadError)) throw error
  }
}

function readToEnd(source: ReturnType<typeof memberSource>): void {
  const chunk = new Uint8Array(Math.min(source.size, CHUNK_BYTES))
  for (let at = 0; at < source.size; at += chunk.length)
    source.readInto(chunk.subarray(0, Math.min(chunk.length, source.size - at)), at, 'member')
}
