import { MAX_HEADER_BYTES, MAX_NAME_BYTES, MAX_PICKLE_VALUES } from './limits.ts'
import type { PickleCursor } from './pickle-cursor.ts'
import type { PickleGlobal, PickleValue } from './pickle-value.ts'
import { type ReadError, readError } from './read-error.ts'
import type { ByteSource } from './source.ts'

/** A name that the pickle imports, and the byte offset of the first opcode that does. */
export interface PickleImport {
  module: string
  name: string
  offset: number
}

/** A pickle being read: the memory of its loader. */
export interface PickleMachine {
  readonly source: ByteSource
  readonly cursor: PickleCursor
  stack: PickleValue[]
  /** Stacks put aside by MARK. */
  marks: PickleValue[][]
  memo: Map<number, PickleValue>
  imports: Map<string, PickleImport>
  /** Of the pickles that the one being read stands in. */
  outer: Pick<PickleMachine, 'stack' | 'marks' | 'memo'>[]
  /** Offset of the opcode being applied. */
  offset: number
  /** Of lists, dicts, objects, memo entries so far. */
  values: number
  /** Characters of strings held so far. */
  characters: number
}

export function push(machine: PickleMachine, value: PickleValue): void {
  machine.stack.push(value)
}

export function pop(machine: PickleMachine): PickleValue {
  const value = machine.stack.pop()
  if (value === undefined) throw malformed(machine, 'takes from an empty stack')
  return value
}

export function top(machine: PickleMachine): PickleValue {
  const value = machine.stack.at(-1)
  if (value === undefined) throw malformed(machine, 'looks at an empty stack')
  return value
}

/** What was pushed since the last MARK. */
export function popMark(machine: PickleMachine): PickleValue[] {
  const items = machine.stack
  const below = machine.marks.pop()
  if (below === undefined) throw malformed(machine, 'no MARK to go back to')
  machine.stack = below
  return items
}

/** Counts a value that takes memory of its own. */
export function counted<T extends PickleValue>(machine: PickleMachine, value: T): T {
  if (++machine.values > MAX_PICKLE_VALUES) throw beyond(machine, 'values of the pickle', MAX_PICKLE_VALUES)
  return value
}

export function memoize(machine: PickleMachine, key: number): void {
  machine.memo.set(key, counted(machine, top(machine)))
}

export function recall(machine: PickleMachine, key: number): PickleValue {
  const value = machine.memo.get(key)
  if (value === undefined) throw malformed(machine, `memo entry ${key} was never made`)
  return value
}

/** Texts as long as a name are held, longer ones left where they lie: no weights' structure is in them. */
export function textAt(machine: PickleMachine, length: number, coding: 'raw' | 'text'): PickleValue {
  const { cursor } = machine
  const what = 'string in the pickle'
  if (coding === 'raw' || length > MAX_NAME_BYTES) {
    const offset = cursor.position
    cursor.skip(length, what)
    return counted(machine, { kind: 'bytes', coding, offset, length })
  }
  return held(machine, new TextDecoder().decode(cursor.bytes(length, what)))
}

/** Counts a text that is kept. */
export function held(machine: PickleMachine, text: string): string {
  machine.characters += text.length
  if (machine.characters > MAX_HEADER_BYTES) throw beyond(machine, 'text of the pickle', MAX_HEADER_BYTES)
  return counted(machine, text)
}

/** Notes an import. */
export function globalOf(machine: PickleMachine, module: string, name: string): PickleGlobal {
  const key = `${module.length} ${module} ${name}`
  if (!machine.imports.has(key)) machine.imports.set(key, { module, name, offset: machine.offset })
  return counted(machine, { kind: 'global', module, name })
}

export function malformed({ source, offset }: PickleMachine, reason: string): ReadError {
  return readError(source.path, 'malformed', { what: 'pickle', reason, offset })
}

export function beyond({ source }: PickleMachine, what: string, limit: number): ReadError {
  return readError(source.path, 'limit', { what, value: `more than ${limit}`, limit: String(limit) })
}
