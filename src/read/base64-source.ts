import { readError } from './read-error.ts'
import { type ByteSource, checkRange, readBytes } from './source.ts'

const PIECE_BYTES = 1024 * 1024

/** Three bytes stand in four characters. */
const BYTES = 3
const CHARACTERS = 4

/**
 * The longest string literal of nothing but base64 in a file, as a source of what it stands for. Any byte of it is read
 * where it lies: nothing is held. Throws `malformed` when there is none, or, on reading, where there is something else in it.
 */
export function base64Source(text: ByteSource, path: string): ByteSource {
  const { start, end } = onlyLiteral(text) ?? longestLiteral(text)
  const length = end - start
  const missing = (reason: string) =>
    readError(text.path, 'malformed', { what: 'base64 string', reason, offset: start })
  if (length < CHARACTERS) throw missing('there is none')
  if (length % CHARACTERS !== 0) throw missing('not in groups of four characters')
  const tail = Buffer.from(readBytes(text, end - CHARACTERS, CHARACTERS, 'base64 string')).toString('latin1')
  const size = (length / CHARACTERS) * BYTES - (/=*$/.exec(tail)?.[0].length ?? 0)
  const source: ByteSource = {
    path,
    size,
    virtual: true,
    readInto(target, position, what) {
      checkRange(source, position, target.length, what)
      for (let done = 0; done < target.length; ) {
        const group = Math.floor((position + done) / BYTES)
        const skip = (position + done) % BYTES
        const groups = Math.min(Math.ceil((skip + target.length - done) / BYTES), PIECE_BYTES)
        const characters = readBytes(text, start + group * CHARACTERS, groups * CHARACTERS, what)
        const bytes = Buffer.from(Buffer.from(characters).toString('latin1'), 'base64')
        // what is no base64 is left out by the decoder
        if (bytes.length !== Math.min(groups * BYTES, size - group * BYTES)) throw missing('other characters in it')
        const piece = bytes.subarray(skip, skip + target.length - done)
        target.set(piece, done)
        done += piece.length
      }
    },
    close: () => text.close(),
  }
  return source
}

/** In bundles the literal begins within so much and ends so near the end. */
const EDGE_BYTES = 64 * 1024

/** The literal that fills most of a module, by its two ends alone; null where they do not show it. */
function onlyLiteral(text: ByteSource): { start: number; end: number } | null {
  const edge = Math.min(EDGE_BYTES, text.size)
  const head = latin1(text, 0, edge)
  const begin = /(["'`])(?=[A-Za-z0-9+/]{1024})/.exec(head)
  if (begin === null) return null
  const tail = latin1(text, text.size - edge, edge)
  const end = tail.lastIndexOf(begin[1]!)
  const before = /[A-Za-z0-9+/]{64}={0,2}$/.test(tail.slice(0, Math.max(0, end)))
  const found = { start: begin.index + 1, end: text.size - edge + end }
  return before && found.end - found.start > text.size / 2 ? found : null
}

function latin1(text: ByteSource, at: number, length: number): string {
  return Buffer.from(readBytes(text, at, length, 'JavaScript').buffer).toString('latin1')
}

function longestLiteral(text: ByteSource): { start: number; end: number } {
  const literals = QUOTES.flatMap((quote) => [...betweenQuotes(text, quote)])
  const byLength = literals.sort((a, b) => b.end - b.start - (a.end - a.start))
  return byLength.find((literal) => isBase64(text, literal)) ?? { start: 0, end: 0 }
}

const QUOTES = ['"', "'", '`']

/** Weights are longer; and of what is longer a module has few, each of which is read. */
const MIN_LITERAL = 1_024
const MAX_LITERALS = 64

/** What stands between one quotation mark and the next of its kind, where it is long. */
function* betweenQuotes(text: ByteSource, quote: string): Generator<{ start: number; end: number }> {
  let start = text.size
  let count = 0
  for (let at = 0; at < text.size; at += PIECE_BYTES) {
    const piece = Buffer.from(readBytes(text, at, Math.min(PIECE_BYTES, text.size - at), 'JavaScript').buffer)
    for (let hit = piece.indexOf(quote); hit >= 0; hit = piece.indexOf(quote, hit + 1)) {
      const end = at + hit
      if (end - start >= MIN_LITERAL && ++count <= MAX_LITERALS) yield { start, end }
      start = end + 1
    }
  }
}

function isBase64(text: ByteSource, { start, end }: { start: number; end: number }): boolean {
  for (let at = start; at < end; at += PIECE_BYTES) {
    const length = Math.min(PIECE_BYTES, end - at)
    const piece = latin1(text, at, length)
    if (!(at + length === end ? /^[A-Za-z0-9+/]*={0,2}$/ : /^[A-Za-z0-9+/]*$/).test(piece)) return false
  }
  return true
}
