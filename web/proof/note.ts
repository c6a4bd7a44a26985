import { type Bytes, fromBase64, joined, sha256, toHex, utf8 } from './bytes.ts'

/** Type bytes of https://c2sp.org/signed-note: a log's own signature, and a witness's over text and time. */
const LOG = 1
const WITNESS = 4
const TIME_BYTES = 8

/** A log's or a witness's public key, as `yukue key show` prints it. */
export interface NoteKey {
  name: string
  bytes: Bytes
}

export interface SignedNote {
  text: string
  signatures: { name: string; keyId: string; bytes: Bytes }[]
}

/** What a checkpoint says, https://c2sp.org/tlog-checkpoint. */
export interface Head {
  origin: string
  size: number
  root: Bytes
}

/** Null for what is no verifier key. */
export function keyFrom(text: string): NoteKey | null {
  const [, name = '', material = ''] = /^([^+]+)\+[0-9a-f]{8}\+([A-Za-z0-9+/]+=*)$/.exec(text.trim()) ?? []
  const bytes = fromBase64(material)
  return bytes?.length === 33 ? { name, bytes: bytes.slice(1) } : null
}

/** Null for what is no signed note. */
export function noteFrom(note: string): SignedNote | null {
  const end = note.lastIndexOf('\n\n')
  if (end < 0 || !note.endsWith('\n')) return null
  const signatures = note
    .slice(end + 2, -1)
    .split('\n')
    .map((line) => {
      const [, name = '', encoded = ''] = /^— (\S+) (\S+)$/u.exec(line) ?? []
      const bytes = fromBase64(encoded)
      return bytes === null || bytes.length <= 4
        ? null
        : { name, keyId: toHex(bytes.slice(0, 4)), bytes: bytes.slice(4) }
    })
  if (signatures.includes(null)) return null
  return { text: note.slice(0, end + 1), signatures: signatures.filter((signature) => signature !== null) }
}

export function headFrom({ text }: SignedNote): Head | null {
  const [origin = '', size = '', encoded = ''] = text.split('\n')
  const root = fromBase64(encoded)
  return /^(0|[1-9]\d{0,15})$/.test(size) && root?.length === 32 ? { origin, size: Number(size), root } : null
}

export async function isSigned(key: NoteKey, message: Bytes, signature: Bytes): Promise<boolean> {
  const imported = await crypto.subtle.importKey('raw', key.bytes, 'Ed25519', false, ['verify'])
  return await crypto.subtle.verify('Ed25519', imported, signature, message)
}

async function keyId({ name, bytes }: NoteKey, type: number): Promise<string> {
  return toHex((await sha256(joined(utf8(`${name}\n`), Uint8Array.of(type), bytes))).slice(0, 4))
}

async function signaturesOf(note: SignedNote, key: NoteKey, type: number): Promise<Bytes[]> {
  const id = await keyId(key, type)
  return note.signatures.filter((one) => one.name === key.name && one.keyId === id).map(({ bytes }) => bytes)
}

/** Whether the log's key signed the checkpoint; one bad signature under its name spoils it. */
export async function logSigned(note: SignedNote, key: NoteKey): Promise<'good' | 'absent' | 'bad'> {
  const own = await signaturesOf(note, key, LOG)
  if (own.length === 0) return 'absent'
  const results = await Promise.all(own.map((signature) => isSigned(key, utf8(note.text), signature)))
  return results.every(Boolean) ? 'good' : 'bad'
}

/** When a witness cosigned, in seconds since 1970, https://c2sp.org/tlog-cosignature; null when it did not, `bad` when it does not fit. */
export async function witnessedAt(note: SignedNote, key: NoteKey): Promise<number | 'bad' | null> {
  const [own] = await signaturesOf(note, key, WITNESS)
  if (own === undefined) return null
  if (own.length <= TIME_BYTES) return 'bad'
  const time = new DataView(own.buffer, own.byteOffset).getBigUint64(0)
  const message = joined(utf8(`cosignature/v1\ntime ${time}\n`), utf8(note.text))
  return (await isSigned(key, message, own.slice(TIME_BYTES))) ? Number(time) : 'bad'
}
