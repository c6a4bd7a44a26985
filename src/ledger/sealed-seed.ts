import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto'
import type { KeyFile } from '../contract/key-file.ts'

type Secret = KeyFile['secret']

/** 128 MiB and about half a second a guess: what RFC 7914's authors and OWASP advise for files at rest. */
const SCRYPT = { n: 2 ** 17, r: 8, p: 1 }

const KEY_BYTES = 32
const SALT_BYTES = 16
/** What AES-GCM takes without further hashing, NIST SP 800-38D. */
const NONCE_BYTES = 12

/** A seed as it is kept: as it is, or under a passphrase. */
export function seal(seed: Uint8Array, passphrase: string | null): Secret {
  if (passphrase === null) return { kind: 'plain', seed: Buffer.from(seed).toString('base64') }
  const [salt, nonce] = [randomBytes(SALT_BYTES), randomBytes(NONCE_BYTES)]
  const cipher = createCipheriv('aes-256-gcm', derived(passphrase, salt, SCRYPT), nonce)
  const sealed = Buffer.concat([cipher.update(seed), cipher.final()])
  const texts = { salt, nonce, sealed, tag: cipher.getAuthTag() }
  const encoded = Object.entries(texts).map(([name, bytes]) => [name, bytes.toString('base64')])
  return {
    kind: 'scrypt-aes-256-gcm',
    ...SCRYPT,
    ...(Object.fromEntries(encoded) as Record<keyof typeof texts, string>),
  }
}

/** Null where the passphrase is not the one. */
export function unseal(secret: Secret, passphrase: string | null): Uint8Array | null {
  if (secret.kind === 'plain') return Buffer.from(secret.seed, 'base64')
  if (passphrase === null) return null
  const [salt, nonce, sealed, tag] = [secret.salt, secret.nonce, secret.sealed, secret.tag].map((text) =>
    Buffer.from(text, 'base64'),
  ) as [Buffer, Buffer, Buffer, Buffer]
  try {
    const decipher = createDecipheriv('aes-256-gcm', derived(passphrase, salt, secret), nonce)
    decipher.setAuthTag(tag)
    return Buffer.concat([decipher.update(sealed), decipher.final()])
  } catch {
    return null
  }
}

function derived(passphrase: string, salt: Uint8Array, { n, r, p }: typeof SCRYPT): Buffer {
  // scrypt needs 128 · N · r bytes; Node allows 32 MiB unless told otherwise
  return scryptSync(passphrase.normalize('NFKC'), salt, KEY_BYTES, { N: n, r, p, maxmem: 256 * n * r })
}
