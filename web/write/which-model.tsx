import { type KeyboardEvent, useId } from 'react'
import { visible } from '../../src/report/escape.ts'
import { useText } from '../language.tsx'
import { shortId } from '../parts/format.ts'
import { ModelPicker } from '../parts/model-picker.tsx'
import { useFault } from './form.tsx'

export interface Chosen {
  id: string
  name: string
}

/** The model that a form is about, once chosen; the way to choose it before. */
export function WhichModel({ chosen, choose }: { chosen: Chosen | null; choose(model: Chosen | null): void }) {
  const t = useText()
  const id = useId()
  const fault = useFault('model')
  if (chosen !== null)
    return (
      <p className="row">
        <span>{t('web.upload.decisions.modelChosen', { name: visible(chosen.name || shortId(chosen.id)) })}</span>
        <button type="button" className="quiet" onClick={() => choose(null)}>
          {t('web.upload.decisions.otherModel')}
        </button>
      </p>
    )
  return (
    <fieldset className="field" onKeyDown={noSubmit}>
      <ModelPicker
        label={t('web.upload.decisions.model')}
        pick={choose}
        faultId={fault === undefined ? undefined : id}
      />
      <input type="hidden" name="model" />
      {fault === undefined ? null : (
        <span className="wrong small" id={id}>
          {fault}
        </span>
      )}
    </fieldset>
  )
}

/** Enter in the search field looks for a model; it does not send the form. */
function noSubmit(event: KeyboardEvent): void {
  if (event.key === 'Enter' && event.target instanceof HTMLInputElement) event.preventDefault()
}
