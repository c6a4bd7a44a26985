import { useEffect, useState } from 'react'
import type { Witnesses as Answered } from '../../src/contract/api-ledger.ts'
import { visible } from '../../src/report/escape.ts'
import { useLanguage } from '../language.tsx'
import { Answer } from '../parts/answer.tsx'
import { moment, whole } from '../parts/format.ts'
import { ActorLink } from '../parts/links.tsx'
import { Table } from '../parts/table.tsx'
import { canVerify, checkWitnesses } from '../proof/check.ts'
import { useAnswer } from '../server.ts'
import { OutcomeTag } from './outcome.tsx'

/** Who has cosigned the log, and up to where; their signatures are checked here. */
export function Witnesses() {
  const { t } = useLanguage()
  return (
    <Answer of={useAnswer<Answered>('witnesses')}>
      {(answered) =>
        answered.items.length === 0 ? (
          <p className="note">{t('web.ledger.noWitness')}</p>
        ) : (
          <Watching answered={answered} />
        )
      }
    </Answer>
  )
}

function Watching({ answered }: { answered: Answered }) {
  const { t, language } = useLanguage()
  const [checked, setChecked] = useState<Map<string, number | 'bad' | null> | 'cannot' | null>(null)
  useEffect(() => {
    let current = true
    const check = async () => ((await canVerify()) ? await checkWitnesses(answered) : 'cannot')
    check().then((found) => current && setChecked(found))
    return () => {
      current = false
    }
  }, [answered])
  const outcomeOf = (key: string) => {
    if (checked === null || checked === 'cannot') return checked
    const time = checked.get(key) ?? null
    if (time === 'bad') return 'bad'
    return time === null ? 'absent' : 'good'
  }
  return (
    <Table
      caption={t('web.ledger.witnessCaption')}
      head={[t('web.ledger.witness'), t('web.ledger.owner'), t('web.ledger.cosigned'), t('web.ledger.signature')]}
      rows={answered.items.map(({ key, name, actor, cosigned, revoked }) => ({
        key,
        cells: [
          visible(name),
          <ActorLink key="actor" actor={actor} />,
          revoked === null
            ? cosigned === null
              ? t('web.ledger.notCosigned')
              : t('web.ledger.cosignedAt', {
                  size: whole(cosigned.size, language),
                  time: moment(cosigned.time, language),
                })
            : t('ledger.revoked', { date: moment(revoked, language) }),
          <OutcomeTag key="outcome" outcome={outcomeOf(key)} />,
        ],
      }))}
    />
  )
}
