import { keepPreviousData, QueryClient, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { API_PREFIX, ProblemDetails } from '../src/contract/api.ts'

const PREFIX: typeof API_PREFIX = '/api/v1'

/** An answer that is none: what, where, and what to do, as the server says it in the language shown. */
export class ServerProblem extends Error {
  readonly status: number
  readonly details: ProblemDetails | null

  constructor(status: number, details: ProblemDetails | null) {
    super(details === null ? `HTTP ${status}` : details.detail)
    this.status = status
    this.details = details
  }
}

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // What is on record changes by scans and statements, not by the second.
      staleTime: 15_000,
      refetchOnWindowFocus: true,
      // What the server has refused it refuses again; only a connection that failed is worth another try.
      retry: (failures, error) => !(error instanceof ServerProblem) && failures < 2,
    },
  },
})

export type Parameters = Readonly<Record<string, string | number | readonly string[] | null | undefined>>

export function addressOf(path: string, parameters: Parameters = {}): string {
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).flatMap((one) =>
      one === null || one === undefined || one === '' ? [] : [[name, String(one)]],
    ),
  )
  const query = new URLSearchParams(given).toString()
  return `${PREFIX}/${path}${query === '' ? '' : `?${query}`}`
}

async function problemOf(response: Response): Promise<ServerProblem> {
  return problemFrom(response.status, response.headers.get('content-type'), await response.text())
}

/** What an answer says went wrong; nothing where it is no problem of this server's. */
export function problemFrom(status: number, type: string | null, text: string): ServerProblem {
  const isProblem = type?.startsWith('application/problem+json') === true
  return new ServerProblem(status, isProblem ? (JSON.parse(text) as ProblemDetails) : null)
}

/** Asks the server; throws `ServerProblem` for every answer but a good one. */
async function ask<T>(address: string, request: RequestInit = {}): Promise<T> {
  const response = await answerOf(address, request)
  return (response.status === 204 ? null : await response.json()) as T
}

async function answerOf(address: string, request: RequestInit): Promise<Response> {
  const response = await fetch(address, {
    ...request,
    headers: { accept: 'application/json', 'accept-language': document.documentElement.lang, ...request.headers },
  })
  if (!response.ok) throw await problemOf(response)
  return response
}

/** An answer of the server by its address; null asks nothing. */
export function useAnswer<T>(path: string | null, parameters: Parameters = {}) {
  const address = addressOf(path ?? '', parameters)
  return useQuery({
    queryKey: [address, document.documentElement.lang],
    queryFn: ({ signal }) => ask<T>(address, { signal }),
    enabled: path !== null,
    placeholderData: keepPreviousData,
  })
}

interface Page<T> {
  items: T[]
  next: string | null
}

/** A list in pages; the next one is fetched when asked for. */
export function usePages<P extends Page<unknown>>(path: string, parameters: Parameters = {}) {
  return useInfiniteQuery({
    queryKey: [addressOf(path, parameters), 'pages', document.documentElement.lang],
    queryFn: ({ pageParam, signal }) => ask<P>(addressOf(path, { ...parameters, cursor: pageParam }), { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  })
}

export async function send<T>(path: string, body: unknown, method = 'POST'): Promise<T> {
  return await ask<T>(addressOf(path), {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

export async function fetchAnswer<T>(path: string, parameters: Parameters = {}): Promise<T> {
  return await ask<T>(addressOf(path, parameters))
}

/** A file that the server makes, in the language shown. */
export async function fetchFile(path: string): Promise<Blob> {
  return await (await answerOf(addressOf(path), { headers: { accept: 'text/html' } })).blob()
}
