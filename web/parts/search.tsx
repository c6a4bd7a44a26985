import { useEffect, useId, useState } from 'react'

/** Long enough for a word to be typed, short enough not to be felt. */
const PAUSE_MS = 150

/** A search field; what it holds counts once the typing pauses. */
export function SearchField({
  label,
  value,
  change,
  faultId,
}: {
  label: string
  value: string
  change(value: string): void
  /** Of what says that something else has to be chosen. */
  faultId?: string | undefined
}) {
  const id = useId()
  const [typed, setTyped] = useState(value)
  useEffect(() => setTyped(value), [value])
  useEffect(() => {
    if (typed === value) return
    const timer = setTimeout(() => change(typed), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [typed, value, change])
  return (
    <label className="wide" htmlFor={id}>
      {label}
      <input
        id={id}
        type="search"
        value={typed}
        aria-invalid={faultId !== undefined}
        aria-describedby={faultId}
        onChange={({ target }) => setTyped(target.value)}
      />
    </label>
  )
}

export function Choice<T extends string>({
  label,
  all,
  value,
  options,
  change,
}: {
  label: string
  /** What stands for no choice. */
  all: string
  value: T | ''
  options: readonly { value: T; text: string }[]
  change(value: T | ''): void
}) {
  const id = useId()
  return (
    <label htmlFor={id}>
      {label}
      <select id={id} value={value} onChange={({ target }) => change(target.value as T | '')}>
        <option value="">{all}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </label>
  )
}
