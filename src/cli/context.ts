import type { Translate } from '../report/language.ts'
import type { Streams } from './streams.ts'

/** Options that every command takes. */
export interface CommonOptions {
  json?: boolean
  quiet?: boolean
  lang?: string
  estate?: string
  passphraseFile?: string
  color: boolean
}

/** What every command is given. */
export interface CommandContext {
  t: Translate
  streams: Streams
  exit(code: number): void
}
