import { createHmac, randomBytes } from 'node:crypto'
import { closeSync, fdatasyncSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { ATTRIBUTE_SOURCES, DecisionRecord } from '../contract/decision.ts'
import { decisionRecord } from '../contract/decision.ts'

/** A decision as an application knows it. */
export interface Decision
  extends Pick<
    DecisionRecord,
    'site' | 'model' | 'action' | 'score' | 'threshold' | 'probability' | 'outcome' | 'observedBecause' | 'stratum'
  > {
  /** Whoever was decided about, as the application names them; only a keyed hash of it is written. */
  subject: string
  /** Now, unless given. */
  time?: Date | string
  attributes?: Readonly<Record<string, { value: string | null; source: (typeof ATTRIBUTE_SOURCES)[number] }>>
}

export interface DecisionLogOptions {
  /** Made when missing. */
  folder: string
  /** Of the pseudonyms: at least 16 bytes, kept outside the folder. The same key, the same pseudonyms. */
  key: string | Uint8Array
  /** A new file is begun when one has this many bytes; 64 MiB unless given. */
  rotateBytes?: number
  /** Waits until the disk has the line, so that it outlives a loss of power as well; the default. Otherwise only a crash of the process. */
  sync?: boolean
}

const ROTATE_BYTES = 64 << 20
const LEAST_KEY_BYTES = 16

/** 128 bits: two people share a pseudonym by chance in no log there will be. */
const PSEUDONYM_DIGITS = 32

interface OpenFile {
  descriptor: number
  bytes: number
}

/** The files that this process has open, by folder. Each process and each start writes files of its own: lines never mix. */
const open = new Map<string, OpenFile>()
let started = 0

/**
 * Writes one decision as a line of JSON (contract/decision.ts) and returns when it is there: a line is written by one call, and its
 * return is the acknowledgement. A process that dies in between leaves at most a last line without its end, in a file that
 * nobody writes to again.
 *
 * @throws ZodError for a decision that is no record; RangeError for a key that is too short
 */
export function append(decision: Decision, options: DecisionLogOptions): void {
  const line = Buffer.from(`${JSON.stringify(recordOf(decision, options.key))}\n`, 'utf8')
  const file = fileFor(options.folder, line.length, options.rotateBytes ?? ROTATE_BYTES)
  const written = writeSync(file.descriptor, line)
  file.bytes += written
  if (written < line.length) {
    close(options.folder)
    throw new Error(`only ${written} of ${line.length} bytes could be written to ${options.folder}`)
  }
  if (options.sync ?? true) fdatasyncSync(file.descriptor)
}

/** Closes the file of a folder; the next decision begins another. */
export function close(folder: string): void {
  const file = open.get(folder)
  if (file) closeSync(file.descriptor)
  open.delete(folder)
}

/** The same person under the same key; not to be turned back without it (HMAC-SHA-256). */
export function pseudonym(subject: string, key: string | Uint8Array): string {
  const bytes = typeof key === 'string' ? Buffer.from(key, 'utf8') : key
  if (bytes.length < LEAST_KEY_BYTES)
    throw new RangeError(`a key of pseudonyms needs at least ${LEAST_KEY_BYTES} bytes`)
  return createHmac('sha256', bytes).update(subject.normalize('NFC')).digest('hex').slice(0, PSEUDONYM_DIGITS)
}

function recordOf(
  { attributes = {}, time = new Date(), subject, ...rest }: Decision,
  key: string | Uint8Array,
): DecisionRecord {
  const columns = Object.entries(attributes).flatMap(([name, { value, source }]) => [
    [`attribute.${name}`, value],
    [`attribute.${name}.source`, source],
  ])
  return decisionRecord.parse({
    time: time instanceof Date ? time.toISOString() : time,
    ...rest,
    subject: pseudonym(subject, key),
    ...Object.fromEntries(columns),
  })
}

function fileFor(folder: string, bytes: number, limit: number): OpenFile {
  const known = open.get(folder)
  if (known && known.bytes + bytes <= limit) return known
  close(folder)
  mkdirSync(folder, { recursive: true })
  const stamp = new Date().toISOString().replaceAll(/[-:.]/g, '')
  const name = `decisions-${stamp}-${String(++started).padStart(4, '0')}-${randomBytes(4).toString('hex')}.jsonl`
  // exclusive: a file that is there is somebody else's
  const file = { descriptor: openSync(join(folder, name), 'ax', 0o600), bytes: 0 }
  open.set(folder, file)
  return file
}
