import { passJoblibArray } from './joblib-array.ts'
import { MAX_NAME_BYTES } from './limits.ts'
import {
  counted,
  globalOf,
  held,
  malformed,
  memoize,
  type PickleMachine,
  pop,
  popMark,
  push,
  recall,
  textAt,
  top,
} from './pickle-machine.ts'
import { isNode, type PickleObject, type PickleValue } from './pickle-value.ts'

/** Sizes of tensors fit 8 bytes, the magic number of older checkpoints 10; longer integers are no numbers of a model. */
const MAX_INTEGER_BYTES = 16

/** Applies one opcode (Lib/pickletools.py names them). True for STOP. Throws `malformed`, `truncated`, `limit`. */
export function applyOpcode(machine: PickleMachine, opcode: number): boolean {
  const apply = OPCODES[opcode]
  if (apply === undefined) throw malformed(machine, `0x${opcode.toString(16)} is no opcode`)
  apply(machine)
  return opcode === STOP
}

const STOP = 0x2e

type Apply = (machine: PickleMachine) => void

/** Indexed by opcode, in the order of protocols. */
const OPCODES: readonly (Apply | undefined)[] = table({
  '.': () => {},

  // protocol 0: text
  '(': mark,
  '0': popOrMark,
  '1': (machine) => void popMark(machine),
  '2': (machine) => push(machine, top(machine)),
  N: (machine) => push(machine, null),
  I: (machine) => push(machine, integerLine(machine)),
  L: (machine) => push(machine, integerLine(machine)),
  F: (machine) => push(machine, Number(machine.cursor.line('number in the pickle').text)),
  S: (machine) => push(machine, quotedLine(machine)),
  V: (machine) => push(machine, unicodeLine(machine)),
  l: (machine) => pushList(machine, 'list', popMark(machine)),
  t: (machine) => pushList(machine, 'tuple', popMark(machine)),
  d: (machine) => push(machine, counted(machine, { kind: 'dict', entries: pairs(machine, popMark(machine)) })),
  a: (machine) => addItems(machine, [pop(machine)]),
  s: setItem,
  p: (machine) => memoize(machine, memoKey(machine)),
  g: (machine) => push(machine, recall(machine, memoKey(machine))),
  c: (machine) => push(machine, globalOf(machine, nameLine(machine), nameLine(machine))),
  i: instantiate,
  R: (machine) => call(machine, pop(machine)),
  b: build,
  P: (machine) => pushPersistent(machine, held(machine, machine.cursor.line('persistent id').text)),

  // protocol 1: binary
  K: (machine) => push(machine, machine.cursor.u8('number in the pickle')),
  M: (machine) => push(machine, machine.cursor.u16('number in the pickle')),
  J: (machine) => push(machine, machine.cursor.i32('number in the pickle')),
  G: (machine) => push(machine, machine.cursor.f64('number in the pickle')),
  T: (machine) => push(machine, byteString(machine, machine.cursor.u32('string in the pickle'))),
  U: (machine) => push(machine, byteString(machine, machine.cursor.u8('string in the pickle'))),
  X: (machine) => push(machine, textAt(machine, machine.cursor.u32('string in the pickle'), 'text')),
  ']': (machine) => pushList(machine, 'list', []),
  ')': (machine) => pushList(machine, 'tuple', []),
  '}': (machine) => push(machine, counted(machine, { kind: 'dict', entries: [] })),
  e: (machine) => addItems(machine, popMark(machine)),
  u: setItems,
  q: (machine) => memoize(machine, machine.cursor.u8('memo')),
  r: (machine) => memoize(machine, machine.cursor.u32('memo')),
  h: (machine) => push(machine, recall(machine, machine.cursor.u8('memo'))),
  j: (machine) => push(machine, recall(machine, machine.cursor.u32('memo'))),
  o: (machine) => {
    const [callee, ...args] = popMark(machine)
    if (callee === undefined) throw malformed(machine, 'OBJ without a class')
    pushObject(machine, callee, counted(machine, { kind: 'tuple', items: args }))
  },
  Q: (machine) => pushPersistent(machine, pop(machine)),

  // protocol 2
  '\x80': (machine) => {
    const protocol = machine.cursor.u8('protocol of the pickle')
    if (protocol > 5) throw malformed(machine, `protocol ${protocol}`)
  },
  '\x81': (machine) => call(machine, pop(machine)),
  '\x82': (machine) => pushExtension(machine, machine.cursor.u8('extension code')),
  '\x83': (machine) => pushExtension(machine, machine.cursor.u16('extension code')),
  '\x84': (machine) => pushExtension(machine, machine.cursor.i32('extension code')),
  '\x85': (machine) => pushTuple(machine, 1),
  '\x86': (machine) => pushTuple(machine, 2),
  '\x87': (machine) => pushTuple(machine, 3),
  '\x88': (machine) => push(machine, true),
  '\x89': (machine) => push(machine, false),
  '\x8a': (machine) => push(machine, binaryInteger(machine, machine.cursor.u8('number in the pickle'))),
  '\x8b': (machine) => push(machine, binaryInteger(machine, machine.cursor.u32('number in the pickle'))),

  // protocol 3
  B: (machine) => push(machine, textAt(machine, machine.cursor.u32('bytes in the pickle'), 'raw')),
  C: (machine) => push(machine, textAt(machine, machine.cursor.u8('bytes in the pickle'), 'raw')),

  // protocol 4
  '\x8c': (machine) => push(machine, textAt(machine, machine.cursor.u8('string in the pickle'), 'text')),
  '\x8d': (machine) => push(machine, textAt(machine, machine.cursor.u64('string in the pickle'), 'text')),
  '\x8e': (machine) => push(machine, textAt(machine, machine.cursor.u64('bytes in the pickle'), 'raw')),
  '\x8f': (machine) => pushList(machine, 'set', []),
  '\x90': (machine) => addItems(machine, popMark(machine)),
  '\x91': (machine) => pushList(machine, 'set', popMark(machine)),
  '\x92': (machine) => {
    const keywords = pop(machine)
    const args = pop(machine)
    call(machine, counted(machine, { kind: 'tuple', items: [args, keywords] }))
  },
  '\x93': stackGlobal,
  '\x94': (machine) => memoize(machine, machine.memo.size),
  // a frame only tells how much to read ahead; what it says is not needed
  '\x95': (machine) => void machine.cursor.u64('frame of the pickle'),

  // protocol 5
  '\x96': (machine) => push(machine, textAt(machine, machine.cursor.u64('bytes in the pickle'), 'raw')),
  // a buffer that only the loader has
  '\x97': (machine) => pushPersistent(machine, null),
  '\x98': () => {},
})

function table(byCharacter: Readonly<Record<string, Apply>>): (Apply | undefined)[] {
  const opcodes = new Array<Apply | undefined>(256).fill(undefined)
  for (const [character, apply] of Object.entries(byCharacter)) opcodes[character.charCodeAt(0)] = apply
  return opcodes
}

function mark(machine: PickleMachine): void {
  machine.marks.push(machine.stack)
  machine.stack = []
  counted(machine, null)
}

/** POP takes a MARK when nothing stands above it. */
function popOrMark(machine: PickleMachine): void {
  if (machine.stack.length === 0) popMark(machine)
  else machine.stack.pop()
}

function pushList(machine: PickleMachine, kind: 'list' | 'tuple' | 'set', items: PickleValue[]): void {
  push(machine, counted(machine, { kind, items }))
}

function pushTuple(machine: PickleMachine, length: number): void {
  const items = Array.from({ length }, () => pop(machine))
  pushList(machine, 'tuple', items.reverse())
}

function addItems(machine: PickleMachine, items: readonly PickleValue[]): void {
  const target = itemsToGrow(top(machine))
  if (target === null) throw malformed(machine, 'appends to something that is no list')
  // the first item makes room for a dozen more
  if (target.length === 0) counted(machine, null)
  appendAll(target, items)
}

function itemsToGrow(list: PickleValue): PickleValue[] | null {
  if (!isNode(list)) return null
  if (list.kind === 'object') list.items ??= []
  return list.kind === 'object' || list.kind === 'list' || list.kind === 'set' ? list.items : null
}

function appendAll<T>(target: T[], items: readonly T[]): void {
  for (const item of items) target.push(item)
}

function setItem(machine: PickleMachine): void {
  const value = pop(machine)
  const key = pop(machine)
  counted(machine, null)
  addEntries(machine, [[key, value]])
}

function setItems(machine: PickleMachine): void {
  addEntries(machine, pairs(machine, popMark(machine)))
}

function addEntries(machine: PickleMachine, entries: readonly [PickleValue, PickleValue][]): void {
  const dict = top(machine)
  const isKnown = isNode(dict) && (dict.kind === 'dict' || dict.kind === 'object')
  if (!isKnown) throw malformed(machine, 'sets an entry of something that is no dict')
  dict.entries ??= []
  appendAll(dict.entries, entries)
}

function pairs(machine: PickleMachine, items: readonly PickleValue[]): [PickleValue, PickleValue][] {
  if (items.length % 2 !== 0) throw malformed(machine, 'a key without a value')
  return Array.from({ length: items.length / 2 }, (_, index) => {
    counted(machine, null)
    return [items[2 * index]!, items[2 * index + 1]!]
  })
}

/** REDUCE, NEWOBJ: the callee stands below its arguments. */
function call(machine: PickleMachine, args: PickleValue): void {
  pushObject(machine, pop(machine), args)
}

function pushObject(machine: PickleMachine, callee: PickleValue, args: PickleValue): void {
  const object: PickleObject = { kind: 'object', callee, args, states: null, items: null, entries: null }
  push(machine, counted(machine, object))
}

function instantiate(machine: PickleMachine): void {
  const callee = globalOf(machine, nameLine(machine), nameLine(machine))
  pushObject(machine, callee, counted(machine, { kind: 'tuple', items: popMark(machine) }))
}

function build(machine: PickleMachine): void {
  const state = pop(machine)
  const object = top(machine)
  if (!isNode(object) || object.kind !== 'object') return
  object.states ??= []
  object.states.push(state)
  passJoblibArray(machine, object)
}

function pushPersistent(machine: PickleMachine, id: PickleValue): void {
  push(machine, counted(machine, { kind: 'persistent', id }))
}

/** Which class a number stands for only the loading program's registry (`copyreg`) knows. */
function pushExtension(machine: PickleMachine, code: number): void {
  push(machine, globalOf(machine, 'copyreg', `extension ${code}`))
}

function stackGlobal(machine: PickleMachine): void {
  const name = pop(machine)
  const module = pop(machine)
  if (typeof name !== 'string' || typeof module !== 'string') throw malformed(machine, 'imports what is no name')
  push(machine, globalOf(machine, module, name))
}

function nameLine(machine: PickleMachine): string {
  const { text } = machine.cursor.line('name in the pickle')
  if (text.length > MAX_NAME_BYTES) throw malformed(machine, 'a name too long to be one')
  return held(machine, text)
}

function memoKey(machine: PickleMachine): number {
  return Number(machine.cursor.line('memo').text)
}

/** `I` also stands for booleans: 00 and 01. `L` ends in an L. */
function integerLine(machine: PickleMachine): PickleValue {
  const { text } = machine.cursor.line('number in the pickle')
  if (text === '00' || text === '01') return text === '01'
  if (!/^\s*[+-]?\d+L?\s*$/.test(text)) throw malformed(machine, 'a number that is none')
  const number = Number(text.trim().replace(/L$/, ''))
  return Number.isSafeInteger(number) ? number : null
}

/** Python 2's str: bytes, but names are written so, too. */
function byteString(machine: PickleMachine, length: number): PickleValue {
  if (length > MAX_NAME_BYTES) return textAt(machine, length, 'raw')
  return held(machine, latin1(machine.cursor.bytes(length, 'string in the pickle')))
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

/** A Python 2 literal in quotes; one with escapes is no name and stays where it lies. */
function quotedLine(machine: PickleMachine): PickleValue {
  const { text, offset, length } = machine.cursor.line('string in the pickle')
  const quoted = /^\s*(?:'(.*)'|"(.*)")\s*$/s.exec(text)
  const inner = quoted?.[1] ?? quoted?.[2]
  if (inner === undefined) throw malformed(machine, 'a string without quotes')
  if (inner.length <= MAX_NAME_BYTES && !inner.includes('\\')) return held(machine, inner)
  return counted(machine, { kind: 'bytes', coding: 'escaped', offset, length })
}

function unicodeLine(machine: PickleMachine): PickleValue {
  const { text, offset, length } = machine.cursor.line('string in the pickle')
  if (length > MAX_NAME_BYTES) return counted(machine, { kind: 'bytes', coding: 'escaped', offset, length })
  return held(
    machine,
    text.replace(/\\u([0-9a-fA-F]{4})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16))),
  )
}

/** Little-endian two's complement. Null for integers that no model needs. */
function binaryInteger(machine: PickleMachine, length: number): PickleValue {
  if (length > MAX_INTEGER_BYTES) {
    machine.cursor.skip(length, 'number in the pickle')
    return null
  }
  const bytes = machine.cursor.bytes(length, 'number in the pickle')
  const wide = new DataView(new ArrayBuffer(MAX_INTEGER_BYTES))
  for (let i = 0; i < length; i++) wide.setUint8(i, bytes[i]!)
  if (length > 0 && bytes[length - 1]! >= 0x80) for (let i = length; i < MAX_INTEGER_BYTES; i++) wide.setUint8(i, 0xff)
  const signed = (wide.getBigInt64(8, true) << 64n) | wide.getBigUint64(0, true)
  const number = Number(signed)
  return Number.isSafeInteger(number) ? number : counted(machine, signed)
}
