import { CommandError } from '../contract/command-error.ts'
import { keyFile } from '../contract/key-file.ts'
import type { KeyReport } from '../contract/record.ts'
import { draft, trustStatement } from '../ledger/journal.ts'
import { keyIdOf } from '../ledger/keys.ts'
import { COSIGNATURE_TYPE, decodeVerifierKey, encodeVerifierKey } from '../ledger/note.ts'
import { keySubject } from '../ledger/statement.ts'
import type { TrustedKey } from '../ledger/trust.ts'
import { keysFolder } from '../store/key-files.ts'
import { actorNamed } from './actors.ts'
import { estateKey, keysIn, makeKey } from './keys.ts'
import { type NameActor, namesFor, validTime, viewOf } from './ledger-view.ts'
import { roleFrom } from './record.ts'
import { type Signing, withEstate } from './with-estate.ts'

export interface NewKeyOptions {
  name: string
  actor?: string | undefined
  role?: string | undefined
  expires?: string | undefined
  /** Under which the new key is kept; none: its file's rights protect it. */
  protect: string | null
}

/** Makes a key in the estate's folder and enters whose it is. */
export function newKey(options: NewKeyOptions, location: string, signing: Signing = {}): Promise<KeyReport> {
  return withEstate(
    location,
    async (estate) => {
      const actor = options.actor === undefined ? null : await actorNamed(estate, options.actor)
      const expires = options.expires === undefined ? null : validTime('--expires', options.expires)
      const now = (signing.now ?? (() => new Date()))()
      const made = { name: options.name, actor, role: roleFrom(options.role), expires, passphrase: options.protect }
      const writer = makeKey(keysFolder(location), made, now)
      // a first key named as the estate's own introduces itself with what it signs first
      if (options.name !== 'estate') {
        const own = estateKey(keysFolder(location), signing.passphrase ?? null, now)
        await estate.enter((time) => [draft(trustStatement({ ...writer, use: 'signer' }, time), own.key)])
      }
      return showKeysIn(estate, location)
    },
    signing,
  )
}

/** The keys that lie here, and those whose owners the estate knows. */
export function showKeys(location: string): Promise<KeyReport> {
  return withEstate(location, (estate) => showKeysIn(estate, location))
}

type OpenEstate = Parameters<Parameters<typeof withEstate>[1]>[0]

export async function showKeysIn(estate: OpenEstate, location: string): Promise<KeyReport> {
  const view = await viewOf(estate, null)
  const named = await namesFor(estate, [], view.trust)
  return {
    schema: 'yukue.keys/1',
    own: keysIn(keysFolder(location)).map(({ file, key, locked }) => {
      return { name: file, key: key.public, locked, expires: key.expires }
    }),
    trusted: [...view.trust.values()].map((key) => shownKey(key, named)),
  }
}

function shownKey({ id, key, actor, role, use, since, expires, revoked }: TrustedKey, named: NameActor) {
  return { id, key: encodeVerifierKey(key), actor: named(actor), role, use, since, expires, revoked }
}

export interface TrustOptions {
  /** `name+id+key`, or the text of a file that holds it. */
  key: string
  /** Where it stands, for messages. */
  path: string
  actor: string
  role?: string | undefined
  use: 'signer' | 'log' | 'witness'
  expires?: string | undefined
}

/** Enters whose key a key is. */
export function trustKey(options: TrustOptions, location: string, signing: Signing = {}): Promise<KeyReport> {
  const decoded = decodeVerifierKey(keyTextIn(options.key))
  if (decoded === null) throw new CommandError({ code: 'bad-file', path: options.path, what: 'key' })
  const use = decoded.type === COSIGNATURE_TYPE ? 'witness' : options.use
  return withEstate(
    location,
    async (estate) => {
      const actor = await actorNamed(estate, options.actor)
      const expires = options.expires === undefined ? null : validTime('--expires', options.expires)
      const trust = { key: decoded.key, noteType: decoded.type, use, actor, role: roleFrom(options.role), expires }
      const own = estateKey(keysFolder(location), signing.passphrase ?? null, (signing.now ?? (() => new Date()))())
      await estate.enter((time) => [draft(trustStatement(trust, time), own.key)])
      return showKeysIn(estate, location)
    },
    signing,
  )
}

/** A line by itself, or the public half of a key's file. */
function keyTextIn(text: string): string {
  if (!text.trimStart().startsWith('{')) return text.trim()
  try {
    const { public: key } = keyFile.pick({ public: true }).parse(JSON.parse(text))
    return key
  } catch {
    return ''
  }
}

/** Enters that a key counts no more from now on, by its id's first digits. */
export function distrustKey(
  prefix: string,
  reason: string | null,
  location: string,
  signing: Signing = {},
): Promise<KeyReport> {
  return withEstate(
    location,
    async (estate) => {
      const view = await viewOf(estate, null)
      const [found, ...others] = [...view.trust.values()].filter(({ id, key }) => {
        return key.name === prefix || (prefix.length >= MIN_DIGITS && id.startsWith(prefix.toLowerCase()))
      })
      if (found === undefined || others.length > 0) throw new CommandError({ code: 'no-such-key', name: prefix })
      const own = estateKey(keysFolder(location), signing.passphrase ?? null, (signing.now ?? (() => new Date()))())
      await estate.enter((recordedAt) => [
        draft(
          {
            kind: 'revoked',
            subject: [keySubject(keyIdOf(found.key))],
            predicate: { recordedAt, keyId: found.id, reason },
          },
          own.key,
        ),
      ])
      return showKeysIn(estate, location)
    },
    signing,
  )
}

const MIN_DIGITS = 4
