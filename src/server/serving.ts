import type { HttpBindings } from '@hono/node-server'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Access, Caller } from '../app/live/access.ts'
import type { Checks } from '../app/live/checks.ts'
import type { Jobs } from '../app/live/jobs.ts'
import type { LiveEstate } from '../app/live/live-estate.ts'
import type { Language, Translate } from '../report/language.ts'
import type { Answers } from './kept-answers.ts'

/** What all routes are given. */
export interface Serving {
  live: LiveEstate
  access: Access
  jobs: Jobs
  checks: Checks
  /** Folders that callers may have read, as real paths. */
  roots: readonly string[]
  /** For reading models. */
  threads: number
  /** Of the built pages; null without any. */
  pages: string | null
  /** Host names, without ports, that requests may be for; IP addresses always may. */
  hosts: readonly string[]
  translators: Readonly<Record<Language, Translate>>
  /** Where uploads lie while they are worked on. */
  uploads: string
  now(): Date
  /** Told of what should not have happened. */
  onFault(id: string, error: unknown): void
}

/** What a request carries from one middleware to the next. */
export interface Carried {
  Bindings: HttpBindings
  Variables: {
    language: Language
    t: Translate
    /** Null: nobody said who they are, and reading takes a token. */
    caller: Caller | null
    /** By which means the caller is known. */
    by: 'token' | 'session' | 'nobody'
    /** By which the answer is known, to the caller and here; null where nothing says when it changes. */
    tag: string | null
    answers: Answers
  }
}

/** What routes are added to. */
export type Api = OpenAPIHono<Carried>
