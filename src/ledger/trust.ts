import type { Actor, Role } from '../contract/actor.ts'
import type { AnyStatement } from '../contract/statement.ts'
import { type Judged, judgeSignatures, type Signed } from './dsse.ts'
import { keyIdOf, type PublicKey } from './keys.ts'
import { decodeVerifierKey } from './note.ts'

/** A key and whose it is, as the ledger has it. Times are RFC 3339. */
export interface TrustedKey {
  id: string
  key: PublicKey
  use: 'signer' | 'log' | 'witness'
  actor: Actor
  role: Role | null
  /** When it was entered. */
  since: string
  expires: string | null
  /** When it was withdrawn; null while it stands. */
  revoked: string | null
}

/** Every key that statements of the log trust, by id. A later statement about a key replaces an earlier one. */
export function trustFrom(statements: readonly { statement: AnyStatement; time: string }[]): Map<string, TrustedKey> {
  const keys = new Map<string, TrustedKey>()
  for (const { statement, time } of statements) {
    if (statement.kind === 'trusted') {
      const { key: text, use, actor, role, expires } = statement.predicate
      const key = decodeVerifierKey(text)?.key
      if (!key) continue
      const id = keyIdOf(key)
      // what it signed while it was trusted before stays signed
      const since = keys.get(id)?.since ?? time
      keys.set(id, { id, key, use, actor, role, since, expires, revoked: null })
    } else if (statement.kind === 'revoked') {
      const known = keys.get(statement.predicate.keyId)
      if (known) keys.set(known.id, { ...known, revoked: known.revoked ?? time })
    }
  }
  return keys
}

/** What becomes of a signature: `good` by a key that stood when it was entered, or why it does not count. */
export type SignatureResult = Judged['result'] | 'expired-key' | 'revoked-key' | 'wrong-use'

export interface JudgedSignature {
  keyid: string
  result: SignatureResult
  /** Whose key it is; null where nobody knows. */
  actor: Actor | null
}

/** Signatures under the keys of an estate; `time`: when the envelope was entered. */
export function judged(signed: Signed, trust: ReadonlyMap<string, TrustedKey>, time: string): JudgedSignature[] {
  const keys = new Map([...trust].map(([id, { key }]) => [id, key]))
  return judgeSignatures(signed, keys).map(({ keyid, result }) => {
    const trusted = trust.get(keyid)
    if (!trusted || result !== 'good') return { keyid, result, actor: trusted?.actor ?? null }
    return { keyid, result: standing(trusted, time), actor: trusted.actor }
  })
}

/**
 * The signature of the log's own key on an entry that a checkpoint signed by the same key covers: who signed the checkpoint has vouched
 * for every byte below it, so that verifying a million signatures of the same hand would prove nothing more. Null where another key
 * signed, or several did.
 */
export function vouchedByLog({ signatures }: Signed, log: TrustedKey, time: string): JudgedSignature[] | null {
  const [only, ...others] = signatures
  if (only === undefined || others.length > 0 || only.keyid !== log.id) return null
  return [{ keyid: only.keyid, result: standing(log, time), actor: log.actor }]
}

function standing({ use, expires, revoked }: TrustedKey, time: string): SignatureResult {
  if (use === 'witness') return 'wrong-use'
  if (expires !== null && Date.parse(time) > endOf(expires)) return 'expired-key'
  return revoked !== null && Date.parse(time) > Date.parse(revoked) ? 'revoked-key' : 'good'
}

const DAY_MS = 24 * 60 * 60 * 1_000

/** The last moment that a day or a time covers, in milliseconds since 1970; days are those of UTC. */
export function endOf(time: string): number {
  return /^\d{4}-\d{2}-\d{2}$/.test(time) ? Date.parse(time) + DAY_MS - 1 : Date.parse(time)
}

/** Whether two actors are one. */
export function sameActor(a: Actor, b: Actor): boolean {
  return actorKey(a) === actorKey(b)
}

export function actorKey(actor: Actor): string {
  return actor.kind === 'person' ? `person:${actor.commitment}` : `${actor.kind}:${actor.name}`
}
