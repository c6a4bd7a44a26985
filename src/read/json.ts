import { readError } from './read-error.ts'
import { type ByteSource, readBytes } from './source.ts'

/** How much JSON a place in a file may hold. */
export interface JsonBounds {
  /** Nesting of objects and arrays. */
  depth: number
  /** Keys at one depth, the outermost object's being `keys[0]`; depths not listed are not counted. */
  keys: readonly { what: string; limit: number }[]
}

/**
 * Parses the UTF-8 JSON object at [offset, offset + length), after counting its keys and nesting byte by byte, because
 * parsing is what a bomb makes expensive. Throws `limit` beyond the bounds, `malformed` for anything that is not JSON,
 * and for a key that stands twice in one object: which of the two counts differs between parsers, so that a file could
 * show one model here and another to the program that loads it.
 */
export function readJsonObject(
  source: ByteSource,
  offset: number,
  length: number,
  what: string,
  bounds: JsonBounds,
): Record<string, unknown> {
  const bytes = readBytes(source, offset, length, what)
  const malformed = (reason: string) => readError(source.path, 'malformed', { what, reason, offset })
  if (bytes[0] !== BRACE_OPEN) throw malformed('does not begin with {')
  const counted = countKeys(bytes)
  refuseBeyond(source.path, what, counted, bounds)
  const value = parse(bytes)
  if (value === undefined) throw malformed('not valid UTF-8 JSON')
  if (keysOf(value) !== counted.total) throw malformed('a key stands twice')
  return value as Record<string, unknown>
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const QUOTE = 0x22
const COLON = 0x3a
const BACKSLASH = 0x5c
const BRACKET_OPEN = 0x5b
const BRACKET_CLOSE = 0x5d
const BRACE_OPEN = 0x7b
const BRACE_CLOSE = 0x7d

interface KeyCount {
  total: number
  depth: number
  byDepth: number[]
}

/** In valid JSON every colon outside a string follows a key; what is not valid is refused by the parser afterwards. */
function countKeys(bytes: Uint8Array): KeyCount {
  const count: KeyCount = { total: 0, depth: 0, byDepth: [] }
  let depth = 0
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]
    if (byte === QUOTE) i = endOfString(bytes, i)
    else if (byte === BRACE_OPEN || byte === BRACKET_OPEN) count.depth = Math.max(count.depth, ++depth)
    else if (byte === BRACE_CLOSE || byte === BRACKET_CLOSE) depth--
    else if (byte === COLON && depth > 0) {
      count.total++
      count.byDepth[depth - 1] = (count.byDepth[depth - 1] ?? 0) + 1
    }
  }
  return count
}

function endOfString(bytes: Uint8Array, start: number): number {
  let at = start + 1
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1
  return at
}

function refuseBeyond(path: string, what: string, counted: KeyCount, bounds: JsonBounds): void {
  const refuse = (of: string, value: number, limit: number) => {
    if (value > limit) throw readError(path, 'limit', { what: of, value: String(value), limit: String(limit) })
  }
  refuse(`nesting of the ${what}`, counted.depth, bounds.depth)
  bounds.keys.forEach((bound, depth) => {
    refuse(bound.what, counted.byDepth[depth] ?? 0, bound.limit)
  })
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    return undefined
  }
}

function keysOf(value: unknown): number {
  let keys = 0
  const pending = [value]
  while (pending.length > 0) {
    const next = pending.pop()
    if (typeof next !== 'object' || next === null) continue
    const inner = Object.values(next)
    if (!Array.isArray(next)) keys += inner.length
    for (const item of inner) if (typeof item === 'object') pending.push(item)
  }
  return keys
}
