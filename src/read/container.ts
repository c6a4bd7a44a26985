import { posix } from 'node:path'
import type { Problem } from '../contract/problem.ts'
import type { Budget } from './archive-budget.ts'
import type { FileSource } from './file-source.ts'
import { MAX_UNSAFE_NAMES } from './limits.ts'
import { memberName } from './member-name.ts'
import { ReadError, readError } from './read-error.ts'
import type { ByteSource } from './source.ts'
import type { ZipMember } from './zip.ts'

/** Where a member's bytes are. */
export type MemberPlace =
  /** As they are, in what the container lies in. */
  | { kind: 'range'; offset: number }
  | { kind: 'zip'; member: ZipMember }
  /** A file beside the container, which only names it. */
  | { kind: 'beside'; file: string }
  /** Packed in a way that is not read; told once a container. */
  | { kind: 'unsupported'; value: string }

export interface Member {
  /** With `/`, relative, without `.` and `..`. */
  name: string
  /** Bytes, unpacked. */
  size: number
  place: MemberPlace
}

export type Entry = { kind: 'member'; member: Member } | { kind: 'problem'; problem: Problem }

/** A source over a member; members that are files of their own have a place and a stamp of their own. */
export type MemberSource = ByteSource & Partial<Pick<FileSource, 'absolutePath' | 'stamp'>>

/** A file in which other files lie, or which names them. */
export interface Container {
  /** In the order of the container. It is read once, as far as is asked for; what was met is remembered. */
  entries(): Generator<Entry>
  /** Entries met so far. */
  listed(): number
  /** Null where no member is called so. */
  find(name: string): Member | null
  /** Base names of the members in a folder, '.' being the container itself. */
  namesIn(folder: string): string[]
  /** `path`: the member's, as shown. */
  open(member: Member, path: string): MemberSource
}

/**
 * A container over its members as its format lists them. Names are not trusted; the first member of a name is the one that is
 * found. What `listing` throws ends the list as a problem: what came before it stands.
 */
export function containerOf(
  path: string,
  listing: Generator<Member>,
  budget: Budget,
  open: Container['open'],
): Container {
  const met: Entry[] = []
  const byName = new Map<string, Member>()
  let folders: Map<string, string[]> | null = null
  const reading = checked(path, listing, budget)
  const advance = (): boolean => {
    const step = reading.next()
    if (step.done) return false
    met.push(step.value)
    if (step.value.kind === 'member') {
      const { member } = step.value
      if (!byName.has(member.name)) byName.set(member.name, member)
    }
    return true
  }
  return {
    *entries() {
      for (let index = 0; index < met.length || advance(); index++) yield met[index]!
    },
    listed: () => met.length,
    find(name) {
      while (!byName.has(name) && advance());
      return byName.get(name) ?? null
    },
    namesIn(folder) {
      while (advance());
      folders ??= byFolder(byName.keys())
      return folders.get(folder) ?? []
    },
    open,
  }
}

function byFolder(names: Iterable<string>): Map<string, string[]> {
  const folders = new Map<string, string[]>()
  for (const name of names) {
    const folder = posix.dirname(name)
    const known = folders.get(folder)
    if (known) known.push(posix.basename(name))
    else folders.set(folder, [posix.basename(name)])
  }
  return folders
}

function* checked(path: string, listing: Generator<Member>, budget: Budget): Generator<Entry> {
  let unsafe = 0
  const told = new Set<string>()
  try {
    for (const member of listing) {
      const { place } = member
      budget.spend(path, member.size)
      if (place.kind === 'unsupported') {
        if (!told.has(place.value))
          yield problemOf(readError(path, 'unsupported', { what: 'archive', value: place.value }))
        told.add(place.value)
        continue
      }
      const name = memberName(member.name)
      if (name === null && ++unsafe <= MAX_UNSAFE_NAMES)
        yield problemOf(readError(path, 'unsafe-path', { name: member.name.slice(0, MAX_SHOWN) }))
      else if (name) yield { kind: 'member', member: { ...member, name } }
    }
    if (unsafe > MAX_UNSAFE_NAMES)
      throw readError(path, 'limit', { what: 'unsafe names', value: `${unsafe}`, limit: `${MAX_UNSAFE_NAMES} told of` })
  } catch (error) {
    if (!(error instanceof ReadError)) throw error
    yield problemOf(error)
  }
}

/** Characters of a hostile name that are shown. */
const MAX_SHOWN = 256

function problemOf({ problem }: ReadError): Entry {
  return { kind: 'problem', problem }
}
