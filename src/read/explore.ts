import type { Problem } from '../contract/problem.ts'
import type { Budget } from './archive-budget.ts'
import type { Member, MemberSource } from './container.ts'
import type { FileStamp } from './file-source.ts'
import { INSIDE } from './member-name.ts'
import type { ContainerKind } from './open-container.ts'
import { type OpenedContainer, openContainerAt, type Place } from './place.ts'
import { isSkippedName } from './walk.ts'

/** A file inside another one, as the walk through folders gives those outside. */
export interface FoundMember extends Place {
  kind: 'member'
  realPath: string
  size: number
  container: ContainerKind
  /** Another file of the same name comes first, and is what opening the path gives. */
  isHidden: boolean
  open(): MemberSource & { stamp: FileStamp }
}

/**
 * The files in the container at a place, in its order, each to be opened before the next is asked for; null for a file
 * that is no container. Problems are those of the container itself.
 */
export function explore(
  place: Place & { realPath: string },
  budget: Budget,
): Generator<FoundMember | { kind: 'problem'; problem: Problem }> | null {
  const opened = openContainerAt(place, budget)
  return opened === null ? null : membersOf(place, opened)
}

function* membersOf(place: Place & { realPath: string }, opened: OpenedContainer) {
  try {
    for (const entry of opened.container.entries()) {
      if (entry.kind === 'problem') yield entry
      else if (!entry.member.name.split('/').some(isSkippedName)) yield found(place, opened, entry.member)
    }
  } finally {
    opened.close()
  }
}

function found(place: Place & { realPath: string }, opened: OpenedContainer, member: Member): FoundMember {
  const inside = (path: string) => `${path}${INSIDE}${member.name}`
  const { container, kind, stamp } = opened
  return {
    kind: 'member',
    path: inside(place.path),
    absolutePath: inside(place.absolutePath),
    realPath: inside(place.realPath),
    size: member.size,
    container: kind,
    isHidden: container.find(member.name) !== member,
    open: () => ({ stamp, ...container.open(member, inside(place.path)) }),
  }
}
