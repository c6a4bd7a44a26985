import { useId } from 'react'
import type { z } from 'zod'
import type { ActorSummary, actors, sites } from '../../src/contract/api.ts'
import { CLAIM_SUBJECTS } from '../../src/contract/claim-subjects.ts'
import { useText } from '../language.tsx'
import { useAnswer } from '../server.ts'
import type { FieldName } from './event-fields.ts'
import { type Control, Field } from './form.tsx'

const ROLES = ['developer', 'provider', 'deployer'] as const
const SOURCES = ['person', 'card', 'metadata'] as const
const SEVERITIES = ['low', 'medium', 'high'] as const

const HINTED = ['at', 'from', 'to', 'actor', 'site', 'jurisdiction', 'place', 'metrics', 'reference', 'note'] as const

/** As many as a list under a field is of help with. */
const OFFERED = 200

/** One field of a record, with the control that fits it. */
export function RecordField({ name, required }: { name: FieldName; required: boolean }) {
  const t = useText()
  const hinted = HINTED.find((one) => one === name)
  return (
    <Field
      name={name}
      label={t(`web.record.field.${name}`)}
      hint={hinted && t(`web.record.hint.${hinted}`)}
      required={required}
    >
      {(control) => <Fitting name={name} control={control} />}
    </Field>
  )
}

function Fitting({ name, control }: { name: FieldName; control: Control }) {
  const t = useText()
  switch (name) {
    case 'at':
    case 'until':
      return <input {...control} type="date" />
    case 'from':
    case 'to':
    case 'actor':
      return <ActorInput control={control} />
    case 'site':
      return <SiteInput control={control} />
    case 'role':
      return <Select control={control} options={ROLES.map((role) => [role, t(`ledger.role.${role}`)])} />
    case 'source':
      return <Select control={control} options={SOURCES.map((one) => [one, t(`web.record.source.${one}`)])} />
    case 'severity':
      return <Select control={control} options={SEVERITIES.map((one) => [one, t(`severity.${one}`)])} />
    case 'subject':
      return <Select control={control} options={CLAIM_SUBJECTS.map((one) => [one, t(`ledger.claim.${one}`)])} />
    case 'metrics':
    case 'text':
    case 'note':
      return <textarea {...control} rows={name === 'note' ? 2 : 3} maxLength={8_192} />
    default:
      return <input {...control} type="text" maxLength={name === 'jurisdiction' ? 64 : 512} autoComplete="off" />
  }
}

function Select({
  control,
  options,
}: {
  control: Control
  options: readonly (readonly [value: string, text: string])[]
}) {
  const t = useText()
  return (
    <select {...control} defaultValue="">
      <option value="">{t('web.form.choose')}</option>
      {options.map(([value, text]) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </select>
  )
}

/** Whoever is on record already is offered, spelt as they are known. */
function ActorInput({ control }: { control: Control }) {
  const { data } = useAnswer<z.infer<typeof actors>>('actors', { limit: OFFERED })
  return <Offered control={control} offered={data?.items.flatMap(nameOf) ?? []} />
}

/** As a record names one: an organisation without a word before it; nobody whose name is not known. */
function nameOf({ actor: { kind, name } }: ActorSummary): string[] {
  if (name === null) return []
  return [kind === 'organisation' ? name : `${kind}:${name}`]
}

export function SiteInput({ control, value }: { control: Control; value?: string | undefined }) {
  const { data } = useAnswer<z.infer<typeof sites>>('sites', { limit: OFFERED })
  return <Offered control={control} offered={data?.items.map(({ site }) => site) ?? []} value={value} />
}

function Offered({
  control,
  offered,
  value,
}: {
  control: Control
  offered: readonly string[]
  value?: string | undefined
}) {
  const id = useId()
  return (
    <>
      <input {...control} type="text" list={id} maxLength={512} autoComplete="off" defaultValue={value} />
      <datalist id={id}>
        {offered.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
    </>
  )
}
