import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { sha256 } from './merkle.ts'

/** Another algorithm is another entry of `ALGORITHMS`; what is signed does not depend on it. */
export type Algorithm = 'ed25519'

export interface PublicKey {
  /** As in signed notes: no spaces, no plus. */
  name: string
  algorithm: Algorithm
  /** As the algorithm's own document encodes it: 32 bytes (RFC 8032). */
  bytes: Uint8Array
}

export interface SigningKey extends PublicKey {
  sign(message: Uint8Array): Uint8Array
}

interface SignatureScheme {
  /** The type byte of signed notes, https://c2sp.org/signed-note. */
  noteType: number
  publicBytes: number
  signatureBytes: number
  generate(): { bytes: Uint8Array; seed: Uint8Array }
  signer(seed: Uint8Array): { bytes: Uint8Array; sign(message: Uint8Array): Uint8Array }
  verify(message: Uint8Array, signature: Uint8Array, bytes: Uint8Array): boolean
}

/** DER in front of the 32 bytes of an Ed25519 key (RFC 8410): PKCS #8 of a private one, SPKI of a public one. */
const ED25519_PRIVATE = Buffer.from('302e020100300506032b657004220420', 'hex')
const ED25519_PUBLIC = Buffer.from('302a300506032b6570032100', 'hex')

export const ALGORITHMS: Record<Algorithm, SignatureScheme> = {
  ed25519: {
    noteType: 1,
    publicBytes: 32,
    signatureBytes: 64,
    generate() {
      const { publicKey, privateKey } = generateKeyPairSync('ed25519')
      const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(ED25519_PRIVATE.length)
      return { bytes: rawPublic(publicKey), seed }
    },
    signer(seed) {
      const key = createPrivateKey({ key: Buffer.concat([ED25519_PRIVATE, seed]), format: 'der', type: 'pkcs8' })
      return { bytes: rawPublic(createPublicKey(key)), sign: (message) => sign(null, message, key) }
    },
    verify: (message, signature, bytes) => {
      const key = publicKeyObject(bytes)
      return key !== null && verify(null, message, key, signature)
    },
  },
}

function rawPublic(key: KeyObject): Uint8Array {
  return key.export({ format: 'der', type: 'spki' }).subarray(ED25519_PUBLIC.length)
}

/** Decoding a key takes as long as checking with it, and an estate has few. */
const decoded = new Map<string, KeyObject | null>()
const MAX_DECODED = 1_000

function publicKeyObject(bytes: Uint8Array): KeyObject | null {
  const name = Buffer.from(bytes).toString('hex')
  const known = decoded.get(name)
  if (known !== undefined) return known
  let key: KeyObject | null = null
  try {
    key = createPublicKey({ key: Buffer.concat([ED25519_PUBLIC, bytes]), format: 'der', type: 'spki' })
  } catch {
    // not a key at all: nothing verifies with it
  }
  if (decoded.size >= MAX_DECODED) decoded.clear()
  decoded.set(name, key)
  return key
}

/** A key pair made now. The seed is the secret. */
export function generateKey(): { bytes: Uint8Array; seed: Uint8Array } {
  return ALGORITHMS.ed25519.generate()
}

/** What signs with a seed, under a name. */
export function signingKey(name: string, seed: Uint8Array, algorithm: Algorithm = 'ed25519'): SigningKey {
  return { name, algorithm, ...ALGORITHMS[algorithm].signer(seed) }
}

export function verifyWith(key: PublicKey, message: Uint8Array, signature: Uint8Array): boolean {
  const scheme = ALGORITHMS[key.algorithm]
  return signature.length === scheme.signatureBytes && scheme.verify(message, signature, key.bytes)
}

/** By which envelopes name a key: hexadecimal SHA-256 of its bytes. */
export function keyIdOf({ bytes }: PublicKey): string {
  return Buffer.from(sha256(bytes)).toString('hex')
}

/** Whether signed notes take this as a key's name: not empty, no space of any alphabet, no plus, nothing that does not show. */
export function isKeyName(name: string): boolean {
  return /^[^\p{White_Space}\p{C}+]+$/u.test(name)
}
