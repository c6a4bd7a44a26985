import type { Actor } from '../contract/actor.ts'

/** Whether two actors are one; persons by their commitments. */
export function sameActor(a: Actor, b: Actor): boolean {
  if (a.kind === 'person' || b.kind === 'person')
    return a.kind === 'person' && b.kind === 'person' && a.commitment === b.commitment
  return a.kind === b.kind && a.name === b.name
}
