import { CommandError } from '../contract/command-error.ts'
import { keyFile } from '../contract/key-file.ts'
import { keyIdOf, type PublicKey } from '../ledger/keys.ts'
import { decodeVerifierKey } from '../ledger/note.ts'
import type { GivenFile } from './receipt.ts'

/** A key as somebody gave it: the line that `yukue key show` prints, or a file with it. Throws `CommandError`. */
export function givenKey({ path, text }: GivenFile): { id: string; key: PublicKey } {
  const decoded = decodeVerifierKey(lineIn(text))
  if (decoded === null) throw new CommandError({ code: 'bad-file', path, what: 'key' })
  return { id: keyIdOf(decoded.key), key: decoded.key }
}

function lineIn(text: string): string {
  if (!text.trimStart().startsWith('{')) return text.trim()
  try {
    return keyFile.pick({ public: true }).parse(JSON.parse(text)).public
  } catch {
    return ''
  }
}
