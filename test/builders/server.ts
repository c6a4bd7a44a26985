import { request } from 'node:http'
import { onTestFinished } from 'vitest'
import type { ServeOptions, Serving } from '../../src/app/live/serve-options.ts'
import { newToken } from '../../src/app/live/tokens.ts'
import { serve } from '../../src/server/serve.ts'
import { type LedgerPlace, ledgerPlace } from './ledger.ts'

/** A server over an estate of its own, on this machine and a port that was free. */
export interface ServedPlace {
  place: LedgerPlace
  serving: Serving
  /** What went wrong that nobody foresaw. */
  faults: unknown[]
  get(path: string, headers?: Record<string, string>): Promise<Response>
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>
  /** Headers of whoever has a new token of this role. */
  as(role: 'reader' | 'recorder' | 'steward'): Promise<Record<string, string>>
}

export async function servedPlace(
  prepare: (place: LedgerPlace) => Promise<unknown> = async () => {},
  options: Partial<ServeOptions> = {},
): Promise<ServedPlace> {
  const place = await ledgerPlace()
  await prepare(place)
  const faults: unknown[] = []
  const serving = await serve({
    host: '127.0.0.1',
    port: 0,
    estate: place.location,
    folder: place.folder,
    roots: [],
    hosts: [],
    requireToken: false,
    threads: 0,
    signing: place.signing,
    onFault: (_, error) => faults.push(error),
    ...options,
  })
  onTestFinished(() => serving.close())
  const get = (path: string, headers = {}) =>
    fetch(`${serving.address}/api/v1/${path}`, { headers, redirect: 'manual' })
  return {
    place,
    serving,
    faults,
    get,
    post: (path, body, headers = {}) =>
      fetch(`${serving.address}/api/v1/${path}`, {
        method: 'POST',
        body:
          body instanceof Uint8Array ? new Uint8Array(body) : typeof body === 'string' ? body : JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...headers },
      }),
    async as(role) {
      const { token } = await newToken({ name: role, role, expires: undefined }, place.location, place.signing)
      return { authorization: `Bearer ${token}` }
    },
  }
}

/** A request as no well-behaved client makes one: the address is sent as it stands, and headers as they are. */
export function rawGet(
  { serving }: ServedPlace,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: string; headers: NodeJS.Dict<string | string[]> }> {
  const { hostname, port } = new URL(serving.address)
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, headers, setHost: headers['host'] === undefined }, (response) => {
      let body = ''
      response.on('data', (piece) => {
        body += piece
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body, headers: response.headers }))
    })
    sent.on('error', reject)
    sent.end()
  })
}

/** An answer's body, taken for what the test looks at; that it is what the contract says has a test of its own. */
export async function jsonOf<T>(answer: Response): Promise<T> {
  return (await answer.json()) as T
}
