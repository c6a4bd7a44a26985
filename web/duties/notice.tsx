import { useState } from 'react'
import type { RecallHolder, RecallReport } from '../../src/contract/recall.ts'
import { actorText } from '../../src/report/actor-text.ts'
import { useLanguage } from '../language.tsx'
import { queries, send } from '../server.ts'
import { Done, Entered } from '../write/entered.tsx'
import { Field, Form, textIn, useFault } from '../write/form.tsx'

/** Which holders were told of a model's incidents, when and how. */
export default function NoticeForm({ model, holders }: { model: string; holders: readonly RecallHolder[] }) {
  const { t, language } = useLanguage()
  const [entered, setEntered] = useState<readonly number[] | null>(null)
  if (entered !== null)
    return (
      <Done action={t('web.form.again')} again={() => setEntered(null)}>
        <Entered statements={entered} />
      </Done>
    )
  const enter = async (given: FormData) => {
    const told = { holders: given.getAll('holders'), at: textIn(given, 'at'), note: textIn(given, 'note') }
    const report = await send<RecallReport>('notices', { model, language: given.get('language'), ...told })
    setEntered(report.entered)
    void queries.invalidateQueries()
  }
  const check = (given: FormData) => (given.has('holders') ? {} : { holders: t('web.notice.noneChosen') })
  return (
    <Form
      title={t('web.notice.title')}
      intro={t('web.notice.intro')}
      action={t('web.record.send')}
      check={check}
      send={enter}
    >
      <Holders holders={holders} />
      <Field name="at" label={t('web.record.field.at')} hint={t('web.record.hint.at')}>
        {(control) => <input {...control} type="date" />}
      </Field>
      <Field name="language" label={t('web.notice.language')} required>
        {(control) => (
          <select {...control} defaultValue={language}>
            {(['en', 'ja'] as const).map((one) => (
              <option key={one} value={one}>
                {t(`web.notice.languages.${one}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field name="note" label={t('web.notice.note')} hint={t('web.record.hint.note')}>
        {(control) => <textarea {...control} rows={2} maxLength={8_192} />}
      </Field>
    </Form>
  )
}

function Holders({ holders }: { holders: readonly RecallHolder[] }) {
  const { t } = useLanguage()
  const fault = useFault('holders')
  return (
    <fieldset className="field">
      <legend>{t('web.notice.holders')}</legend>
      {holders.map(({ holder }) => (
        <label key={holder.id} className="check">
          <input type="checkbox" name="holders" value={holder.id} aria-invalid={fault !== undefined} />
          <bdi>{actorText(t, holder)}</bdi>
        </label>
      ))}
      {fault === undefined ? null : <span className="wrong small">{fault}</span>}
    </fieldset>
  )
}
