import type { Actor, Role } from '../contract/actor.ts'
import { CommandError } from '../contract/command-error.ts'
import { type KeyFile, keyFile } from '../contract/key-file.ts'
import type { Writer } from '../ledger/journal.ts'
import { generateKey, isKeyName, signingKey } from '../ledger/keys.ts'
import { encodeVerifierKey } from '../ledger/note.ts'
import { seal, unseal } from '../ledger/sealed-seed.ts'
import { keyNames, readKeyFile, writeKeyFile } from '../store/key-files.ts'

/** The key with which an estate signs what its scans see, and its checkpoints; made when it is first needed. */
export const ESTATE_KEY = 'estate'

export interface NewKey {
  /** Of the file. */
  name: string
  /** Null: a system of the key's own name. */
  actor: Actor | null
  role: Role | null
  expires: string | null
  passphrase: string | null
}

/** Makes a key, readable for its owner only. Refuses where there is one of this name. */
export function makeKey(folder: string, key: NewKey, now: Date): Writer {
  if (!isFileName(key.name)) throw new CommandError({ code: 'bad-option', option: 'NAME', value: key.name })
  const made = keyFileOf(key, now)
  if (!writeKeyFile(folder, key.name, made.text)) throw new CommandError({ code: 'key-exists', name: key.name })
  return made.writer
}

/** The estate's own key: the one there is, or else one made now. */
export function estateKey(folder: string, passphrase: string | null, now: Date): Writer {
  const known = loadKey(folder, ESTATE_KEY, passphrase)
  if (known) return known
  const plain = { name: ESTATE_KEY, actor: null, role: null, expires: null, passphrase: null }
  const made = keyFileOf(plain, now)
  if (writeKeyFile(folder, ESTATE_KEY, made.text)) return made.writer
  // another process made it in the meantime
  return loadKey(folder, ESTATE_KEY, passphrase) ?? made.writer
}

/** A key by its name; null where there is none. Refuses what is no key, and a wrong passphrase. */
export function loadKey(folder: string, name: string, passphrase: string | null): Writer | null {
  const file = isFileName(name) ? readKeyFile(folder, name) : null
  const as = file && JSON.stringify([name, passphrase, file.text])
  const known = as === null ? undefined : opened.get(as)
  if (known !== undefined) return known
  const parsed = keyFileAt(folder, name)
  if (parsed === null) return null
  const seed = unseal(parsed.secret, passphrase)
  if (seed === null) throw new CommandError({ code: 'locked-key', name })
  const key = signingKey(parsed.name, seed, parsed.algorithm)
  if (encodeVerifierKey(key) !== parsed.public) throw new CommandError({ code: 'bad-key-file', path: name })
  const writer = { key, actor: parsed.actor, role: parsed.role, expires: parsed.expires }
  if (opened.size >= MAX_OPENED) opened.clear()
  if (as !== null) opened.set(as, writer)
  return writer
}

/** Keys by what their files say: a server signs with the same one all day, and to open one takes longer than to sign. */
const opened = new Map<string, Writer>()
const MAX_OPENED = 16

/** What the files say of the keys there, without their secrets. */
export function keysIn(folder: string): { file: string; key: Omit<KeyFile, 'secret'>; locked: boolean }[] {
  return keyNames(folder).flatMap((file) => {
    const parsed = keyFileAt(folder, file)
    if (parsed === null) return []
    const { secret, ...key } = parsed
    return [{ file, key, locked: secret.kind !== 'plain' }]
  })
}

function keyFileAt(folder: string, name: string): KeyFile | null {
  if (!isFileName(name)) return null
  const file = readKeyFile(folder, name)
  if (file === null) return null
  try {
    return keyFile.parse(JSON.parse(file.text))
  } catch {
    throw new CommandError({ code: 'bad-key-file', path: file.path })
  }
}

/** Letters, digits and little else: the name becomes part of a path, and of a key's name. */
function isFileName(name: string): boolean {
  return /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u.test(name) && isKeyName(name)
}

/** Digits of the key's own id in its name, so that the keys of two estates have two names. */
const NAME_DIGITS = 12

function keyFileOf({ name, actor, role, expires, passphrase }: NewKey, now: Date): { text: string; writer: Writer } {
  const { bytes, seed } = generateKey()
  const keyName = `${name}/${Buffer.from(bytes).toString('hex').slice(0, NAME_DIGITS)}`
  const key = signingKey(keyName, seed)
  const writer: Writer = { key, actor: actor ?? { kind: 'system', name: keyName }, role, expires }
  const file: KeyFile = {
    schema: 'yukue.key/1',
    name: keyName,
    algorithm: key.algorithm,
    public: encodeVerifierKey(key),
    created: now.toISOString(),
    expires,
    actor: writer.actor,
    role,
    secret: seal(seed, passphrase),
  }
  return { text: `${JSON.stringify(file, null, 1)}\n`, writer }
}
