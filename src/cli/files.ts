import { createHash } from 'node:crypto'
import { closeSync, openSync, readFileSync, readSync, statSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { GivenFile } from '../app/receipt.ts'
import { CommandError } from '../contract/command-error.ts'
import { MAX_ENVELOPE_BYTES } from '../contract/envelope.ts'

/** A text file that someone gave; refuses one that is not there, or larger than any of its kind. */
export function readGiven(path: string, most = MAX_ENVELOPE_BYTES): GivenFile {
  return reading(path, () => {
    if (statSync(path).size > most) throw new Error('it is too large')
    return { path, text: readFileSync(path, 'utf8') }
  })
}

/** The first bytes of a file, as Latin-1 text; nothing of a folder. */
export function headOf(path: string, bytes: number): string {
  return reading(path, () => {
    if (statSync(path).isDirectory()) return ''
    const head = Buffer.alloc(bytes)
    const file = openSync(path, 'r')
    try {
      return head.toString('latin1', 0, readSync(file, head))
    } finally {
      closeSync(file)
    }
  })
}

/** Writes a new file; never over one that is there. */
export function writeNew(path: string, text: string, mode = 0o666): void {
  try {
    writeFileSync(path, text, { flag: 'wx', mode })
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
