/** A Huffman decoding table of 2^`bits` entries, by the next `bits` bits, first bit lowest: symbol · 16 + code length; 0: no code. */
export interface HuffmanTable {
  bits: number
  entries: Uint16Array
}

const MAX_CODE_BITS = 15

/**
 * The canonical code of RFC 1951, 3.2.2, from a code length for each symbol (0: unused). Null for lengths that are no
 * prefix code: too many codes, or unused ones, except where one code of one bit is all there is, as encoders write it.
 */
export function huffmanTable(lengths: Uint8Array): HuffmanTable | null {
  const counts = new Uint16Array(MAX_CODE_BITS + 1)
  for (const length of lengths) counts[length]!++
  counts[0] = 0
  let bits = MAX_CODE_BITS
  while (bits > 1 && counts[bits] === 0) bits--
  const next = firstCodes(counts)
  if (next === null) return null
  const entries = new Uint16Array(1 << bits)
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol]!
    if (length === 0) continue
    const code = reversed(next[length]!++, length)
    const entry = (symbol << 4) | length
    for (let at = code; at < entries.length; at += 1 << length) entries[at] = entry
  }
  return { bits, entries }
}

/** The first code of each length. */
function firstCodes(counts: Uint16Array): Uint16Array | null {
  const next = new Uint16Array(MAX_CODE_BITS + 1)
  let code = 0
  let total = 0
  for (let length = 1; length <= MAX_CODE_BITS; length++) {
    code = (code + counts[length - 1]!) << 1
    next[length] = code
    total += counts[length]!
    if (code + counts[length]! > 1 << length) return null
  }
  const isComplete = code + counts[MAX_CODE_BITS]! === 1 << MAX_CODE_BITS
  return isComplete || total === 0 || (total === 1 && counts[1] === 1) ? next : null
}

function reversed(code: number, length: number): number {
  let result = 0
  for (let i = 0; i < length; i++) result |= ((code >> i) & 1) << (length - 1 - i)
  return result
}
