import type { Serve } from '../app/live/serve-options.ts'
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
  /** What starts a server; handed in, because one adapter does not know another. */
  serve?: Serve | undefined
}
