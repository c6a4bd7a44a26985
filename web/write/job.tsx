import { useEffect, useState } from 'react'
import { Link } from 'wouter'
import type { Job } from '../../src/contract/api-work.ts'
import { useText } from '../language.tsx'
import { Problem } from '../parts/answer.tsx'
import { addressOf, queries, ServerProblem } from '../server.ts'
import { Entered } from './entered.tsx'

/** A job as the server tells of it, until it has ended; `isLost`: it tells no more. */
function useJob(begun: Job): { job: Job; isLost: boolean } {
  const [job, setJob] = useState(begun)
  const [isLost, setLost] = useState(false)
  useEffect(() => {
    const events = new EventSource(addressOf(`jobs/${begun.id}/events`))
    events.addEventListener('job', ({ data }) => {
      const told = JSON.parse(data as string) as Job
      setJob(told)
      if (told.finished === null) return
      events.close()
      void queries.invalidateQueries()
    })
    // the browser tries again by itself, unless the server has refused
    events.addEventListener('error', () => setLost(events.readyState === EventSource.CLOSED))
    return () => events.close()
  }, [begun.id])
  return { job, isLost }
}

const PHASES = ['opening', 'counting', 'estimating'] as const

/** How far an audit is, and where its result stands. */
export function AuditJob({ begun }: { begun: Job }) {
  const t = useText()
  const { job, isLost } = useJob(begun)
  const { state, problem, result } = job
  if (state === 'failed' && problem !== null) return <Problem error={new ServerProblem(problem.status, problem)} />
  if (result?.kind === 'audit') {
    const [number] = result.statements
    return (
      <>
        <p>
          {t('web.upload.decisions.done')} <Link href={`/impact/${number}`}>{t('web.upload.decisions.result')}</Link>
        </p>
        <Entered statements={result.statements} />
      </>
    )
  }
  if (isLost) return <p className="note">{t('web.upload.lost')}</p>
  const phase = PHASES.find((one) => one === job.phase)
  const waiting = state === 'queued' ? t('web.upload.decisions.queued') : t('web.upload.decisions.running')
  const text = phase === undefined ? waiting : t(`auditProgress.${phase}`)
  return (
    <p>
      {text}
      <progress aria-label={text} />
    </p>
  )
}
