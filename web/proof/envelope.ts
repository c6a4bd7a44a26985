import { fromBase64, joined, sha256, toHex, utf8 } from './bytes.ts'
import { isSigned, type NoteKey } from './note.ts'

/** A statement as it was entered: a DSSE envelope. */
export interface Envelope {
  payload: string
  payloadType: string
  signatures: { keyid: string; sig: string }[]
}

/** By which envelopes name a key: hexadecimal SHA-256 of its bytes. */
async function keyIdOf(key: NoteKey): Promise<string> {
  return toHex(await sha256(key.bytes))
}

/** Of each signature of the envelope, whose key it is and whether it fits, over DSSE's pre-authentication encoding. */
export async function envelopeSignatures(
  envelope: Envelope,
  keys: readonly NoteKey[],
): Promise<{ keyId: string; name: string | null; result: 'good' | 'bad' | 'unknown-key' }[]> {
  const payload = fromBase64(envelope.payload) ?? new Uint8Array()
  const type = utf8(envelope.payloadType)
  const message = joined(utf8(`DSSEv1 ${type.length} ${envelope.payloadType} ${payload.length} `), payload)
  const byId = new Map(await Promise.all(keys.map(async (key) => [await keyIdOf(key), key] as const)))
  return await Promise.all(
    envelope.signatures.map(async ({ keyid, sig }) => {
      const key = byId.get(keyid)
      const signature = fromBase64(sig)
      if (key === undefined) return { keyId: keyid, name: null, result: 'unknown-key' as const }
      const isGood = signature !== null && (await isSigned(key, message, signature))
      return { keyId: keyid, name: key.name, result: isGood ? ('good' as const) : ('bad' as const) }
    }),
  )
}
