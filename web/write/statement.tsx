import { useState } from 'react'
import { MAX_JSON_BYTES } from '../../src/contract/api-limits.ts'
import type { StatementAnswer } from '../../src/contract/api-work.ts'
import { useText } from '../language.tsx'
import { queries, send } from '../server.ts'
import { Done, Entered } from './entered.tsx'
import { envelopesIn } from './envelopes.ts'
import { FileField, fileIn, useSizeFault } from './file-field.tsx'
import { type Faults, Form } from './form.tsx'

/** Statements that others signed: each goes to the server by itself, in the order of the file. */
export default function StatementForm() {
  const t = useText()
  const [statements, setStatements] = useState<number[]>([])
  const [isDone, setDone] = useState(false)
  const sizeFault = useSizeFault(MAX_JSON_BYTES)
  const [notJson, setNotJson] = useState(false)
  if (isDone)
    return (
      <Done
        action={t('web.form.anotherFile')}
        again={() => {
          setStatements([])
          setDone(false)
        }}
      >
        <Entered statements={statements} />
      </Done>
    )
  const enter = async (given: FormData) => {
    const envelopes = envelopesIn(await fileIn(given)!.text())
    setNotJson(envelopes === null)
    if (envelopes === null) return
    const entered: number[] = []
    for (const envelope of envelopes) {
      entered.push((await send<StatementAnswer>('statements', envelope)).number)
      setStatements([...entered])
    }
    void queries.invalidateQueries()
    setDone(true)
  }
  const check = (given: FormData): Faults => {
    setStatements([])
    setNotJson(false)
    return sizeFault(fileIn(given))
  }
  return (
    <Form
      title={t('web.upload.statement.title')}
      intro={t('web.upload.statement.intro')}
      action={t('web.upload.send')}
      check={check}
      send={enter}
    >
      <FileField label={t('web.upload.statement.file')} accept=".json,.jsonl,.dsse" />
      {notJson ? (
        <p className="wrong" role="alert">
          {t('web.upload.statement.notJson')}
        </p>
      ) : null}
      {statements.length > 0 ? <p>{t('web.upload.statement.some', { count: statements.length })}</p> : null}
    </Form>
  )
}
