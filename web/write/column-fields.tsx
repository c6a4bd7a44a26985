import { visible } from '../../src/report/escape.ts'
import { useText } from '../language.tsx'
import { Field } from './form.tsx'

type ColumnName =
  | 'decision'
  | 'score'
  | 'time'
  | 'subject'
  | 'stratum'
  | 'weight'
  | 'outcome'
  | 'siteColumn'
  | 'modelColumn'

/** Which column is meant: chosen where the log's columns are known, typed where not. */
export function ColumnField({ name, columns }: { name: ColumnName; columns: readonly string[] }) {
  const t = useText()
  const hint = name === 'score' ? t('web.upload.decisions.scoreHint') : undefined
  return (
    <Field name={name} label={t(`web.upload.decisions.${name}`)} hint={hint} isOptional={name !== 'decision'}>
      {(control) =>
        columns.length === 0 ? (
          <input {...control} type="text" maxLength={512} autoComplete="off" />
        ) : (
          <select {...control} defaultValue="">
            <option value="">{t('web.form.choose')}</option>
            {columns.map((column) => (
              <option key={column} value={column}>
                {visible(column)}
              </option>
            ))}
          </select>
        )
      }
    </Field>
  )
}

/** Values, one a line: they may hold whatever else would part them. */
export function LinesField({ name }: { name: 'favourable' | 'positive' }) {
  const t = useText()
  return (
    <Field
      name={name}
      label={t(`web.upload.decisions.${name}`)}
      hint={t('web.upload.decisions.lines')}
      isOptional={name !== 'favourable'}
    >
      {(control) => <textarea {...control} rows={2} />}
    </Field>
  )
}

/** Any number of columns. */
export function GroupsField({ columns }: { columns: readonly string[] }) {
  const t = useText()
  const [label, hint] = [t('web.upload.decisions.group'), t('web.upload.decisions.groupHint')]
  if (columns.length === 0)
    return (
      <Field name="group" label={label} hint={`${hint} ${t('web.upload.decisions.lines')}`}>
        {(control) => <textarea {...control} rows={2} />}
      </Field>
    )
  return (
    <fieldset className="field">
      <legend>
        {label} <span className="soft small">{t('web.form.optional')}</span>
      </legend>
      <span className="soft small">{hint}</span>
      {columns.map((column) => (
        <label key={column} className="check">
          <input type="checkbox" name="group" value={column} />
          <bdi>{visible(column)}</bdi>
        </label>
      ))}
    </fieldset>
  )
}
