import { useState } from 'react'
import type { z } from 'zod'
import type { recordAnswer } from '../../src/contract/api-work.ts'
import type { RecordEvent } from '../../src/contract/record-events.ts'
import { visible } from '../../src/report/escape.ts'
import { useText } from '../language.tsx'
import { shortId } from '../parts/format.ts'
import { queries, send } from '../server.ts'
import { Done, Entered } from './entered.tsx'
import { ASKED, EVENTS_OF_MODEL, EVENTS_OF_SITE, type FieldName } from './event-fields.ts'
import { Field, Form, linesIn, textIn } from './form.tsx'
import { RecordField } from './record-field.tsx'

type Answer = z.infer<typeof recordAnswer>

/** What happened to a model, or to one of those at a site, as a signed statement. */
export default function RecordForm({
  models,
  site = null,
}: {
  models: readonly { id: string; name: string }[]
  /** Where the page is about one site. */
  site?: string | null
}) {
  const t = useText()
  const [event, setEvent] = useState<RecordEvent>(site === null ? 'received' : 'deployed')
  const [answer, setAnswer] = useState<Answer | null>(null)
  if (answer !== null)
    return (
      <Done action={t('web.form.again')} again={() => setAnswer(null)}>
        <Entered statements={answer.statements} />
        {event === 'handed-over' ? <Offer envelopes={answer.envelopes} /> : null}
      </Done>
    )
  const { needed, also } = ASKED[event]
  const shown = [...needed, ...also].filter((name) => name !== 'site' || site === null)
  const enter = async (given: FormData) => {
    const body = { event, model: given.get('model'), ...bodyFrom(given, [...needed, ...also], site) }
    setAnswer(await send<Answer>('records', body))
    void queries.invalidateQueries()
  }
  return (
    <Form title={t('web.record.title')} intro={t('web.record.intro')} action={t('web.record.send')} send={enter}>
      <Field name="model" label={t('web.record.model')} required>
        {(control) => (
          <select {...control}>
            {models.map(({ id, name }) => (
              <option key={id} value={id}>
                {visible(name || shortId(id))}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field name="event" label={t('web.record.event')} required>
        {(control) => (
          <select {...control} value={event} onChange={({ target }) => setEvent(target.value as RecordEvent)}>
            {(site === null ? EVENTS_OF_MODEL : EVENTS_OF_SITE).map((one) => (
              <option key={one} value={one}>
                {t(`web.record.events.${one}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      {shown.map((name) => (
        <RecordField key={`${event} ${name}`} name={name} required={needed.includes(name)} />
      ))}
    </Form>
  )
}

function bodyFrom(given: FormData, fields: readonly FieldName[], site: string | null): Record<string, unknown> {
  const body: Record<string, unknown> = {}
  for (const name of fields) {
    if (name === 'metrics') body['metrics'] = linesIn(given, name)
    else if (name === 'site' && site !== null) body['site'] = site
    else if (name === 'value') body['claims'] = [`${textIn(given, 'subject')}=${textIn(given, 'value')}`]
    else if (name !== 'subject') body[name] = textIn(given, name)
  }
  return body
}

/** For whoever receives the model: a signature of theirs confirms the hand-over. */
function Offer({ envelopes }: Pick<Answer, 'envelopes'>) {
  const t = useText()
  const address = `data:application/json;charset=utf-8,${encodeURIComponent(`${envelopes.join('\n')}\n`)}`
  return (
    <p>
      <a href={address} download="offer.json">
        {t('web.record.offer')}
      </a>
    </p>
  )
}
