import type { CheckpointAnswer, ProvenStatement, Witnesses } from '../../src/contract/api-ledger.ts'
import { equal, fromBase64, utf8 } from './bytes.ts'
import { envelopeSignatures } from './envelope.ts'
import { leafOf, rootFrom } from './inclusion.ts'
import { headFrom, keyFrom, logSigned, noteFrom, witnessedAt } from './note.ts'

/** What a step of a check came to; `absent`: there is nothing to check with, so nothing is known. */
export type Outcome = 'good' | 'bad' | 'absent'

export interface Step {
  step: 'signatures' | 'envelope' | 'leaf' | 'proof' | 'head' | 'checkpoint'
  outcome: Outcome
}

/** Browsers give WebCrypto to pages of a secure origin only, and older ones know no Ed25519. */
export async function canVerify(): Promise<boolean> {
  if (globalThis.crypto?.subtle === undefined) return false
  try {
    await crypto.subtle.importKey('raw', new Uint8Array(32), 'Ed25519', false, ['verify'])
    return true
  } catch (error) {
    return error instanceof DOMException && error.name === 'DataError'
  }
}

/**
 * Everything from the statement's signatures to the log's signature over its head, computed here: what the server says of its own
 * proofs is not asked. `trusted`: keys that the reader got elsewhere; without them the server's own account of its keys is taken.
 */
export async function checkStatement(statement: ProvenStatement, trusted: readonly string[] = []): Promise<Step[]> {
  const keys = trusted.length > 0 ? trusted : statement.keys
  const judged = await envelopeSignatures(
    statement.envelope,
    keys.flatMap((text) => keyFrom(text) ?? []),
  )
  const leaf = await leafOf(utf8(statement.text), Date.parse(statement.time))
  const proof = statement.proof.map((hash) => fromBase64(hash) ?? new Uint8Array())
  const root = await rootFrom(leaf, { index: statement.number, size: statement.checkpoint.size }, proof)
  const note = noteFrom(statement.checkpoint.note)
  const head = note === null ? null : headFrom(note)
  return [
    { step: 'signatures', outcome: outcomeOf(judged.map(({ result }) => result)) },
    { step: 'envelope', outcome: saysTheSame(statement) ? 'good' : 'bad' },
    { step: 'leaf', outcome: equal(leaf, fromBase64(statement.leaf) ?? new Uint8Array()) ? 'good' : 'bad' },
    { step: 'proof', outcome: root !== null && head !== null && equal(root, head.root) ? 'good' : 'bad' },
    { step: 'head', outcome: head !== null && head.size === statement.checkpoint.size ? 'good' : 'bad' },
    { step: 'checkpoint', outcome: await checkHead(statement.checkpoint, keys) },
  ]
}

function outcomeOf(results: readonly ('good' | 'bad' | 'unknown-key')[]): Outcome {
  if (results.includes('bad')) return 'bad'
  return results.includes('good') ? 'good' : 'absent'
}

/** That the text of which the leaf is made is the envelope that is shown, and nothing else. */
function saysTheSame({ envelope, text }: ProvenStatement): boolean {
  const { payload, payloadType, signatures } = envelope
  const shown = { payload, payloadType, signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig })) }
  return JSON.stringify(shown) === text
}

/** Whether one of the keys signed the head. */
export async function checkHead({ note }: CheckpointAnswer, keys: readonly string[]): Promise<Outcome> {
  const signed = noteFrom(note)
  if (signed === null) return 'bad'
  const results = await Promise.all(keys.flatMap((text) => keyFrom(text) ?? []).map((key) => logSigned(signed, key)))
  if (results.includes('bad')) return 'bad'
  return results.includes('good') ? 'good' : 'absent'
}

/** When each witness cosigned the checkpoint, by its key: seconds since 1970. */
export async function checkWitnesses({ items, latest }: Witnesses): Promise<Map<string, number | 'bad' | null>> {
  const note = latest === null ? null : noteFrom(latest.note)
  const checked = items.map(async ({ key }) => {
    const own = keyFrom(key)
    return [key, note === null || own === null ? null : await witnessedAt(note, own)] as const
  })
  return new Map(await Promise.all(checked))
}
