import { createHash } from 'node:crypto'
import { closeSync, openSync, readFileSync, readSync, statSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { GivenFile } from '../app/receipt.ts'
import { CommandError } from '../contract/command-error.ts'
import { MAX_ENVELOPE_BYTES } from '../contract/envelope.ts'

/** A text file that someone gave; refuses one that is not there, or larger than any of its kind. */
export function readGiven(path: string): GivenFile {
  return reading(path, () => {
    if (statSync(path).size > MAX_ENVELOPE_BYTES) throw new Error('it is too large')
    return { path, text: readFileSync(path, 'utf8') }
  })
}

/** Writes a new file; never over one that is there. */
export function writeNew(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' })
  } catch (error) {
    throw new CommandError({ code: 'cannot-write', path, reason: String(error) })
  }
}

const PIECE_BYTES = 1024 * 1024

/** A report by its name and digest; its content stays where it is. */
export function digestOfFile(path: string): { name: string; sha256: string } {
  return reading(path, () => {
    const hash = createHash('sha256')
    const piece = Buffer.alloc(PIECE_BYTES)
    const file = openSync(path, 'r')
    try {
      for (let read = readSync(file, piece); read > 0; read = readSync(file, piece))
        hash.update(piece.subarray(0, read))
    } finally {
      closeSync(file)
    }
    return { name: basename(path), sha256: hash.digest('hex') }
  })
}

function reading<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw new CommandError({ code: 'cannot-read', path, reason: String(error) })
  }
}
