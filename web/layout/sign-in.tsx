import { type FormEvent, useId, useState } from 'react'
import { navigate } from 'wouter/use-browser-location'
import { useText } from '../language.tsx'
import { Problem } from '../parts/answer.tsx'
import { useTitle } from '../parts/title.ts'
import { signIn } from '../session.ts'

/** Where a token becomes a session: the server answers with a cookie that no script can read, and the token is forgotten here. */
export function SignIn({ isRequired = false }: { isRequired?: boolean }) {
  const t = useText()
  useTitle(t('web.signIn.title'))
  const id = useId()
  const [problem, setProblem] = useState<Error | null>(null)
  const enter = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const token = String(new FormData(event.currentTarget).get('token'))
    signIn(token).then(
      () => isRequired || navigate(cameFrom(), { replace: true }),
      (error: Error) => setProblem(error),
    )
  }
  return (
    <form className="stack sign-in" onSubmit={enter}>
      <h1>{t('web.signIn.title')}</h1>
      <p>{t(isRequired ? 'web.signIn.intro' : 'web.signIn.introFree')}</p>
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

/** The page that the way in was taken from; history of this site only, so nobody is led elsewhere. */
function cameFrom(): string {
  const state: unknown = history.state
  const from = typeof state === 'object' && state !== null && 'from' in state ? state.from : null
  return typeof from === 'string' && /^\/(?!\/)/.test(from) ? from : '/'
}
