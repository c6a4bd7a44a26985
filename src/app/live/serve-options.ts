import type { Signing } from '../with-estate.ts'

/** What a server is started with. */
export interface ServeOptions {
  host: string
  /** 0: any that is free. */
  port: number
  /** Location of the estate. */
  estate: string
  /** Where the server was started. */
  folder: string
  /** Folders that callers may have read; by default `folder` and what was scanned before. */
  roots: readonly string[]
  /** Names under which the server is reached beside those of this machine. */
  hosts: readonly string[]
  requireToken: boolean
  threads: number
  signing: Signing
  /** Told of what should not have happened, under a number that the caller is told too. */
  onFault(id: string, error: unknown): void
}

/** A server that listens. */
export interface Serving {
  /** `http://…` */
  address: string
  /** A steward's, for whoever started it; in memory only. */
  ownToken: string
  /** Whether reading takes a token. */
  needsToken: boolean
  hasPages: boolean
  close(): Promise<void>
}

/** What starts one: src/server, which the command line gets handed from outside. */
export type Serve = (options: ServeOptions) => Promise<Serving>
