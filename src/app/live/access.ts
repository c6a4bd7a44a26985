import { randomBytes, timingSafeEqual } from 'node:crypto'
import { API_ROLES, type ApiRole } from '../../contract/api.ts'
import type { Estate } from '../../store/estate.ts'
import type { StoredToken } from '../../store/tokens.ts'
import { digestOf, roleIn, stands, tokenText } from './tokens.ts'

/** Who asks. `id`: by which requests are counted. */
export interface Caller {
  id: string
  /** Null for whoever needs no token. */
  name: string | null
  role: ApiRole
}

/** Who is let in, and what they may do. */
export interface Access {
  /** In memory only: whoever started the server signs in with it. */
  readonly ownToken: string
  /** Whoever has this token; null where it does not stand. */
  withToken(token: string): Promise<Caller | null>
  /** The same of a browser's session. */
  inSession(session: string): Promise<Caller | null>
  /** Whether reading takes a token. */
  needsToken(): Promise<boolean>
  /** A new session for whoever has a token, for its cookie; null where the token does not stand. */
  signIn(token: string): Promise<{ session: string; caller: Caller } | null>
  signOut(session: string): void
  /** Writes down which tokens were used. */
  close(): Promise<void>
}

/** A working day; then the token is asked for again. */
export const SESSION_MS = 12 * 60 * 60 * 1_000

/** The oldest goes when there are more: nobody has so many browsers. */
const MAX_SESSIONS = 10_000
const SESSION_BYTES = 32

/** Whoever started the server, by a token that only they were shown. */
const OWNER: Caller = { id: 'owner', name: null, role: 'steward' }

/**
 * `isOpen`: the server is for this machine only, and reading is free as long as nobody has made a token: who makes one wants to know who
 * reads.
 */
export function accessTo(estate: Estate, { isOpen, now }: { isOpen: boolean; now: () => Date }): Access {
  const ownToken = tokenText()
  const ownDigest = Buffer.from(digestOf(ownToken))
  const sessions = new Map<string, { digest: string; until: number }>()

  const notes = notesOfUse(estate)
  const noteUse = ({ id, used }: StoredToken) => {
    const day = now().toISOString().slice(0, 'YYYY-MM-DD'.length)
    if (used !== day) notes.add(id, day)
  }
  const tokens = tokensOf(estate)
  const byDigest = async (digest: string): Promise<Caller | null> => {
    if (timingSafeEqual(Buffer.from(digest), ownDigest)) return OWNER
    const stored = (await tokens()).get(digest)
    if (stored === undefined || !stands(stored, now())) return null
    const role = roleIn(stored.role)
    if (role === null) return null
    noteUse(stored)
    return { id: stored.id, name: stored.name, role }
  }
  return {
    ownToken,
    withToken: (token) => byDigest(digestOf(token)),
    async inSession(session) {
      const known = sessions.get(digestOf(session))
      if (known === undefined || known.until < now().getTime()) return null
      // a revoked token ends its sessions too
      return byDigest(known.digest)
    },
    async needsToken() {
      return !isOpen || [...(await tokens()).values()].some((token) => stands(token, now()))
    },
    async signIn(token) {
      const caller = await byDigest(digestOf(token))
      if (caller === null) return null
      const session = randomBytes(SESSION_BYTES).toString('base64url')
      if (sessions.size >= MAX_SESSIONS) sessions.delete(sessions.keys().next().value!)
      sessions.set(digestOf(session), { digest: digestOf(token), until: now().getTime() + SESSION_MS })
      return { session, caller }
    },
    signOut(session) {
      sessions.delete(digestOf(session))
    },
    close: notes.close,
  }
}

/**
 * All tokens by their digests, read again after every write of anyone: one that was revoked in another process is let in no more. Found by their digests:
 * what that takes tells nothing of a token, whose digest nobody can steer.
 */
function tokensOf(estate: Estate): () => Promise<ReadonlyMap<string, StoredToken>> {
  let made: { of: string; tokens: Promise<ReadonlyMap<string, StoredToken>> } | null = null
  return async () => {
    const version = await estate.version()
    if (made?.of === version) return made.tokens
    const tokens = estate.tokens().then((all) => new Map(all.map((token) => [token.digest, token])))
    const renewed = { of: version, tokens }
    made = renewed
    tokens.catch(() => {
      if (made === renewed) made = null
    })
    return tokens
  }
}

/** Those who come within this time are written down together. */
const NOTE_MS = 500

/** Days are enough to see which tokens nobody needs; a write for each request would be too many, and none need wait for it. */
function notesOfUse(estate: Estate): { add(id: string, day: string): void; close(): Promise<void> } {
  const noted = new Map<string, string>()
  let waiting: string[] = []
  let timer: NodeJS.Timeout | undefined
  const write = async (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    const days = new Map(waiting.map((id) => [id, noted.get(id)!]))
    waiting = []
    if (days.size === 0) return
    await estate.noteTokens(days).catch(() => {
      for (const id of days.keys()) noted.delete(id)
    })
  }
  return {
    add(id, day) {
      if (noted.get(id) === day) return
      noted.set(id, day)
      waiting.push(id)
      timer ??= setTimeout(() => void write(), NOTE_MS).unref()
    },
    close: write,
  }
}

/** Whether a role may do what takes another. */
export function mayDo(role: ApiRole, needed: ApiRole): boolean {
  return API_ROLES.indexOf(role) >= API_ROLES.indexOf(needed)
}
