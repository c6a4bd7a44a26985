import { newEcKey } from '../ledger/ec-keys.ts'

/** A key pair for OpenSSF Model Signing, which does not take the Ed25519 keys of the log. */
export function newSigningKey(): { privatePem: string; publicPem: string } {
  return newEcKey()
}
