/** East Asian wide and fullwidth characters and emoji take two columns of a terminal (Unicode UAX #11). */
const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|[\u{1F300}-\u{1F64F}\u{1F680}-\u{1F9FF}\u{20000}-\u{3FFFD}]/u
const COMBINING = /\p{M}/u

/** Columns a text takes in a terminal. The text must be free of control characters (escape.ts). */
export function columnsOf(text: string): number {
  let columns = 0
  for (const character of text) columns += widthOf(character)
  return columns
}

function widthOf(character: string): number {
  if (WIDE.test(character)) return 2
  return COMBINING.test(character) ? 0 : 1
}

/**
 * Lines of at most `width` columns, broken at spaces, between East Asian characters, and after a slash; a piece that is
 * wider by itself is cut.
 */
export function wrap(text: string, width: number): string[] {
  const limit = Math.max(width, 8)
  const lines: string[] = []
  let line = ''
  let columns = 0
  for (const piece of pieces(text, limit)) {
    const needed = columnsOf(piece.trimEnd())
    if (columns > 0 && columns + needed > limit) {
      lines.push(line.trimEnd())
      line = ''
      columns = 0
    }
    line += piece
    columns += columnsOf(piece)
  }
  lines.push(line.trimEnd())
  return lines
}

/** A full stop or comma never starts a line in Japanese, nor an opening bracket ends one. */
const CLOSING = /[、。，．）」』】：；！？ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ]/

function pieces(text: string, limit: number): string[] {
  const found: string[] = []
  let piece = ''
  let columns = 0
  const characters = Array.from(text)
  characters.forEach((character, index) => {
    piece += character
    columns += widthOf(character)
    const next = characters[index + 1]
    const breakable =
      next === undefined ||
      (character === ' ' && next !== ' ') ||
      character === '/' ||
      columns >= limit ||
      (WIDE.test(character) && !CLOSING.test(next) && !/[（「『【]/.test(character)) ||
      (WIDE.test(next) && !CLOSING.test(next))
    if (!breakable) return
    found.push(piece)
    piece = ''
    columns = 0
  })
  return found
}

/** The text with spaces after it up to `width` columns. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columnsOf(text)))
}
