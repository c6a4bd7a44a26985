import { useState } from 'react'
import { Link } from 'wouter'
import type { DiffReport } from '../../src/contract/diff.ts'
import type { TraceReport } from '../../src/contract/trace.ts'
import { visible } from '../../src/report/escape.ts'
import { HeatMap } from '../charts/heat.tsx'
import { useText } from '../language.tsx'
import { Answer } from '../parts/answer.tsx'
import { shortId } from '../parts/format.ts'
import { changeAddress } from '../parts/links.tsx'
import { useAnswer } from '../server.ts'

/** How far each part moved from any ancestor; the nearest one unless another is chosen. */
export function ChangeSection({ trace }: { trace: TraceReport }) {
  const t = useText()
  const ancestors = [...trace.ancestors, ...trace.relatives].map(({ model }) => model)
  const [chosen, setChosen] = useState<string | null>(null)
  const ancestor = chosen ?? ancestors[0]?.id ?? null
  return (
    <section id="change" aria-labelledby="change-title">
      <h2 id="change-title">{t('web.model.change')}</h2>
      {ancestor === null ? (
        <p className="empty">{t('web.change.noAncestor')}</p>
      ) : (
        <>
          <div className="filters">
            <label>
              {t('web.change.against')}
              <select value={ancestor} onChange={({ target }) => setChosen(target.value)}>
                {ancestors.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {visible(name || shortId(id))}
                  </option>
                ))}
              </select>
            </label>
            <Link href={changeAddress(ancestor, trace.model.id)}>{t('web.change.whole')}</Link>
          </div>
          <Heat parent={ancestor} child={trace.model.id} />
        </>
      )}
    </section>
  )
}

function Heat({ parent, child }: { parent: string; child: string }) {
  const t = useText()
  return (
    <Answer of={useAnswer<DiffReport>('diff', { parent, child })}>
      {(diff) => (
        <>
          <p>
            {diff.changes.map((change) => t(`change.${change}.name`)).join(t('list.separator'))}
            {diff.changes[0] === undefined ? null : (
              <span className="soft"> — {t(`change.${diff.changes[0]}.meaning`)}</span>
            )}
          </p>
          <HeatMap diff={diff} />
        </>
      )}
    </Answer>
  )
}
