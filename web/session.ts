import type { ApiRole, Session } from '../src/contract/api.ts'
import { useAnswer } from './server.ts'

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

/** Whether somebody signed in; reading may be free. The owner's token has no name, and is a steward's. */
export function hasSignedIn({ role, name }: Session): boolean {
  return name !== null || (role !== null && role !== 'reader')
}
