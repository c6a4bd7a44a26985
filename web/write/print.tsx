import { useState } from 'react'
import type { z } from 'zod'
import { MAX_PRINT_BYTES } from '../../src/contract/api-limits.ts'
import type { printAnswer } from '../../src/contract/api-work.ts'
import { useText } from '../language.tsx'
import { ModelLink } from '../parts/links.tsx'
import { queries } from '../server.ts'
import { Done } from './entered.tsx'
import { FileField, fileIn, Sending, useSizeFault } from './file-field.tsx'
import { Form } from './form.tsx'
import { sendFile } from './send-file.ts'

type Answer = z.infer<typeof printAnswer>

/** A print made elsewhere: the model is known here from then on. */
export default function PrintForm() {
  const t = useText()
  const [sent, setSent] = useState<number | null>(null)
  const [answer, setAnswer] = useState<Answer | null>(null)
  const sizeFault = useSizeFault(MAX_PRINT_BYTES)
  if (answer !== null)
    return (
      <Done action={t('web.form.anotherFile')} again={() => setAnswer(null)}>
        <p>
          {t('web.upload.print.done')} <ModelLink {...answer} />
        </p>
      </Done>
    )
  const take = async (given: FormData) => {
    const file = fileIn(given)!
    try {
      setAnswer(await sendFile<Answer>('prints', { name: file.name }, file, setSent))
      void queries.invalidateQueries()
    } finally {
      setSent(null)
    }
  }
  return (
    <Form
      title={t('web.upload.print.title')}
      intro={t('web.upload.print.intro')}
      action={t('web.upload.send')}
      check={(given) => sizeFault(fileIn(given))}
      send={take}
    >
      <FileField label={t('web.upload.print.file')} accept=".yukueprint" />
      <Sending sent={sent} />
    </Form>
  )
}
