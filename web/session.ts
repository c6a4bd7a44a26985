import type { ApiRole, Session } from '../src/contract/api.ts'
import { queries, send, useAnswer } from './server.ts'

/** Each may do what those before it may. */
const ROLES: readonly ApiRole[] = ['reader', 'recorder', 'steward']

export function useSession(): Session | undefined {
  return useAnswer<Session>('session').data
}

/** Whether whoever looks at the page may do what takes a role. The server asks again: this only spares people forms that would be refused. */
export function useMay(role: ApiRole): boolean {
  const own = useSession()?.role ?? null
  return own !== null && ROLES.indexOf(own) >= ROLES.indexOf(role)
}

/** The server answers with a cookie that no script can read; what was asked without it is asked again. */
export async function signIn(token: string): Promise<void> {
  await send('session', { token })
  await queries.invalidateQueries()
}

/**
 * Signs in with the token that the server printed with its address, behind the #. It goes from the address before anything else does. To be
 * awaited before anything is asked: what is on its way without the cookie would be answered without it. A token that does not
 * stand is as none: the page then says how to sign in.
 */
export async function signInByAddress(): Promise<void> {
  const [, token] = /^#token=([\w-]{1,256})$/.exec(location.hash) ?? []
  if (token === undefined) return
  history.replaceState(history.state, '', location.pathname + location.search)
  await signIn(token).catch(() => {})
}

/** Whether somebody signed in; reading may be free. The owner's token has no name, and is a steward's. */
export function hasSignedIn({ role, name }: Session): boolean {
  return name !== null || (role !== null && role !== 'reader')
}
