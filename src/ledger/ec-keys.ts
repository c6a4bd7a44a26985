import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { sha256 } from './merkle.ts'

/** The curves of OpenSSF Model Signing, by their OpenSSL names, each with the hash that goes with its size. */
const HASHES: Record<string, string> = { prime256v1: 'sha256', secp384r1: 'sha384', secp521r1: 'sha512' }

/** A key on one of these curves, as a PEM file holds it. Ed25519, with which logs sign, is not among what the specification takes. */
export interface EcKey {
  key: KeyObject
  hash: string
}

/** Null for what is no unencrypted PEM key on one of the curves. */
export function ecPrivateKey(pem: string): EcKey | null {
  return ecKey(() => createPrivateKey(pem))
}

/** A public key, or the public half of a private one. */
export function ecPublicKey(pem: string): EcKey | null {
  return ecKey(() => createPublicKey(pem))
}

function ecKey(read: () => KeyObject): EcKey | null {
  try {
    const key = read()
    const hash = HASHES[key.asymmetricKeyDetails?.namedCurve ?? '']
    return hash === undefined ? null : { key, hash }
  } catch {
    return null
  }
}

/** A new P-256 key pair as two PEM texts: PKCS #8 and SPKI. */
export function newEcKey(): { privatePem: string; publicPem: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  return { privatePem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(), publicPem: pemOf(publicKey) }
}

export function ecSign({ key, hash }: EcKey, message: Uint8Array): Uint8Array {
  return sign(hash, message, key)
}

export function ecVerify({ key, hash }: EcKey, message: Uint8Array, signature: Uint8Array): boolean {
  return verify(hash, message, key, signature)
}

/** By which bundles name a key: hexadecimal SHA-256 over the PEM text of its public half. */
export function ecKeyHint({ key }: EcKey): string {
  return Buffer.from(sha256(pemOf(key.type === 'private' ? createPublicKey(key) : key))).toString('hex')
}

function pemOf(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'spki' }).toString()
}
