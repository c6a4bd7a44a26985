import { budgetFor } from '../src/read/archive-budget.ts'
import { containerKind, openContainer } from '../src/read/open-container.ts'
import { ReadError } from '../src/read/read-error.ts'
import { type ByteSource, memorySource } from '../src/read/source.ts'
import { longName, pax, tar, tgz } from '../test/builders/archive.ts'
import { imageLayout } from '../test/builders/stores.ts'
import { oneWeight, TYPE } from '../test/builders/tflite.ts'
import { zip } from '../test/builders/zip.ts'
import { noSiblings } from './invariant.ts'

const parts = [
  pax({ path: 'folder/long', size: '5' }),
  { name: 'short', bytes: 'bytes' },
  longName('folder/longer'),
  { name: 'cut', bytes: 'bytes' },
  { name: 'link', type: '2', link: 'short' },
]
const model = oneWeight({ shape: [2, 2], type: TYPE.f32, data: new Uint8Array(16) })
const image = imageLayout([{ bytes: model, title: 'm.tflite' }])

export const seeds = [
  tar(parts),
  tgz(parts),
  zip([{ name: 'a/b', bytes: 'bytes', deflate: true }]),
  new Uint8Array(Buffer.concat([model, model])),
  new TextEncoder().encode(String(image.files[image.manifest])),
]

/** Every member of whatever kind of container is read to its end, or refused. */
export function fuzzArchive(bytes: Uint8Array): void {
  for (const path of ['input.data', `blobs/sha256/${'0'.repeat(64)}`]) {
    try {
      readAll(memorySource(path, bytes))
    } catch (error) {
      if (!(error instanceof ReadError)) throw error
    }
  }
}

function readAll(source: ByteSource): void {
  const kind = containerKind(source)
  if (kind === null) return
  const container = openContainer(kind, source, noSiblings, budgetFor(source.size))
  for (const entry of container.entries())
    if (entry.kind === 'member') readToEnd(container.open(entry.member, `${source.path}!/${entry.member.name}`))
}

const CHUNK_BYTES = 1024 * 1024

function readToEnd(source: ByteSource): void {
  const chunk = new Uint8Array(Math.min(source.size, CHUNK_BYTES))
  for (let at = 0; at < source.size; at += chunk.length)
    source.readInto(chunk.subarray(0, Math.min(chunk.length, source.size - at)), at, 'member')
}
