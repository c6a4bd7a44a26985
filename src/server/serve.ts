import { mkdirSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createAdaptorServer } from '@hono/node-server'
import { accessTo } from '../app/live/access.ts'
import { checksOf } from '../app/live/checks.ts'
import { openJobs } from '../app/live/jobs.ts'
import { openLive } from '../app/live/live-estate.ts'
import type { Serving as Running, ServeOptions } from '../app/live/serve-options.ts'
import { CommandError } from '../contract/command-error.ts'
import { translator } from '../report/language.ts'
import { serverApp } from './api.ts'
import { commandProblem } from './problem.ts'
import { namedRoots, pagesFolder, realRoots } from './roots.ts'
import type { Serving } from './serving.ts'

/** Whoever sends headers slower than this keeps a connection for nothing. */
const HEADERS_MS = 10_000

/** An upload of 2 GiB at 4 MB/s. Bodies that stand still are ended sooner (body.ts). */
const REQUEST_MS = 10 * 60 * 1_000
const KEEP_ALIVE_MS = 15_000
const MAX_HEADER_BYTES = 16 * 1024

/** Connections at once; each costs some memory even when it is silent. */
const MAX_CONNECTIONS = 2_048

/** What is under way gets this long at the end. */
const GRACE_MS = 5_000

/** Serves the estate until `close` is called. Refuses where the address is taken. */
export async function serve(options: ServeOptions): Promise<Running> {
  const { host, port, estate: location, signing } = options
  const now = signing.now ?? (() => new Date())
  const live = await openLive(location, signing)
  const uploads = uploadsFolder(location)
  const translators = { en: translator('en'), ja: translator('ja') }
  const pages = pagesFolder(dirname(fileURLToPath(import.meta.url)))
  const access = accessTo(live.estate, { isOpen: isLoopback(host) && !options.requireToken, now })
  const jobs = openJobs(now, (error, { language }) => {
    if (error instanceof CommandError) return commandProblem(translators[language], error)
    options.onFault('job', error)
    return {
      type: 'urn:yukue:problem:failed',
      title: translators[language]('serve.problem.failed.title'),
      status: 500,
      detail: translators[language]('serve.problem.failed.detail', { id: 'job' }),
      code: 'failed',
    }
  })
  const serving: Serving = {
    live,
    access,
    jobs,
    checks: checksOf(live),
    roots: options.roots.length > 0 ? namedRoots(options.roots) : realRoots(await usualRoots(live, options.folder)),
    threads: options.threads,
    pages,
    hosts: ['localhost', ...options.hosts.map((name) => name.toLowerCase())],
    translators,
    uploads,
    now,
    onFault: options.onFault,
  }
  const server = createAdaptorServer({
    fetch: serverApp(serving).fetch,
    serverOptions: {
      headersTimeout: HEADERS_MS,
      requestTimeout: REQUEST_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      connectionsCheckingInterval: 1_000,
    },
  }) as Server
  server.maxConnections = MAX_CONNECTIONS
  try {
    await listening(server, host, port)
  } catch (error) {
    await live.close()
    throw error
  }
  return {
    address: addressOf(server, host),
    ownToken: access.ownToken,
    needsToken: await access.needsToken(),
    hasPages: pages !== null,
    async close() {
      await closing(server)
      await jobs.close()
      await access.close()
      await live.close()
      rmSync(uploads, { recursive: true, force: true })
    },
  }
}

/** Where nothing is said, what may be read is what people scanned here anyway, and where the server was started. */
async function usualRoots({ estate }: Serving['live'], folder: string): Promise<string[]> {
  const scanned = (await estate.scans()).flatMap(({ roots }) => roots)
  return [folder, ...new Set(scanned)]
}

/** Beside the estate, where there is room for what belongs there. */
function uploadsFolder(location: string): string {
  const isFolder = !/^postgres(ql)?:\/\//i.test(location)
  const folder = join(isFolder ? location : tmpdir(), `uploads-${process.pid}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/.test(host)
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new CommandError({ code: 'port-taken', host, port: `${port}`, reason: error.code ?? error.message })),
    )
    server.listen(port, host.replace(/^\[|\]$/g, ''), () => resolve())
  })
}

function addressOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
  return `http://${name}:${port}`
}

/** Takes nothing new, lets what is under way end, and ends it when it takes too long. */
function closing(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), GRACE_MS)
    server.close(() => {
      clearTimeout(timer)
      resolve()
    })
    server.closeIdleConnections()
  })
}
