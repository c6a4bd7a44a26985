import { useLanguage } from '../language.tsx'
import { bytes, share } from '../parts/format.ts'
import { Field } from './form.tsx'

/** The file that is sent, under the name `file`. */
export function FileField({
  label,
  accept,
  choose,
}: {
  label: string
  accept: string
  choose?: ((file: File | null) => void) | undefined
}) {
  return (
    <Field name="file" label={label} required>
      {(control) => (
        <input
          {...control}
          type="file"
          accept={accept}
          onChange={({ target }) => choose?.(target.files?.item(0) ?? null)}
        />
      )}
    </Field>
  )
}

export function fileIn(given: FormData): File | null {
  const file = given.get('file')
  return file instanceof File && file.name !== '' ? file : null
}

/** What to say of a file that is larger than taken; nothing of others. */
export function useSizeFault(limit: number): (file: File | null) => { file: string } | Record<string, never> {
  const { t, language } = useLanguage()
  return (file) =>
    file !== null && file.size > limit
      ? { file: t('web.upload.tooLarge', { bytes: bytes(file.size, language), limit: bytes(limit, language) }) }
      : {}
}

/** How much of it has gone. Screen readers are told by the element itself, not at every step. */
export function Sending({ sent }: { sent: number | null }) {
  const { t, language } = useLanguage()
  if (sent === null) return null
  const text = t('web.upload.sending', { share: share(sent, language, 0) })
  return (
    <p className="small">
      {text}
      <progress value={sent} max={1} aria-label={text} />
    </p>
  )
}
