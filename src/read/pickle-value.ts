import { MAX_AXES } from './limits.ts'

/**
 * What a pickle says, as plain data. Nothing is looked up, called or built: a class or function is only its name, a call only
 * a record of what it would be called with. The values share structure as the pickle does, and may be cyclic.
 */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | PickleBytes
  | PickleList
  | PickleDict
  | PickleGlobal
  | PickleObject
  | PicklePersistent

/** Bytes, or a text too long to be a name, left where they lie: `length` bytes at `offset` of the pickle's source. */
export interface PickleBytes {
  kind: 'bytes'
  /** `text` is UTF-8; bytes that protocol 0 escapes are `escaped`. */
  coding: 'raw' | 'text' | 'escaped'
  offset: number
  length: number
}

export interface PickleList {
  kind: 'list' | 'tuple' | 'set'
  items: PickleValue[]
}

export interface PickleDict {
  kind: 'dict'
  /** In order of assignment; a later key of the same value takes the place of an earlier one. */
  entries: [PickleValue, PickleValue][]
}

/** A class or function that the pickle imports by name. */
export interface PickleGlobal {
  kind: 'global'
  module: string
  name: string
}

/** What would be the result of a call. */
export interface PickleObject {
  kind: 'object'
  callee: PickleValue
  args: PickleValue
  /** Of each BUILD (`__setstate__`). */
  states: PickleValue[] | null
  /** Of APPEND and ADDITEMS, for subclasses of list and set. */
  items: PickleValue[] | null
  /** Of SETITEM, for subclasses of dict. */
  entries: [PickleValue, PickleValue][] | null
}

/** Something that the pickle leaves to its loader (`persistent_load`). */
export interface PicklePersistent {
  kind: 'persistent'
  id: PickleValue
}

/** `module.name` of a global, or of the function or class that made an object; null for anything else. */
export function nameOf(value: PickleValue | undefined): string | null {
  if (!isNode(value)) return null
  if (value.kind === 'global') return `${value.module}.${value.name}`
  return value.kind === 'object' && isNode(value.callee) && value.callee.kind === 'global' ? nameOf(value.callee) : null
}

export type PickleNode = Exclude<PickleValue, null | boolean | number | bigint | string>

export function isNode(value: PickleValue | undefined): value is PickleNode {
  return typeof value === 'object' && value !== null
}

/** The items of a tuple or list; null for anything else. */
export function itemsOf(value: PickleValue | undefined): PickleValue[] | null {
  return isNode(value) && (value.kind === 'tuple' || value.kind === 'list') ? value.items : null
}

/** An object's arguments; none for anything else. */
export function argsOf(value: PickleValue | undefined): PickleValue[] {
  return isNode(value) && value.kind === 'object' ? (itemsOf(value.args) ?? []) : []
}

/** A whole number from 0 to 2⁵³; null for anything else. */
export function countOf(value: PickleValue | undefined): number | null {
  const number = typeof value === 'bigint' ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : null
}

/** The lengths or strides in a tuple, list or `torch.Size`; null when one of them is none, or for more than any array has. */
export function countsOf(value: PickleValue | undefined): number[] | null {
  const items = nameOf(value) === 'torch.Size' ? itemsOf(argsOf(value)[0]) : itemsOf(value)
  if (items === null || items.length > MAX_AXES) return null
  const counts = items.map(countOf)
  return counts.includes(null) ? null : (counts as number[])
}
