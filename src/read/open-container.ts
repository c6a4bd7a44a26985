import type { Budget } from './archive-budget.ts'
import { cachedSource } from './cached-source.ts'
import { type Container, containerOf, type Member, type MemberSource } from './container.ts'
import { gunzipSource } from './gunzip-source.ts'
import { looksLikeGzip } from './gzip-header.ts'
import { looksLikeOciManifest, ociMembers } from './oci.ts'
import { ReadError, readError } from './read-error.ts'
import { type ByteSource, partSource, readBytes, type Siblings } from './source.ts'
import { looksLikeTar, tarMembers } from './tar.ts'
import { bundleMembers, isBundle } from './tflite-bundle.ts'
import { looksLikeZip, memberSource, readZip, type ZipDirectory } from './zip.ts'

export type ContainerKind = 'zip' | 'tar' | 'tar-gzip' | 'oci' | 'bundle'

/** Longer than a tar header, and than what tells any other kind. */
const HEAD_BYTES = 4_096

/** What kind of container a file is, by content, or by where it lies and what it is called; null for any other file. */
export function containerKind(source: ByteSource): ContainerKind | null {
  const head = readBytes(source, 0, Math.min(source.size, HEAD_BYTES), 'head')
  if (looksLikeZip(source.path, head)) return 'zip'
  if (looksLikeTar(head)) return 'tar'
  if (looksLikeGzip(source.path, head)) return holdsTar(source) ? 'tar-gzip' : null
  if (looksLikeOciManifest(source.path, head)) return 'oci'
  return isBundle(source) ? 'bundle' : null
}

/** Opens a container; its members are listed as they are asked for. `siblings`: of the file that it is. */
export function openContainer(kind: ContainerKind, source: ByteSource, siblings: Siblings, budget: Budget): Container {
  switch (kind) {
    case 'zip':
      return openZip(source, budget)
    case 'tar':
      return containerOf(source.path, tarMembers(source), budget, opener(source, siblings))
    case 'tar-gzip': {
      const unpacked = cachedSource(gunzipSource(source))
      return containerOf(source.path, tarMembers(unpacked), budget, opener(unpacked, siblings))
    }
    case 'oci':
      return containerOf(source.path, ociMembers(source), budget, opener(source, siblings))
    case 'bundle':
      return containerOf(source.path, bundleMembers(source), budget, opener(source, siblings))
  }
}

const TAR_HEAD_BYTES = 512

/** Any one file can be packed with gzip; one that is called an archive and is none is told of by whoever lists it. */
function holdsTar(packed: ByteSource): boolean {
  if (/\.(tgz|tar\.gz)$/i.test(packed.path)) return true
  try {
    const head = new Uint8Array(TAR_HEAD_BYTES)
    gunzipSource(packed).readInto(head, 0, 'head')
    return looksLikeTar(head)
  } catch (error) {
    if (error instanceof ReadError) return false
    throw error
  }
}

/** The directory is read when the first member is asked for, so that what is wrong with it ends the list like any other fault. */
function openZip(source: ByteSource, budget: Budget): Container {
  let directory: ZipDirectory | null = null
  const members = function* (): Generator<Member> {
    directory = readZip(source, 'any')
    for (const member of directory.members.values()) {
      const { name, method, bytes: size } = member
      if (method === 'encrypted' || method === 'other')
        yield { name, size, place: { kind: 'unsupported', value: METHODS[method] } }
      else if (!name.endsWith('/')) yield { name, size, place: { kind: 'zip', member } }
    }
  }
  return containerOf(source.path, members(), budget, ({ place }, path) => {
    if (place.kind !== 'zip' || directory === null)
      throw readError(path, 'unsupported', { what: 'archive', value: place.kind })
    const unpacked = memberSource(directory, place.member)
    return place.member.method === 'stored' ? unpacked : cachedSource(unpacked)
  })
}

const METHODS = { encrypted: 'an encrypted file', other: 'a file packed by another method than deflate' }

function opener(source: ByteSource, siblings: Siblings): Container['open'] {
  return ({ place, size }, path) => {
    switch (place.kind) {
      case 'range':
        return partSource(path, source, place.offset, size)
      case 'beside':
        return besides(siblings.open(place.file), size, path)
      default:
        throw readError(path, 'unsupported', { what: 'archive', value: place.kind })
    }
  }
}

function besides(source: MemberSource, size: number, path: string): MemberSource {
  if (source.size === size) return { ...source, path }
  source.close()
  throw readError(path, 'malformed', { what: 'blob', reason: `${source.size} bytes instead of ${size}`, offset: 0 })
}
