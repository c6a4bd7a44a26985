import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { newKey } from '../../src/app/key.ts'
import { makePassport } from '../../src/app/passport.ts'
import { record } from '../../src/app/record.ts'
import { keyFile } from '../../src/contract/key-file.ts'
import { locationOf } from './estate.ts'
import { folder } from './folder.ts'
import { scanned } from './scan.ts'
import { weights } from './weights.ts'

export interface Sender {
  root: string
  estate: string
  /** `yukue key show`'s line of the key named `vendor`. */
  key: string
}

/** The public line of a key that lies in an estate's folder. */
export function publicKey(root: string, name: string): string {
  return keyFile.parse(JSON.parse(readFileSync(join(root, '.yukue', 'keys', `${name}.key`), 'utf8'))).public
}

/** A vendor with a model, a key of its own, claims and a hand-over on record. */
export async function vendor(files: Record<string, Uint8Array> = { 'chat.safetensors': weights(1) }): Promise<Sender> {
  const root = folder(files)
  const estate = await locationOf(join(root, '.yukue'))
  await scanned([root], { estate })
  await newKey({ name: 'vendor', actor: 'Vendor Ltd', role: 'provider', protect: null }, estate)
  await record({ event: 'claimed', model: 'chat', claims: ['quantisation=none', 'licence=mit'], key: 'vendor' }, estate)
  await record({ event: 'handed-over', model: 'chat', to: 'Bank plc', key: 'vendor' }, estate)
  return { root, estate, key: publicKey(root, 'vendor') }
}

/** The text of the passport of `chat`, sealed by the vendor's key too. */
export async function passportOf(
  { estate }: Sender,
  more: { leaveOut?: string[]; model?: string } = {},
): Promise<string> {
  const { model = 'chat', leaveOut = [] } = more
  return (await makePassport({ model, keys: ['vendor'], leaveOut, prints: true, share: false }, estate)).text
}
