import { isSigned } from '../ledger/entry.ts'
import { leafOf } from '../ledger/journal.ts'
import { statementFrom, topicsOf } from '../ledger/statement.ts'
import { judged, type TrustedKey } from '../ledger/trust.ts'
import type { LedgerEntry } from '../store/ledger.ts'
import type { Roots } from './fsck-checkpoints.ts'
import type { Faults } from './fsck-faults.ts'

/** How things stand once every entry has been read. */
export interface FinalState {
  roots: Roots
  /** Mentions of topics, and entries, that the tables have; null where they cannot be counted. */
  counts: readonly [indexed: number, counted: number] | null
  size: number
  /** Where statement and tree differ, the tree is the one that changed. */
  isTreeChanged: boolean
}

/** Checks entries one after the other, and, in the end, what only shows over all of them. */
export interface EntryChecks {
  /**
   * `entry`: null where it cannot be read, undefined where there is none. `stored`: the leaf that the tree holds. Gives the leaf
   * that counts, null where neither is there.
   */
  check(
    number: number,
    entry: LedgerEntry | null | undefined,
    stored: Uint8Array | undefined,
    roots: Roots,
  ): Uint8Array | null
  finish(end: FinalState): void
  readable(): number
  signatures(): number
}

export function entryChecks(trust: ReadonlyMap<string, TrustedKey>, quick: boolean, faults: Faults): EntryChecks {
  /** Where the leaf of an entry is not the one that the tree holds there. */
  const mismatched: { number: number; stored: string; computed: string }[] = []
  const receipts = new Map<string, number>()
  let [readable, signatures, topics] = [0, 0, 0]
  return {
    check(number, entry, stored, { stored: tree, computed }) {
      const own = entry ? leafOf(entry.signed, entry.time) : undefined
      const [inTree, inEntries] = [stored ?? own, own ?? stored]
      if (inTree) tree.add(inTree)
      if (inEntries) computed.add(inEntries)
      if (!entry) {
        // what cannot be read has been told
        if (entry === undefined) faults.add('missing-statement', number)
      } else if (stored && own && Buffer.compare(stored, own) !== 0)
        mismatched.push({ number, stored: hex(stored), computed: hex(own) })
      else readable++
      if (entry) {
        const statement = statementFrom(entry.signed.payload)
        if (statement === 'not-a-statement') faults.add('not-a-statement', number)
        if (typeof statement !== 'string') topics += topicsOf(statement, entry.signed.payload).length
        if (!quick) signatures += checkSignatures(entry, trust, faults)
        if (entry.kind === 'custody') checkReplay(entry, receipts, faults)
      }
      return inTree ?? null
    },
    finish({ roots, counts, size, isTreeChanged }) {
      if (isTreeChanged) for (const { number } of mismatched) faults.add('damaged-tree', number, 'leaf')
      else nameMismatches(mismatched, faults)
      const [indexed, counted] = counts ?? [topics, size]
      if (counted > size) faults.add('head-mismatch', size, `${counted}`)
      if (indexed !== topics) faults.add('index-mismatch', null, `${indexed} / ${topics}`)
      if (roots.stored.size() !== size) faults.add('head-mismatch', size, `${roots.stored.size()}`)
    },
    readable: () => readable,
    signatures: () => signatures,
  }
}

/** One that stands where another should was moved; any other was altered. */
function nameMismatches(
  mismatched: readonly { number: number; stored: string; computed: string }[],
  faults: Faults,
): void {
  const places = new Map(mismatched.map(({ number, stored }) => [stored, number]))
  for (const { number, computed } of mismatched) {
    const place = places.get(computed)
    if (place === undefined) faults.add('altered-statement', number)
    else faults.add('reordered-statement', number, `${place}`)
  }
}

function checkSignatures(entry: LedgerEntry, trust: ReadonlyMap<string, TrustedKey>, faults: Faults): number {
  const results = judged(entry.signed, trust, entry.time)
  if (results.length === 0) faults.add('bad-signature', entry.number)
  for (const { keyid, result } of results) {
    if (result === 'bad') faults.add('bad-signature', entry.number, keyid)
    else if (result === 'expired-key' || result === 'revoked-key') faults.add(result, entry.number, keyid)
    // an offer's other party may be unknown here as long as someone known vouches for the entry
    else if (result !== 'good' && !isSigned({ signatures: results })) faults.add('unknown-key', entry.number, keyid)
  }
  return results.length
}

/** A receipt is entered once, and its nonce stands in one statement only. */
function checkReplay(entry: LedgerEntry, receipts: Map<string, number>, faults: Faults): void {
  const statement = statementFrom(entry.signed.payload)
  if (typeof statement === 'string' || statement.kind !== 'custody') return
  const key = `${statement.predicate.nonce} ${entry.signed.signatures.length > 1 ? 'receipt' : 'offer'}`
  const former = receipts.get(key)
  if (former === undefined) receipts.set(key, entry.number)
  else faults.add('replayed-receipt', entry.number, `${former}`)
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
