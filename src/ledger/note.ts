import { ALGORITHMS, type Algorithm, isKeyName, type PublicKey, type SigningKey, verifyWith } from './keys.ts'
import { sha256 } from './merkle.ts'

/** A note as https://c2sp.org/signed-note has it: text and the signatures under it. */
export interface Note {
  /** Ends with a line feed. */
  text: string
  signatures: NoteSignature[]
}

export interface NoteSignature {
  name: string
  /** Eight hexadecimal digits. */
  keyId: string
  bytes: Uint8Array
}

/** The type byte of timestamped cosignatures of witnesses, https://c2sp.org/tlog-cosignature. */
export const COSIGNATURE_TYPE = 4

/** More signatures than any real log has; the specification asks for 16 at least. */
const MAX_SIGNATURES = 64
const MAX_NOTE_CHARACTERS = 100_000
const KEY_ID_BYTES = 4

/** SHA-256(name || LF || type || public key)[:4], in hexadecimal. */
export function noteKeyId({ name, bytes, algorithm }: PublicKey, type = ALGORITHMS[algorithm].noteType): string {
  const hashed = sha256(Buffer.concat([Buffer.from(`${name}\n`), Uint8Array.of(type), bytes]))
  return Buffer.from(hashed.subarray(0, KEY_ID_BYTES)).toString('hex')
}

/** `name+key id+base64(type || public key)`, as logs and witnesses hand out their keys. */
export function encodeVerifierKey(key: PublicKey, type = ALGORITHMS[key.algorithm].noteType): string {
  const material = Buffer.concat([Uint8Array.of(type), key.bytes]).toString('base64')
  return `${key.name}+${noteKeyId(key, type)}+${material}`
}

/** Null for what is no verifier key, of an unknown type, or with an id that is not its own. */
export function decodeVerifierKey(text: string): { key: PublicKey; type: number } | null {
  const [, name = '', keyId = '', material = ''] =
    /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(text.trim()) ?? []
  const decoded = decodeBase64(material)
  if (!isKeyName(name) || decoded === null || decoded.length === 0) return null
  const [type = 0] = decoded
  const algorithm = algorithmOf(type)
  if (algorithm === null || decoded.length !== 1 + ALGORITHMS[algorithm].publicBytes) return null
  const key = { name, algorithm, bytes: decoded.subarray(1) }
  return noteKeyId(key, type) === keyId ? { key, type } : null
}

function algorithmOf(type: number): Algorithm | null {
  return type === ALGORITHMS.ed25519.noteType || type === COSIGNATURE_TYPE ? 'ed25519' : null
}

/** The note as text, with one more signature. */
export function signNote(text: string, key: SigningKey): Note {
  return { text, signatures: [{ name: key.name, keyId: noteKeyId(key), bytes: key.sign(Buffer.from(text)) }] }
}

export function encodeNote({ text, signatures }: Note): string {
  const lines = signatures.map(({ name, keyId, bytes }) => {
    return `— ${name} ${Buffer.concat([Buffer.from(keyId, 'hex'), bytes]).toString('base64')}\n`
  })
  return `${text}\n${lines.join('')}`
}

/** Null for what is no signed note. The text is split from the signatures at the last empty line. */
export function decodeNote(note: string): Note | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the specification forbids them
  if (note.length > MAX_NOTE_CHARACTERS || /\p{Surrogate}/u.test(note) || /[\u0000-\u0009\u000b-\u001f]/.test(note))
    return null
  const end = note.lastIndexOf('\n\n')
  if (end < 0 || !note.endsWith('\n')) return null
  const lines = note.slice(end + 2, -1).split('\n')
  const signatures = lines.length > MAX_SIGNATURES ? [null] : lines.map(signatureFrom)
  if (signatures.includes(null)) return null
  return { text: note.slice(0, end + 1), signatures: signatures.filter((signature) => signature !== null) }
}

function signatureFrom(line: string): NoteSignature | null {
  const [, name = '', encoded = ''] = /^— (\S+) (\S+)$/u.exec(line) ?? []
  const bytes = decodeBase64(encoded)
  if (!isKeyName(name) || bytes === null || bytes.length <= KEY_ID_BYTES) return null
  return { name, keyId: bytes.subarray(0, KEY_ID_BYTES).toString('hex'), bytes: bytes.subarray(KEY_ID_BYTES) }
}

/** The signature of `key` under a note: its bytes when they verify, `absent`, or `bad`. One bad signature spoils the note. */
export function signatureOf(note: Note, key: PublicKey): 'good' | 'absent' | 'bad' {
  const own = note.signatures.filter(({ name, keyId }) => name === key.name && keyId === noteKeyId(key))
  if (own.length === 0) return 'absent'
  return own.every(({ bytes }) => verifyWith(key, Buffer.from(note.text), bytes)) ? 'good' : 'bad'
}

/** Strict: only what encoding the result gives again. */
export function decodeBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : null
}
