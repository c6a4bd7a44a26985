import { createContext, type FormEvent, type ReactNode, use, useEffect, useId, useRef, useState } from 'react'
import { useText } from '../language.tsx'
import { Problem } from '../parts/answer.tsx'
import { queries, ServerProblem } from '../server.ts'

/** What is wrong, by the name of the field. */
export type Faults = Readonly<Record<string, string>>

const Context = createContext<Faults>({})

interface Standing {
  busy: boolean
  faults: Faults
  /** What no field is to blame for. */
  problem: Error | null
}

const FRESH: Standing = { busy: false, faults: {}, problem: null }

/**
 * A form that checks what it can, sends, and shows what the server refuses beside the field that it names. The browser's own messages are
 * in its language, not in the page's, so they are not used.
 */
export function Form({
  title,
  intro,
  check = () => ({}),
  send,
  action,
  children,
}: {
  title: string
  intro: string
  check?(given: FormData): Faults
  send(given: FormData): Promise<void>
  /** What the button says. */
  action: string
  children: ReactNode
}) {
  const t = useText()
  const id = useId()
  const form = useRef<HTMLFormElement>(null)
  const [{ busy, faults, problem }, setStanding] = useState(FRESH)
  const count = Object.keys(faults).length
  useEffect(() => {
    if (Object.keys(faults).length > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [faults])
  useEffect(() => form.current?.querySelector<HTMLElement>('h3')?.focus(), [])
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    const found = { ...missingIn(event.currentTarget, t('web.form.needed')), ...check(given) }
    if (Object.keys(found).length > 0) return setStanding({ busy: false, faults: found, problem: null })
    setStanding({ ...FRESH, busy: true })
    try {
      await send(given)
      setStanding(FRESH)
    } catch (error) {
      setStanding(refused(error as Error, form.current))
    }
  }
  return (
    <form className="card form" ref={form} onSubmit={(event) => void submit(event)} noValidate aria-labelledby={id}>
      <h3 id={id} tabIndex={-1}>
        {title}
      </h3>
      <p className="soft small">{intro}</p>
      <Context value={faults}>{children}</Context>
      {count === 0 ? null : (
        <p className="wrong" role="alert">
          {t('web.form.look', { count })}
        </p>
      )}
      {problem === null ? null : <Refused problem={problem} />}
      <p className="row">
        <button type="submit" className="primary" disabled={busy}>
          {busy ? t('web.form.sending') : action}
        </button>
      </p>
    </form>
  )
}

/** Required fields that are empty. */
function missingIn(form: HTMLFormElement, message: string): Faults {
  const empty = [...form.querySelectorAll<HTMLInputElement>('[required]')].filter(({ value }) => value.trim() === '')
  return Object.fromEntries(empty.map(({ name }) => [name, message]))
}

/** Faults of fields that the form has go there; all else stands below. */
function refused(error: Error, form: HTMLFormElement | null): Standing {
  if (error instanceof ServerProblem && error.status === 401) void queries.invalidateQueries()
  const errors = error instanceof ServerProblem ? (error.details?.errors ?? []) : []
  const named = errors.map(({ at, message }) => [at.split('.')[0] ?? '', message] as const)
  const hasField = ([name]: readonly [string, string]) => form?.elements.namedItem(name) != null
  const isToldThere = named.length > 0 && named.every(hasField)
  return { busy: false, faults: Object.fromEntries(named.filter(hasField)), problem: isToldThere ? null : error }
}

function Refused({ problem }: { problem: Error }) {
  const t = useText()
  if (problem instanceof ServerProblem && problem.status === 401)
    return (
      <p className="note fault" role="alert">
        {t('web.form.unsigned')}
      </p>
    )
  return <Problem error={problem} />
}

/** What is wrong with a field that is none of the usual controls. */
export function useFault(name: string): string | undefined {
  return use(Context)[name]
}

/** What a field's control is to be given. */
export interface Control {
  id: string
  name: string
  required: boolean
  'aria-invalid': boolean
  'aria-describedby': string | undefined
}

/** A label, a hint, the fault, and between them the control. */
export function Field({
  name,
  label,
  hint,
  required = false,
  isOptional = !required,
  children,
}: {
  name: string
  label: string
  hint?: string | undefined
  required?: boolean
  /** Whether it may always be left out; others may where another field says enough. */
  isOptional?: boolean
  children(control: Control): ReactNode
}) {
  const t = useText()
  const id = useId()
  const fault = use(Context)[name]
  const describedBy = [hint === undefined ? '' : `${id}-hint`, fault === undefined ? '' : `${id}-fault`]
    .join(' ')
    .trim()
  return (
    <div className="field">
      <label htmlFor={id}>
        {label} {isOptional ? <span className="soft">{t('web.form.optional')}</span> : null}
      </label>
      {children({
        id,
        name,
        required,
        'aria-invalid': fault !== undefined,
        'aria-describedby': describedBy === '' ? undefined : describedBy,
      })}
      {hint === undefined ? null : (
        <span className="soft small" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {fault === undefined ? null : (
        <span className="wrong small" id={`${id}-fault`}>
          {fault}
        </span>
      )}
    </div>
  )
}

/** A field's text without what stands around it; undefined where it is empty or not there. */
export function textIn(given: FormData, name: string): string | undefined {
  const value = given.get(name)
  const text = typeof value === 'string' ? value.trim() : ''
  return text === '' ? undefined : text
}

/** What stands in the lines of a field, and in fields of the same name. */
export function linesIn(given: FormData, name: string): string[] {
  return given
    .getAll(name)
    .flatMap((value) => (typeof value === 'string' ? value.split('\n') : []))
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
