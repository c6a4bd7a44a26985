import { type FormEvent, type ReactNode, useEffect, useId, useState } from 'react'
import type { Session } from '../../src/contract/api.ts'
import { useText } from '../language.tsx'
import { Answer, Loading, Problem } from '../parts/answer.tsx'
import { queries, send, useAnswer } from '../server.ts'

/** The token that the server printed with its address, behind the #; it goes from the address before anything else does. */
const printed = takeToken()

function takeToken(): string | null {
  const [, token] = /^#token=([\w-]{1,256})$/.exec(location.hash) ?? []
  if (token === undefined) return null
  history.replaceState(history.state, '', location.pathname + location.search)
  return token
}

/** The pages, for whoever may read; otherwise the way to sign in. */
export function SignedIn({ children }: { children: ReactNode }) {
  const [entering, setEntering] = useState(printed !== null)
  useEffect(() => {
    if (printed === null) return
    const done = () => {
      setEntering(false)
      void queries.invalidateQueries()
    }
    send('session', { token: printed }).then(done, done)
  }, [])
  const session = useAnswer<Session>(entering ? null : 'session')
  if (entering) return <Loading />
  return <Answer of={session}>{({ role }) => (role === null ? <SignIn /> : children)}</Answer>
}

function SignIn() {
  const t = useText()
  const id = useId()
  const [problem, setProblem] = useState<Error | null>(null)
  const enter = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const token = new FormData(event.currentTarget).get('token')
    send('session', { token }).then(
      () => queries.invalidateQueries(),
      (error: Error) => setProblem(error),
    )
  }
  return (
    <form className="stack sign-in" onSubmit={enter}>
      <h1>{t('web.signIn.title')}</h1>
      <p>{t('web.signIn.intro')}</p>
      <label htmlFor={id}>{t('web.signIn.token')}</label>
      <input id={id} name="token" type="password" autoComplete="off" required maxLength={256} />
      {problem === null ? null : <Problem error={problem} />}
      <div>
        <button type="submit" className="primary">
          {t('web.signIn.enter')}
        </button>
      </div>
    </form>
  )
}

/** For whoever came in with a token. */
export function SignOut() {
  const t = useText()
  const session = useAnswer<Session>('session')
  if (session.data === undefined || session.data.name === null) return null
  const leave = () => send('session', undefined, 'DELETE').then(() => queries.resetQueries())
  return (
    <button type="button" className="quiet" onClick={() => void leave()}>
      {t('web.signIn.leave')}
    </button>
  )
}
