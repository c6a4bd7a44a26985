import { isAlias, isMap, LineCounter, type Node, parseDocument, visit } from 'yaml'
import type { core } from 'zod'
import { type Charter, type CharterFault, charter, MAX_CHARTER_TEXT } from '../contract/charter.ts'

/** Beyond this a document is nested to overflow the stack of whoever reads it, not to agree on anything. */
const MAX_DEPTH = 64

export type ReadCharter = { ok: true; charter: Charter } | { ok: false; fault: CharterFault }

/** A charter from its YAML (or JSON); or the first thing in the text that is wrong, with line and column. */
export function readCharter(text: string): ReadCharter {
  if (text.length > MAX_CHARTER_TEXT)
    return failed('too-long', { found: String(text.length), expected: String(MAX_CHARTER_TEXT) })
  const deep = depthFault(text)
  if (deep) return deep
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true })
  const [error] = document.errors
  if (error) return failed('syntax', { ...placeIn(lines, error.pos[0]), found: error.message })
  const values = valuesOf(document)
  if (!values.ok) return failed('syntax', { ...placeIn(lines, aliasOffset(document)), found: values.reason })
  const read = charter.safeParse(values.value)
  if (read.success) return { ok: true, charter: read.data }
  const faults = read.error.issues.map((issue) => faultOf(issue, document, lines))
  faults.sort((a, b) => a.line - b.line || a.column - b.column)
  return { ok: false, fault: faults[0]! }
}

function failed(why: CharterFault['why'], more: Partial<CharterFault>): ReadCharter {
  return { ok: false, fault: { why, line: 1, column: 1, at: '', found: '', expected: '', ...more } }
}

/** Brackets are what nests without indentation, and a parser that goes down into each needs a stack as deep. */
function depthFault(text: string): ReadCharter | null {
  let depth = 0
  let line = 1
  let start = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '\n') [line, start] = [line + 1, at + 1]
    else if (character === '[' || character === '{') depth++
    else if (character === ']' || character === '}') depth = Math.max(0, depth - 1)
    if (depth > MAX_DEPTH || at - start > INDENT_CHARACTERS * MAX_DEPTH)
      if (depth > MAX_DEPTH || /^[\s?:-]*$/.test(text.slice(start, at)))
        return failed('syntax', { line, column: at - start + 1, found: `nested deeper than ${MAX_DEPTH}` })
  }
  return null
}

/** `- - - -` nests by two characters a level. */
const INDENT_CHARACTERS = 2

type YamlDocument = ReturnType<typeof parseDocument>

/** Aliases that refer to aliases grow beyond any memory; the parser counts them, and refuses. */
function valuesOf(document: YamlDocument): { ok: true; value: unknown } | { ok: false; reason: string } {
  try {
    return { ok: true, value: document.toJS({ maxAliasCount: 100 }) }
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) }
  }
}

/** Of the first alias that stands for nothing; else of the first. */
function aliasOffset(document: YamlDocument): number {
  const offsets: { offset: number; isOpen: boolean }[] = []
  visit(document, {
    Alias(_, node) {
      if (isAlias(node)) offsets.push({ offset: node.range?.[0] ?? 0, isOpen: node.resolve(document) === undefined })
    },
  })
  return (offsets.find(({ isOpen }) => isOpen) ?? offsets[0])?.offset ?? 0
}

/** Line and column, from 1, of an offset. */
function placeIn(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(1, line), column: Math.max(1, col) }
}

type Issue = core.$ZodIssue

function faultOf(issue: Issue, document: YamlDocument, lines: LineCounter): CharterFault {
  const keys = issue.path.map((key) => (typeof key === 'symbol' ? '' : key))
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys
    const place = placeIn(lines, keyOffset(document, keys, key))
    return { why: 'unknown-key', ...place, at: pathText([...keys, key]), found: key, expected: '' }
  }
  const node = nodeAt(document, keys)
  const value = node === null ? undefined : node.toJS(document)
  const place = placeIn(lines, node?.range?.[0] ?? nearestOffset(document, keys))
  const where = {
    ...place,
    at: pathText(keys),
    found: value === undefined ? '' : JSON.stringify(value).slice(0, MAX_SHOWN),
  }
  return { ...where, ...reasonOf(issue, value) }
}

const MAX_SHOWN = 120

function reasonOf(issue: Issue, value: unknown): Pick<CharterFault, 'why' | 'expected'> {
  switch (issue.code) {
    case 'invalid_type':
      return { why: value === undefined ? 'missing' : 'wrong-kind', expected: issue.expected }
    case 'invalid_value':
      return { why: value === undefined ? 'missing' : 'not-one-of', expected: issue.values.map(String).join(', ') }
    case 'invalid_union':
      return { why: value === undefined ? 'missing' : 'not-one-of', expected: optionsOf(issue) }
    case 'too_small':
      return { why: 'too-small', expected: String(issue.minimum) }
    case 'too_big':
      return { why: 'too-large', expected: String(issue.maximum) }
    case 'invalid_format':
      return { why: 'bad-text', expected: issue.format === 'date' ? 'YYYY-MM-DD' : (issue.pattern ?? issue.format) }
    default:
      return { why: 'wrong-kind', expected: '' }
  }
}

/** The kinds that a change can have. */
function optionsOf(issue: Extract<Issue, { code: 'invalid_union' }>): string {
  return 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String).join(', ') : ''
}

function pathText(keys: readonly (string | number)[]): string {
  return keys.map((key, at) => (typeof key === 'number' ? `[${key}]` : at === 0 ? key : `.${key}`)).join('')
}

function nodeAt(document: YamlDocument, keys: readonly (string | number)[]): Node | null {
  const found: unknown = keys.length === 0 ? document.contents : document.getIn(keys, true)
  return isNode(found) ? found : null
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'range' in value
}

/** Where the innermost thing begins that is there at all. */
function nearestOffset(document: YamlDocument, keys: readonly (string | number)[]): number {
  for (let length = keys.length - 1; length >= 0; length--) {
    const node = nodeAt(document, keys.slice(0, length))
    if (node?.range) return node.range[0]
  }
  return 0
}

function keyOffset(document: YamlDocument, keys: readonly (string | number)[], name: string): number {
  const map = nodeAt(document, keys)
  if (!isMap(map)) return map?.range?.[0] ?? 0
  const pair = map.items.find(({ key }) => isNode(key) && 'value' in key && key.value === name)
  return isNode(pair?.key) ? (pair.key.range?.[0] ?? 0) : 0
}
