import { type Envelope, PAYLOAD_TYPE } from '../contract/envelope.ts'
import { keyIdOf, type PublicKey, type SigningKey, verifyWith } from './keys.ts'
import { sha256 } from './merkle.ts'
import { decodeBase64 } from './note.ts'

/** A payload and who signed it, as they are kept: the envelope without its base64. */
export interface Signed {
  /** JSON text of an in-toto statement. */
  payload: string
  signatures: Signature[]
}

export interface Signature {
  /** `keyIdOf` the key that made it; a hint only, as DSSE has it. */
  keyid: string
  /** Base64. */
  sig: string
}

/** What DSSE v1 signs, https://github.com/secure-systems-lab/dsse/blob/master/protocol.md: PAE(type, body). */
export function preAuthEncoding(type: string, body: Uint8Array): Uint8Array {
  const head = `DSSEv1 ${Buffer.byteLength(type)} ${type} ${body.length} `
  return Buffer.concat([Buffer.from(head), body])
}

export function signPayload(payload: string, key: SigningKey): Signed {
  return { payload, signatures: [signatureBy(payload, key)] }
}

/** A further signature over the same payload. */
export function countersigned({ payload, signatures }: Signed, key: SigningKey): Signed {
  return { payload, signatures: [...signatures, signatureBy(payload, key)] }
}

function signatureBy(payload: string, key: SigningKey): Signature {
  const sig = Buffer.from(key.sign(messageOf(payload))).toString('base64')
  return { keyid: keyIdOf(key), sig }
}

function messageOf(payload: string): Uint8Array {
  return preAuthEncoding(PAYLOAD_TYPE, Buffer.from(payload))
}

/** What becomes of each signature under the keys known: who made it, or why nobody is known to have. */
export type Judged = { keyid: string; result: 'good' | 'bad' | 'unknown-key' }

export function judgeSignatures({ payload, signatures }: Signed, keys: ReadonlyMap<string, PublicKey>): Judged[] {
  return signatures.map(({ keyid, sig }) => {
    const key = keys.get(keyid)
    const bytes = decodeBase64(sig)
    if (!key) return { keyid, result: 'unknown-key' }
    return { keyid, result: bytes !== null && verifies(key, sig, payload, bytes) ? 'good' : 'bad' }
  })
}

/** Pages of a log are asked for again and again; to check a signature takes a hundred times as long as to look it up. */
const verified = new Map<string, { payload: string; key: PublicKey['bytes'] }>()
const MAX_VERIFIED = 4_096
/** Longer ones, of results, would fill the memory. */
const MAX_PAYLOAD = 16 * 1024

/** Only what was verified is remembered, and only for the very same payload and key. */
function verifies(key: PublicKey, sig: string, payload: string, bytes: Uint8Array): boolean {
  const known = verified.get(sig)
  if (known !== undefined && known.payload === payload && Buffer.compare(known.key, key.bytes) === 0) return true
  const isGood = verifyWith(key, messageOf(payload), bytes)
  if (verified.size >= MAX_VERIFIED) verified.clear()
  if (isGood && payload.length <= MAX_PAYLOAD) verified.set(sig, { payload, key: key.bytes })
  return isGood
}

/** One text for one envelope, whoever wrote it down: the order of keys is fixed, and nothing else is kept. */
export function encodeEnvelope({ payload, signatures }: Signed): string {
  const listed = JSON.stringify(signatures.map(({ keyid, sig }) => ({ keyid, sig })))
  // base64 has nothing to escape, and a check of a large log does this a million times
  return `{"payload":"${Buffer.from(payload).toString('base64')}","payloadType":"${PAYLOAD_TYPE}","signatures":${listed}}`
}

/** The SHA-256 of an envelope's text: what the log holds of it. */
export function envelopeDigest(signed: Signed): Uint8Array {
  return sha256(encodeEnvelope(signed))
}

/** Null where the payload is not UTF-8 text in base64. */
export function signedFrom({ payload, signatures }: Envelope): Signed | null {
  const bytes = decodeBase64(payload)
  const text = bytes?.toString('utf8')
  if (bytes === null || text === undefined || !Buffer.from(text).equals(bytes)) return null
  return { payload: text, signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig })) }
}
