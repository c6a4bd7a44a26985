import { literal } from './sql.ts'

/** Spellings of "not known", folded; --unknown sets others. */
const UNKNOWN = ['na', 'n/a', 'nan', 'null', 'unknown', 'not available', 'not stated', '?', '不明', '未回答']

export type IsUnknown = (value: string | null) => boolean

/** An empty value is always unknown. */
export function unknownTest(given: readonly string[] | null): IsUnknown {
  if (given !== null) return (value) => value === null || given.includes(value)
  return (value) => value === null || UNKNOWN.includes(fold(value)) || fold(value) === ''
}

/** The same test in SQL, over the column as text. */
export function knownSql(text: string, given: readonly string[] | null): string {
  const list = (given ?? UNKNOWN).map(literal)
  const value = given === null ? `LOWER(TRIM(${text}))` : text
  const empty = given === null ? ` AND ${value} <> ''` : ''
  return `(${text} IS NOT NULL${empty}${list.length > 0 ? ` AND ${value} NOT IN (${list.join(', ')})` : ''})`
}

function fold(value: string): string {
  return value.trim().toLowerCase()
}
