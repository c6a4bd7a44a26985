import type { PublicKey, SigningKey } from './keys.ts'
import { verifyWith } from './keys.ts'
import { HASH_BYTES } from './merkle.ts'
import { COSIGNATURE_TYPE, decodeBase64, type Note, type NoteSignature, noteKeyId, signNote } from './note.ts'

/** The head of a log, https://c2sp.org/tlog-checkpoint. */
export interface Checkpoint {
  /** Which log: one line. */
  origin: string
  size: number
  root: Uint8Array
}

function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`
}

/** Null for what is no checkpoint. Lines after the third are the log's own business. */
export function checkpointFrom(text: string): Checkpoint | null {
  const [origin = '', size = '', encoded = '', ...extensions] = text.split('\n')
  const root = decodeBase64(encoded)
  const isWhole = text.endsWith('\n') && extensions.pop() === '' && extensions.every((line) => line !== '')
  if (!isWhole || origin === '' || !/^(0|[1-9]\d{0,15})$/.test(size) || root?.length !== HASH_BYTES) return null
  return Number.isSafeInteger(Number(size)) ? { origin, size: Number(size), root } : null
}

/** The checkpoint signed by a log's key. */
export function signCheckpoint(checkpoint: Checkpoint, key: SigningKey): Note {
  return signNote(checkpointText(checkpoint), key)
}

const TIME_BYTES = 8

/** A witness's cosignature/v1 of a checkpoint it found consistent, https://c2sp.org/tlog-cosignature. `time`: seconds since 1970. */
export function cosign(text: string, key: SigningKey, time: number): NoteSignature {
  const stamp = Buffer.alloc(TIME_BYTES)
  stamp.writeBigUInt64BE(BigInt(time))
  const bytes = Buffer.concat([stamp, key.sign(cosignedMessage(text, BigInt(time)))])
  return { name: key.name, keyId: noteKeyId(key, COSIGNATURE_TYPE), bytes }
}

/** When `key` cosigned the checkpoint, in seconds since 1970; null when it did not, or a signature of its does not verify. */
export function cosignedAt({ text, signatures }: Note, key: PublicKey): number | null {
  const keyId = noteKeyId(key, COSIGNATURE_TYPE)
  const own = signatures.filter((signature) => signature.name === key.name && signature.keyId === keyId)
  const times = own.map(({ bytes }) => {
    if (bytes.length <= TIME_BYTES) return null
    const time = Buffer.from(bytes).readBigUInt64BE()
    const isGood = verifyWith(key, cosignedMessage(text, time), bytes.subarray(TIME_BYTES))
    return isGood && time <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(time) : null
  })
  return times.includes(null) ? null : (times[0] ?? null)
}

function cosignedMessage(text: string, time: bigint): Uint8Array {
  return Buffer.from(`cosignature/v1\ntime ${time}\n${text}`)
}
