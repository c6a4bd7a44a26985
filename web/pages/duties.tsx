import { useSearchParams } from 'wouter'
import type { Duties as Answered, OpenRule } from '../../src/contract/api.ts'
import type { Verdict } from '../../src/contract/check.ts'
import { Recall } from '../duties/recall.tsx'
import { useLanguage } from '../language.tsx'
import { Answer } from '../parts/answer.tsx'
import { day } from '../parts/format.ts'
import { FoldedRule, keyOf, OpenRuleCard } from '../parts/open-rule.tsx'
import { Choice } from '../parts/search.tsx'
import { useTitle } from '../parts/title.ts'
import { usePages } from '../server.ts'

const OPEN = ['departs', 'undecided'] as const

/** What is to be done, by whom and until when; why; and who has to be told when a model is recalled. */
export default function Duties() {
  const { t, language } = useLanguage()
  useTitle(t('web.nav.duties'))
  const [parameters, setParameters] = useSearchParams()
  const pages = usePages<Answered>('duties', { limit: 200 })
  const verdict = (parameters.get('verdict') ?? '') as Verdict | ''
  const who = parameters.get('who') ?? ''
  const set = (name: string, value: string) =>
    setParameters((before) => {
      if (value === '') before.delete(name)
      else before.set(name, value)
      return before
    })
  return (
    <>
      <div className="page-head">
        <h1>{t('web.duties.title')}</h1>
        <p className="soft">{t('web.duties.intro')}</p>
      </div>
      <Answer of={{ data: pages.data, error: pages.error }}>
        {({ pages: found }) => {
          const all = found.flatMap(({ items }) => items)
          const asked = [...new Set(all.flatMap((rule) => rule.who ?? []))].sort()
          const shown = all.filter(
            (rule) => (verdict === '' || rule.verdict === verdict) && (who === '' || rule.who === who),
          )
          return (
            <>
              <p className="soft small">{t('web.asOf', { date: day(found[0]?.asOf ?? '', language) })}</p>
              <div className="filters">
                <Choice
                  label={t('web.duties.verdict')}
                  all={t('web.estate.any')}
                  value={verdict}
                  options={OPEN.map((value) => ({ value, text: t(`web.verdict.${value}`) }))}
                  change={(value) => set('verdict', value)}
                />
                <Choice
                  label={t('web.duties.who')}
                  all={t('web.duties.everyone')}
                  value={who}
                  options={asked.map((value) => ({ value, text: value }))}
                  change={(value) => set('who', value)}
                />
              </div>
              <p className="soft small" role="status">
                {t('web.duties.count', { count: shown.length })}
              </p>
              <Groups rules={shown} />
              {pages.hasNextPage ? (
                <button type="button" disabled={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
                  {t('web.more')}
                </button>
              ) : null}
            </>
          )
        }}
      </Answer>
      <Recall />
    </>
  )
}

/** What has a day first, the nearest at the top; then what has none. */
function Groups({ rules }: { rules: readonly OpenRule[] }) {
  const { t } = useLanguage()
  const groups = [
    ['overdue', rules.filter(({ overdue }) => overdue)],
    ['dated', rules.filter(({ by, overdue }) => by !== null && !overdue)],
    ['undated', rules.filter(({ by }) => by === null)],
  ] as const
  if (rules.length === 0) return <p className="empty">{t('web.duties.none')}</p>
  return groups.map(([group, members]) =>
    members.length === 0 ? null : (
      <section key={group} aria-labelledby={group}>
        <h2 id={group}>{t(`web.duties.${group}`)}</h2>
        <div className="stack">
          <Members rules={members} />
        </div>
      </section>
    ),
  )
}

/** More undecided ones than these stand behind their count: they would bury what departs. */
const MOST_OPEN = 12

function Members({ rules }: { rules: readonly OpenRule[] }) {
  const { t } = useLanguage()
  const undecided = rules.filter(({ verdict }) => verdict !== 'departs')
  const folded = undecided.map((rule) => <FoldedRule key={keyOf(rule)} rule={rule} />)
  return (
    <>
      {rules
        .filter(({ verdict }) => verdict === 'departs')
        .map((rule) => (
          <OpenRuleCard key={keyOf(rule)} rule={rule} full />
        ))}
      {undecided.length > MOST_OPEN ? (
        <details>
          <summary>{t('web.verdict.undecidedRules', { count: undecided.length })}</summary>
          <div className="stack">{folded}</div>
        </details>
      ) : (
        folded
      )}
    </>
  )
}
