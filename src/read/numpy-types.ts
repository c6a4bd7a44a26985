import type { ElementType } from './model-file.ts'
import { argsOf, isNode, itemsOf, type PickleValue } from './pickle-value.ts'

const ELEMENTS: Readonly<Record<string, ElementType>> = {
  f8: 'f64',
  f4: 'f32',
  f2: 'f16',
  i8: 'i64',
  i4: 'i32',
  i2: 'i16',
  i1: 'i8',
  u8: 'u64',
  u4: 'u32',
  u2: 'u16',
  u1: 'u8',
  b1: 'bool',
}

/**
 * The element of a NumPy type string (`<f4`, `|u1`); null for one that is not read: big-endian, complex, strings, records.
 * `=` stands for the writer's own byte order, which is little-endian wherever NumPy runs today but on mainframes.
 */
export function numpyElement(descr: string): ElementType | null {
  const match = /^([<>|=]?)([fiub][1248])$/.exec(descr)
  if (match === null) return null
  const [, order, code] = match
  const element = ELEMENTS[code!] ?? null
  return order === '>' && !code!.endsWith('1') ? null : element
}

/** Bytes of one element of a NumPy type string, also of one that is not read; null where it does not tell. */
export function typeWidth(descr: string): number | null {
  const match = /^[<>|=]?([a-zA-Z])(\d{1,9})$/.exec(descr)
  if (match === null) return null
  return match[1] === 'U' ? 4 * Number(match[2]) : Number(match[2])
}

/** `<f4` of `numpy.dtype('f4', False, True)` with the state (3, '<', …). */
export function typeCode(dtype: PickleValue | undefined): string {
  const [code] = argsOf(dtype)
  const order = isNode(dtype) && dtype.kind === 'object' ? itemsOf(dtype.states?.at(-1))?.[1] : undefined
  const shown = typeof code === 'string' ? code.slice(0, 40) : 'unknown'
  return typeof order === 'string' && /^[<>|=]$/.test(order) && /^[a-zA-Z?]/.test(shown) ? order + shown : shown
}
