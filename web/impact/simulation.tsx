import { lazy, Suspense } from 'react'
import type { Simulation } from '../../src/contract/simulation.ts'
import { useText } from '../language.tsx'
import { Loading } from '../parts/answer.tsx'

const Lines = lazy(async () => ({ default: (await import('../charts/chart.tsx')).Lines }))

/** What a model that learns from its own decisions comes to, made up from stated rates: no measurement of this estate. */
export function SimulationView({ report: { urn } }: { report: Simulation }) {
  const t = useText()
  const points = (['plain', 'corrected'] as const).flatMap((rule) =>
    urn[rule].path.map(({ day, share }) => ({ x: day, y: share, series: t(`web.simulation.${rule}`) })),
  )
  return (
    <>
      <p className="note">{t('web.simulation.intro')}</p>
      <Suspense fallback={<Loading />}>
        <Lines
          points={points}
          x={t('web.simulation.day')}
          y={t('web.simulation.share')}
          label={t('web.simulation.urn')}
        />
      </Suspense>
    </>
  )
}
