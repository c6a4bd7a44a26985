import { checkpointFrom } from '../ledger/checkpoint.ts'
import type { GrowingRoot } from '../ledger/growing-root.ts'
import { decodeNote, signatureOf } from '../ledger/note.ts'
import type { TrustedKey } from '../ledger/trust.ts'
import type { Faults } from './fsck-faults.ts'

/** The log's root so far: by the leaves that the tree holds, and by those that the statements themselves give. */
export interface Roots {
  stored: GrowingRoot
  computed: GrowingRoot
}

/** Whether the last checkpoint is of what the statements give, and not of what the tree holds: then it is the tree that changed. */
export function isTreeChanged(note: string | undefined, { stored, computed }: Roots): boolean {
  const root = checkpointFrom(decodeNote(note ?? '')?.text ?? '')?.root
  if (root === undefined) return false
  return Buffer.compare(root, stored.root()) !== 0 && Buffer.compare(root, computed.root()) === 0
}

/** A checkpoint of the log's own, against the root that the statements give; either root will do, its signature must hold. */
export function checkCheckpoint(
  size: number,
  text: string,
  origin: string,
  { stored, computed }: Roots,
  trust: ReadonlyMap<string, TrustedKey>,
  faults: Faults,
): void {
  const note = decodeNote(text)
  const checkpoint = note && checkpointFrom(note.text)
  if (!note || !checkpoint || checkpoint.size !== size || checkpoint.origin !== origin) {
    faults.add('bad-checkpoint', size, null)
    return
  }
  const roots = [stored.root(), computed.root()]
  const isSame = roots.some((root) => Buffer.compare(root, checkpoint.root) === 0)
  const logs = [...trust.values()].filter(({ use }) => use === 'log')
  const results = logs.map(({ key }) => signatureOf(note, key))
  if (!isSame || results.includes('bad') || !results.includes('good')) faults.add('bad-checkpoint', size, null)
}
