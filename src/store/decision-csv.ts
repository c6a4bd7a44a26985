import { closeSync, openSync, readSync } from 'node:fs'
import { CommandError } from '../contract/command-error.ts'
import { pathLiteral } from './decision-path.ts'

/** A heading longer than this is no heading. */
const HEAD_BYTES = 1 << 20

/** Between columns; a tab or semicolon in the heading of a file with commas is rare, the other way round is not. */
const DELIMITERS = ['\t', ';', ',', '|']

/** A record as long as this is a quotation mark that nobody closed. */
const MAX_LINE_BYTES = 4 << 20

/**
 * CSV files of one heading, every column as text. The heading is read here, not guessed by the engine: guessing drops rows
 * that do not fit, and turns yes and no into booleans.
 */
export function csvRelation(files: readonly string[]): string {
  const heads = files.map(readHead)
  const { names, delimiter, encoding } = heads[0]!
  heads.forEach((head, index) => {
    if (head.names.join('\n') !== names.join('\n'))
      throw malformed(files[index]!, `its columns are not those of ${files[0]}`)
  })
  const columns = names.map((name) => `'${name.replaceAll("'", "''")}': 'VARCHAR'`).join(', ')
  return (
    `read_csv([${files.map(pathLiteral).join(', ')}], auto_detect=false, header=true, columns={${columns}}, ` +
    `delim='${delimiter}', quote='"', escape='"', encoding='${encoding}', ` +
    `max_line_size=${MAX_LINE_BYTES}, strict_mode=true, nullstr='')`
  )
}

interface Head {
  names: string[]
  delimiter: string
  encoding: 'utf-8' | 'utf-16'
}

function readHead(path: string): Head {
  const bytes = firstBytes(path)
  // the engine reads this order of bytes as no rows at all
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    throw malformed(path, 'it is UTF-16 with the higher byte first; save it as UTF-8')
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16' : 'utf-8'
  const text = new TextDecoder(encoding === 'utf-8' ? 'utf-8' : 'utf-16le').decode(bytes)
  const end = text.search(/[\r\n]/)
  const line = end < 0 ? text : text.slice(0, end)
  if (line.includes('\0'))
    throw malformed(path, 'its heading has NUL bytes, as UTF-16 without its mark has; save it as UTF-8')
  if (text.trim() === '') throw new CommandError({ code: 'empty-log', path })
  const delimiter = delimiterOf(line)
  // the number of rows that a data frame was written with has no heading; nor has what follows a last delimiter
  const names = fieldsOf(line, delimiter).map((name, index) => (name === '' ? `column ${index + 1}` : name))
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new CommandError({ code: 'duplicate-column', path, column: twice })
  return { names, delimiter, encoding }
}

/** The sign that parts a heading into the most fields; signs inside quotation marks part nothing. */
export function delimiterOf(heading: string): string {
  return DELIMITERS.reduce((best, next) =>
    fieldsOf(heading, next).length > fieldsOf(heading, best).length ? next : best,
  )
}

function firstBytes(path: string): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES)
  const file = openSync(path, 'r')
  try {
    return bytes.subarray(0, readSync(file, bytes))
  } finally {
    closeSync(file)
  }
}

/** The fields of one line, quotation marks undone. */
export function fieldsOf(line: string, delimiter: string): string[] {
  const fields: string[] = []
  let field = ''
  let quoted = false
  for (let i = 0; i < line.length; i++) {
    const at = line[i]!
    if (at === '"' && quoted && line[i + 1] === '"') {
      field += at
      i++
    } else if (at === '"' && (quoted || field === '')) quoted = !quoted
    else if (at === delimiter && !quoted) {
      fields.push(field)
      field = ''
    } else field += at
  }
  return [...fields, field]
}

function malformed(path: string, reason: string): CommandError {
  return new CommandError({ code: 'malformed-log', path, row: 0, reason })
}
