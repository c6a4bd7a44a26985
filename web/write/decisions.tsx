import { useState } from 'react'
import { LOG_NAME, MAX_LOG_BYTES } from '../../src/contract/api-limits.ts'
import type { Job } from '../../src/contract/api-work.ts'
import { useText } from '../language.tsx'
import { ColumnField, GroupsField, LinesField } from './column-fields.tsx'
import { columnsOf } from './columns.ts'
import { Done } from './entered.tsx'
import { FileField, fileIn, Sending, useSizeFault } from './file-field.tsx'
import { type Faults, Field, Form, linesIn, textIn } from './form.tsx'
import { AuditJob } from './job.tsx'
import { SiteInput } from './record-field.tsx'
import { sendFile } from './send-file.ts'
import { type Chosen, WhichModel } from './which-model.tsx'

const MORE = ['score', 'time', 'subject', 'stratum', 'weight', 'outcome', 'siteColumn', 'modelColumn'] as const

/** A log of decisions goes to the server, is audited there, and becomes a result on record. */
export default function DecisionsForm({ model = null, site = null }: { model?: Chosen | null; site?: string | null }) {
  const t = useText()
  const [chosen, setChosen] = useState(model)
  const [columns, setColumns] = useState<readonly string[]>([])
  const [sent, setSent] = useState<number | null>(null)
  const [job, setJob] = useState<Job | null>(null)
  const sizeFault = useSizeFault(MAX_LOG_BYTES)
  if (job !== null)
    return (
      <Done action={t('web.form.anotherFile')} again={() => setJob(null)}>
        <AuditJob begun={job} />
      </Done>
    )
  const check = (given: FormData): Faults => {
    const file = fileIn(given)
    const hasDecision = textIn(given, 'decision') !== undefined
    const isAsked = hasDecision || textIn(given, 'score') !== undefined
    return {
      ...sizeFault(file),
      ...(file !== null && !LOG_NAME.test(file.name) ? { file: t('web.upload.decisions.format') } : {}),
      ...(isAsked ? {} : { decision: t('web.upload.decisions.needsEither') }),
      ...(hasDecision && linesIn(given, 'favourable').length === 0 ? { favourable: t('web.form.needed') } : {}),
      ...(chosen === null && textIn(given, 'modelColumn') === undefined ? { model: t('web.form.needed') } : {}),
    }
  }
  const audit = async (given: FormData) => {
    const file = fileIn(given)!
    const parameters = {
      name: file.name,
      model: chosen?.id,
      site: textIn(given, 'site'),
      decision: textIn(given, 'decision'),
      favourable: linesIn(given, 'favourable'),
      group: linesIn(given, 'group'),
      positive: linesIn(given, 'positive'),
      ...Object.fromEntries(MORE.map((name) => [name, textIn(given, name)])),
    }
    try {
      setJob(await sendFile<Job>('decisions', parameters, file, setSent))
    } finally {
      setSent(null)
    }
  }
  return (
    <Form
      title={t('web.upload.decisions.title')}
      intro={t('web.upload.decisions.intro')}
      action={t('web.upload.decisions.send')}
      check={check}
      send={audit}
    >
      <FileField
        label={t('web.upload.decisions.file')}
        accept=".csv,.tsv,.jsonl,.ndjson,.json,.parquet"
        choose={(file) => void (file === null ? setColumns([]) : columnsOf(file).then(setColumns))}
      />
      <WhichModel chosen={chosen} choose={setChosen} />
      <Field name="site" label={t('web.upload.decisions.site')}>
        {(control) => <SiteInput control={control} value={site ?? undefined} />}
      </Field>
      <ColumnField name="decision" columns={columns} />
      <LinesField name="favourable" />
      <GroupsField columns={columns} />
      <details>
        <summary>{t('web.upload.decisions.more')}</summary>
        {MORE.map((name) => (
          <ColumnField key={name} name={name} columns={columns} />
        ))}
        <LinesField name="positive" />
      </details>
      <Sending sent={sent} />
    </Form>
  )
}
