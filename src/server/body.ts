import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { finished } from 'node:stream/promises'
import type { Context } from 'hono'
import { RequestProblem } from './problem.ts'
import type { Carried } from './serving.ts'

/** A body that is held in memory is small; one that takes longer is kept open on purpose. */
const BODY_MS = 15_000

/** Between two pieces of an upload. */
const PIECE_MS = 15_000

const CLOSE = { connection: 'close' }

/** Does `work`, which reads the body, unless the body takes too long to come. */
export async function bodyInTime(c: Context<Carried>, work: () => Promise<unknown>): Promise<void> {
  const incoming = c.env?.incoming
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      if (incoming?.complete === false) reject(new RequestProblem('too-slow', {}, CLOSE))
    }, BODY_MS)
  })
  try {
    await Promise.race([work(), late])
  } finally {
    clearTimeout(timer)
  }
}

/** A file that a caller sent. */
export interface Upload {
  path: string
  bytes: number
  /** Takes it away again. */
  remove(): Promise<void>
}

/**
 * Writes the body to a new file in a folder of its own, as it comes. Only the ending of the name that the caller gave it is used, and the letters of its stem: where it lies
 * is not for the caller to say.
 */
export async function upload(
  c: Context<Carried>,
  { folder, name, most }: { folder: string; name: string; most: number },
): Promise<Upload> {
  const announced = Number(c.req.header('content-length') ?? 0)
  if (announced > most) throw new RequestProblem('too-large', { limit: most }, CLOSE)
  const own = join(folder, randomUUID())
  await mkdir(own, { recursive: true, mode: 0o700 })
  const remove = () => rm(own, { recursive: true, force: true })
  const path = join(own, safeName(name))
  try {
    return { path, bytes: await writeBody(c, path, most), remove }
  } catch (error) {
    await remove()
    throw error
  }
}

function safeName(name: string): string {
  const ending = /^\.[a-z0-9]{1,16}$/i.exec(extname(name))?.[0] ?? ''
  const stem = name.slice(0, name.length - ending.length).replace(/[^\p{L}\p{N}_-]+/gu, '_')
  return `${stem.slice(0, 64) || 'upload'}${ending}`
}

async function writeBody(c: Context<Carried>, path: string, most: number): Promise<number> {
  const reader = c.req.raw.body?.getReader()
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 })
  let bytes = 0
  try {
    for (let piece = await nextPiece(reader); piece !== null; piece = await nextPiece(reader)) {
      bytes += piece.length
      if (bytes > most) throw new RequestProblem('too-large', { limit: most }, CLOSE)
      if (!file.write(piece)) await once(file, 'drain')
    }
    file.end()
    await finished(file)
    return bytes
  } catch (error) {
    file.destroy()
    throw error
  }
}

type Reader = ReadableStreamDefaultReader<Uint8Array>

async function nextPiece(reader: Reader | undefined): Promise<Uint8Array | null> {
  if (!reader) return null
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new RequestProblem('too-slow', {}, CLOSE)), PIECE_MS)
  })
  try {
    const { done, value } = await Promise.race([reader.read(), late])
    return done ? null : value
  } finally {
    clearTimeout(timer)
  }
}
