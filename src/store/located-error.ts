import { readFileSync } from 'node:fs'
import { CommandError } from '../contract/command-error.ts'
import { delimiterOf, fieldsOf } from './decision-csv.ts'

/** What the engine says about a file, as one error with its place. Anything else is given back as it is. */
export function locatedError(error: unknown, path: string, files: readonly string[]): unknown {
  if (error instanceof CommandError || !(error instanceof Error)) return error
  const { message } = error
  if (/not utf-8 encoded|Invalid unicode|invalid UTF-8/i.test(message)) return notUtf8(files) ?? error
  const json = /Malformed JSON in file "(.*)", at byte \d+ in line (\d+): ([^.]*)/.exec(message)
  // the engine counts the line after the one that is broken
  if (json) return malformed(json[1]!, Number(json[2]) - 1, json[3]!)
  const line = /CSV Error on Line: (\d+)/.exec(message)
  if (line) return malformed(path, Number(line[1]) - 1, csvReason(message))
  if (/^(Invalid Input|IO|Catalog|Conversion|Out of Memory|Not implemented)/i.test(message))
    return malformed(path, 0, message.split('\n')[0]!)
  return error
}

function malformed(path: string, row: number, reason: string): CommandError {
  return new CommandError({ code: 'malformed-log', path, row, reason })
}

/** The sentence of the engine's report that tells the fault. */
function csvReason(message: string): string {
  const lines = message.split('\n').map((text) => text.trim())
  return (lines.find((text) => /^(Expected|Value|Maximum)/.test(text)) ?? lines[0]!).replace(/\.$/, '')
}

/** The first byte of the files that is not UTF-8, with its row and column. Reads files whole: only for files known to be broken. */
function notUtf8(files: readonly string[]): CommandError | null {
  for (const path of files) {
    const bytes = readFileSync(path)
    const offset = firstInvalid(bytes)
    if (offset < 0) continue
    const lines = bytes.subarray(0, offset).toString('utf8').split('\n')
    const heading = lines[0]!.replace(/^\ufeff/, '').trim()
    const delimiter = delimiterOf(heading)
    const isJson = heading.startsWith('{')
    const column = isJson
      ? (/"((?:[^"\\]|\\.)*)"\s*:\s*"[^"]*$/.exec(lines.at(-1)!)?.[1] ?? '')
      : (fieldsOf(heading, delimiter)[fieldsOf(lines.at(-1)!, delimiter).length - 1] ?? '')
    return new CommandError({ code: 'not-utf8', path, row: lines.length - (isJson ? 0 : 1), column, offset })
  }
  return null
}

/** The offset of the first byte that no UTF-8 text has there (RFC 3629); −1 when there is none. */
function firstInvalid(bytes: Uint8Array): number {
  for (let i = 0; i < bytes.length; ) {
    const length = sequenceLength(bytes, i)
    if (length === 0) return i
    i += length
  }
  return -1
}

function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!
  if (first < 0x80) return 1
  if (first < 0xc2 || first > 0xf4) return 0
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
  for (let k = 1; k < length; k++) if ((bytes[at + k] ?? 0) >> 6 !== 2) return 0
  const second = bytes[at + 1]!
  const overlong = (first === 0xe0 && second < 0xa0) || (first === 0xf0 && second < 0x90)
  const beyond = (first === 0xed && second > 0x9f) || (first === 0xf4 && second > 0x8f)
  return overlong || beyond ? 0 : length
}
