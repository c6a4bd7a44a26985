import { createHash, randomBytes } from 'node:crypto'
import { API_ROLES, type ApiRole } from '../../contract/api.ts'
import type { TokenReport } from '../../contract/api-work.ts'
import { CommandError } from '../../contract/command-error.ts'
import type { StoredToken } from '../../store/tokens.ts'
import { validTime } from '../ledger-view.ts'
import { type Signing, withEstate } from '../with-estate.ts'

/** Beyond guessing, so that a plain digest keeps it: nothing is gained by a slow one. */
const TOKEN_BYTES = 32
const ID_BYTES = 6

/** By which a token is known as one where it turns up in a log or a repository. */
const PREFIX = 'yukue_'

export interface NewToken {
  name: string
  role: string | undefined
  /** A day. */
  expires: string | undefined
}

export type ShownToken = TokenReport['tokens'][number]

/** Makes a token: its text is in the answer, and nowhere else from then on. */
export function newToken(
  { name, role = 'reader', expires }: NewToken,
  location: string,
  { now = () => new Date() }: Signing = {},
): Promise<ShownToken & { token: string }> {
  const wanted = API_ROLES.find((each) => each === role)
  if (wanted === undefined)
    throw new CommandError({ code: 'bad-option', option: '--role', value: role, takes: API_ROLES.join(', ') })
  if (!/^[^\p{C}]{1,128}$/u.test(name)) throw new CommandError({ code: 'bad-option', option: 'NAME', value: name })
  const end = expires === undefined ? null : validTime('--expires', expires)
  return withEstate(location, async (estate) => {
    const token = tokenText()
    const stored: StoredToken = {
      id: randomBytes(ID_BYTES).toString('hex'),
      name,
      role: wanted,
      digest: digestOf(token),
      created: now().toISOString(),
      expires: end,
      revoked: null,
      used: null,
    }
    await estate.addToken(stored)
    return { ...shown(stored), token }
  })
}

export function listTokens(location: string): Promise<TokenReport> {
  return withEstate(location, async (estate) => {
    return { schema: 'yukue.tokens/1', tokens: (await estate.tokens()).map(shown) }
  })
}

/** Lets a token in no more. Refuses where none of this id stands. */
export function revokeToken(
  id: string,
  location: string,
  { now = () => new Date() }: Signing = {},
): Promise<TokenReport> {
  return withEstate(location, async (estate) => {
    if (!(await estate.revokeToken(id, now().toISOString())))
      throw new CommandError({ code: 'no-such-token', token: id })
    return { schema: 'yukue.tokens/1', tokens: (await estate.tokens()).map(shown) }
  })
}

function shown({ digest: _, role, ...token }: StoredToken): ShownToken {
  return { ...token, role: roleIn(role) ?? 'reader' }
}

/** A role as it is kept; null for one that this version does not know, which then allows nothing. */
export function roleIn(text: string): ApiRole | null {
  return API_ROLES.find((role) => role === text) ?? null
}

export function tokenText(): string {
  return `${PREFIX}${randomBytes(TOKEN_BYTES).toString('base64url')}`
}

export function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** Whether a token stands at a time; a day ends with its last moment. */
export function stands({ revoked, expires }: StoredToken, now: Date): boolean {
  if (revoked !== null) return false
  return expires === null || now.toISOString() <= (expires.includes('T') ? expires : `${expires}T23:59:59.999Z`)
}
