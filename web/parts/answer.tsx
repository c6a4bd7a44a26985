import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useText } from '../language.tsx'
import { ServerProblem } from '../server.ts'

export function Loading() {
  const t = useText()
  return (
    <p className="soft" role="status">
      {t('web.loading')}
    </p>
  )
}

/** What was asked for once it is there; until then that it is on its way, or why it will not come. */
export function Answer<T>({
  of,
  children,
}: {
  of: Pick<UseQueryResult<T>, 'data' | 'error'>
  children(data: T): ReactNode
}) {
  if (of.data !== undefined) return children(of.data)
  if (of.error !== null) return <Problem error={of.error} />
  return <Loading />
}

export function Problem({ error }: { error: Error }) {
  const t = useText()
  const details = error instanceof ServerProblem ? error.details : null
  return (
    <div className="note fault" role="alert">
      <h3>{details?.title ?? t('web.error.unreachable')}</h3>
      <p>{details?.detail ?? t('web.error.unreachableAdvice')}</p>
      {details?.errors?.map(({ at, message }) => (
        <p key={at}>
          <code>{at}</code>: {message}
        </p>
      ))}
    </div>
  )
}
