import { type ReactNode, useEffect, useRef } from 'react'
import { useText } from '../language.tsx'
import { StatementLink } from '../parts/links.tsx'

/** What was done, where it can be seen, and the way to do it again. Takes the focus, so that it is read out. */
export function Done({ children, again, action }: { children: ReactNode; again(): void; action: string }) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => place.current?.focus(), [])
  return (
    <div className="card form done" role="status" tabIndex={-1} ref={place}>
      {children}
      <p>
        <button type="button" onClick={again}>
          {action}
        </button>
      </p>
    </div>
  )
}

/** The statements that were acknowledged; the page of each verifies its proof. */
export function Entered({ statements }: { statements: readonly number[] }) {
  const t = useText()
  return (
    <p>
      {t('web.form.entered', { count: statements.length })}{' '}
      {statements.map((number) => (
        <span key={number}>
          <StatementLink number={number} />{' '}
        </span>
      ))}
      <span className="soft small">{t('web.form.proof')}</span>
    </p>
  )
}
