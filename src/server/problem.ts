import { randomUUID } from 'node:crypto'
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { ProblemDetails } from '../contract/api.ts'
import { CommandError, type CommandFault } from '../contract/command-error.ts'
import { errorText } from '../report/error-text.ts'
import { type TextKey, textOf } from '../report/language.ts'
import { fieldFaults } from './fields.ts'
import type { Carried, Serving } from './serving.ts'

type ProblemKey = Extract<TextKey, `serve.problem.${string}.detail`>
/** Problems of HTTP itself; those of commands have the codes of `CommandFault`. */
export type ProblemCode = ProblemKey extends `serve.problem.${infer Code}.detail` ? Code : never

const STATUSES: Record<ProblemCode, ContentfulStatusCode> = {
  'bad-request': 400,
  'bad-json': 400,
  unauthenticated: 401,
  'bad-token': 401,
  forbidden: 403,
  'cross-site': 403,
  'wrong-host': 421,
  'not-found': 404,
  'not-allowed': 405,
  'too-large': 413,
  'unsupported-media': 415,
  'too-slow': 408,
  'too-many': 429,
  busy: 503,
  overloaded: 503,
  failed: 500,
}

/** Thrown by whatever serves a request, where it is a problem of HTTP. */
export class RequestProblem extends Error {
  readonly code: ProblemCode
  readonly values: Readonly<Record<string, string | number>>
  readonly headers: Readonly<Record<string, string>>

  constructor(
    code: ProblemCode,
    values: Readonly<Record<string, string | number>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(code)
    this.code = code
    this.values = values
    this.headers = headers
  }
}

/** Any error as application/problem+json. What nobody foresaw is told to the log, under a number, and to nobody else. */
export function problemResponse(c: Context<Carried>, error: unknown, { onFault }: Pick<Serving, 'onFault'>): Response {
  if (error instanceof RequestProblem) {
    const { code, values, headers } = error
    return respond(c, { ...described(c, code, values), code, status: STATUSES[code] }, headers)
  }
  if (error instanceof CommandError) return respond(c, commandProblem(c.get('t'), error))
  if (error instanceof HTTPException) return problemResponse(c, fromHttp(error), { onFault })
  const id = randomUUID()
  onFault(id, error)
  return problemResponse(c, new RequestProblem('failed', { id }), { onFault })
}

/** What a command refused, as a problem. */
export function commandProblem(t: Carried['Variables']['t'], error: CommandError): ProblemDetails {
  const { code } = error.fault
  const status = statusOf(error.fault)
  const title = t('serve.problem.command-refused')
  const errors = fieldFaults(t, error)
  return { type: typeOf(code), title, status, detail: errorText(t, error), code, ...(errors && { errors }) }
}

/** Faults of fields of the request. */
export function badRequest(c: Context<Carried>, errors: NonNullable<ProblemDetails['errors']>): Response {
  return respond(c, { ...described(c, 'bad-request', {}), code: 'bad-request', status: 400, errors })
}

function described(c: Context<Carried>, code: ProblemCode, values: Readonly<Record<string, string | number>>) {
  const t = c.get('t')
  return {
    type: typeOf(code),
    title: textOf(t, `serve.problem.${code}.title`),
    detail: textOf(t, `serve.problem.${code}.detail`, values),
  }
}

function typeOf(code: string): string {
  return `urn:yukue:problem:${code}`
}

function respond(
  c: Context<Carried>,
  problem: ProblemDetails,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const all = { ...headers, 'content-type': 'application/problem+json', 'cache-control': 'no-store' }
  return c.body(JSON.stringify(problem), problem.status as ContentfulStatusCode, all)
}

/** Of Hono itself: bodies that are no JSON, or of another type. */
function fromHttp({ status }: HTTPException): RequestProblem {
  if (status === 413) return new RequestProblem('too-large', { limit: '' })
  if (status === 415) return new RequestProblem('unsupported-media')
  return new RequestProblem(status === 404 ? 'not-found' : 'bad-json')
}

function statusOf(fault: CommandFault): number {
  switch (fault.code) {
    case 'unknown-model':
    case 'unknown-site':
    case 'no-such-statement':
    case 'no-dossier-subject':
    case 'no-such-job':
    case 'no-such-token':
    case 'empty-ledger':
      return 404
    case 'ambiguous-model':
      return 409
    case 'refused-statement':
      return fault.why === 'known' ? 409 : 422
    case 'outside-roots':
      return 403
    case 'estate-busy':
      return 503
    case 'estate-corrupt':
    case 'estate-newer':
    case 'estate-unusable':
      return 500
    default:
      return 422
  }
}
