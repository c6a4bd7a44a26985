/** More of a file than any heading takes. */
const HEAD_BYTES = 64 * 1024

/**
 * The names of a log's columns, as far as its beginning tells them, so that they can be chosen and need not be typed; empty where it does not
 * (Parquet has them at its end). The server reads the log by itself.
 */
export async function columnsOf(file: File): Promise<string[]> {
  const head = await file.slice(0, HEAD_BYTES).text()
  const first = head.replace(/^\uFEFF/, '').split(/\r?\n/, 1)[0] ?? ''
  if (/\.(csv|tsv)$/i.test(file.name)) return headingOf(first)
  return /\.(jsonl|ndjson)$/i.test(file.name) ? keysOf(first) : []
}

const DELIMITERS = [',', ';', '\t', '|'] as const

/** A heading of one column is more likely one whose delimiter is none of these. */
function headingOf(line: string): string[] {
  const columns = DELIMITERS.map((delimiter) => cellsOf(line, delimiter)).sort((a, b) => b.length - a.length)[0] ?? []
  const isWhole = columns.length > 1 && columns.every((name) => name !== '') && new Set(columns).size === columns.length
  return isWhole ? columns : []
}

/** Cells in quotes may hold the delimiter, and quotes twice. */
function cellsOf(line: string, delimiter: string): string[] {
  const cells = ['']
  let isQuoted = false
  for (const character of line) {
    if (character === '"') isQuoted = !isQuoted
    if (character === delimiter && !isQuoted) cells.push('')
    else cells[cells.length - 1] += character
  }
  return cells.map((cell) =>
    cell
      .trim()
      .replace(/^"(.*)"$/s, '$1')
      .replaceAll('""', '"'),
  )
}

function keysOf(line: string): string[] {
  try {
    const row: unknown = JSON.parse(line)
    return typeof row === 'object' && row !== null && !Array.isArray(row) ? Object.keys(row) : []
  } catch {
    return []
  }
}
