import type { ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import type { Session } from '../../src/contract/api.ts'
import { visible } from '../../src/report/escape.ts'
import { useText } from '../language.tsx'
import { Answer } from '../parts/answer.tsx'
import { queries, send, useAnswer } from '../server.ts'
import { hasSignedIn, useSession } from '../session.ts'
import { SignIn } from './sign-in.tsx'

/** The pages, for whoever may read; otherwise the way to sign in. */
export function SignedIn({ children }: { children: ReactNode }) {
  return (
    <Answer of={useAnswer<Session>('session')}>
      {({ role }) => (role === null ? <SignIn isRequired /> : children)}
    </Answer>
  )
}

/** In which role one is here, and the way in or out. */
export function Standing() {
  const t = useText()
  const session = useSession()
  const [path] = useLocation()
  if (session === undefined || session.role === null) return null
  if (!hasSignedIn(session))
    return path === '/sign-in' ? null : (
      <Link className="enter" href="/sign-in" state={{ from: path }}>
        {t('web.signIn.enter')}
      </Link>
    )
  const role = t(`web.role.${session.role}`)
  const leave = () => send('session', undefined, 'DELETE').then(() => queries.resetQueries())
  return (
    <>
      <span className="standing">
        {session.name === null
          ? t('web.signedIn.as', { role })
          : t('web.signedIn.named', { name: visible(session.name), role })}
      </span>
      <button type="button" className="quiet" onClick={() => void leave()}>
        {t('web.signIn.leave')}
      </button>
    </>
  )
}
