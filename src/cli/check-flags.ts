import type { CommonOptions } from './context.ts'

export interface CheckFlags extends CommonOptions {
  model?: string
  site?: string
  all?: boolean
  asOf?: string
  pack?: string[]
  rules?: string[]
  format?: 'text' | 'json' | 'sarif' | 'junit'
}

/** `--json` goes before `--format`. */
export function formatOf({ json, format }: CheckFlags): NonNullable<CheckFlags['format']> {
  return json ? 'json' : (format ?? 'text')
}
