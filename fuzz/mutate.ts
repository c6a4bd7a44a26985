/** Numbers in [0, 1) that depend on `seed` only (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let z = Math.imul(state ^ (state >>> 15), 1 | state)
    z = (z + Math.imul(z ^ (z >>> 7), 61 | z)) ^ z
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Chooses what is done next: all randomness of a mutation. */
class Chance {
  private readonly random: () => number

  constructor(random: () => number) {
    this.random = random
  }

  below(end: number): number {
    return Math.floor(this.random() * end)
  }

  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!
  }
}

/** Inputs grow by copies and splices; none gets longer than this. */
export const MAX_INPUT_BYTES = 1 << 20

/** A few changes at once get past checks that one alone trips over. */
const MAX_CHANGES = 6

/** One of the corpus, changed. */
export function mutated(corpus: readonly Uint8Array[], random: () => number): Uint8Array {
  const chance = new Chance(random)
  let bytes: Uint8Array = chance.of(corpus).slice()
  for (let left = 1 + chance.below(MAX_CHANGES); left > 0; left--) bytes = chance.of(CHANGES)(bytes, chance, corpus)
  return bytes.subarray(0, MAX_INPUT_BYTES)
}

type Change = (bytes: Uint8Array, chance: Chance, corpus: readonly Uint8Array[]) => Uint8Array

const CHANGES: readonly Change[] = [
  flipBits,
  flipBits,
  setByte,
  setNumber,
  setNumber,
  setVarint,
  setDecimal,
  truncate,
  removeChunk,
  repeatChunk,
  copyChunk,
  splice,
  lengthen,
]

function flipBits(bytes: Uint8Array, chance: Chance): Uint8Array {
  for (let left = 1 + chance.below(8); left > 0 && bytes.length > 0; left--) {
    const at = chance.below(bytes.length)
    bytes[at] = bytes[at]! ^ (1 << chance.below(8))
  }
  return bytes
}

function setByte(bytes: Uint8Array, chance: Chance): Uint8Array {
  if (bytes.length > 0) bytes[chance.below(bytes.length)] = chance.of([0, 1, 0x7f, 0x80, 0xfe, 0xff, chance.below(256)])
  return bytes
}

/** Where lengths and offsets go wrong: ends of types, of exact numbers, of the file itself. */
const EXTREMES: readonly bigint[] = [0, 1, 7, 8, 31, 32, 53, 62, 63].flatMap((bit) => {
  const power = 1n << BigInt(bit)
  return [power - 1n, power, power + 1n, -power]
})

function setNumber(bytes: Uint8Array, chance: Chance): Uint8Array {
  const width = chance.of([1, 2, 4, 8])
  if (bytes.length < width) return bytes
  const size = BigInt(bytes.length + chance.below(3) - 1)
  const value = chance.of([...EXTREMES, size, size, size])
  const aligned = chance.below(2) === 0
  const at = chance.below(bytes.length - width + 1)
  const start = aligned ? at - (at % width) : at
  const isBig = chance.below(4) === 0
  for (let i = 0; i < width; i++) bytes[start + i] = Number((value >> BigInt(8 * (isBig ? width - 1 - i : i))) & 0xffn)
  return bytes
}

/** A LEB128 number of up to ten bytes in place of what is there. */
function setVarint(bytes: Uint8Array, chance: Chance): Uint8Array {
  let value = BigInt.asUintN(64, chance.of(EXTREMES))
  for (let at = chance.below(bytes.length + 1); at < bytes.length; at++) {
    const isLast = value < 0x80n
    bytes[at] = Number(value & 0x7fn) | (isLast ? 0 : 0x80)
    if (isLast) break
    value >>= 7n
  }
  return bytes
}

const DECIMALS = [
  '0',
  '-1',
  '1',
  '255',
  '65536',
  '2147483648',
  '4294967296',
  '9007199254740993',
  '4611686018427387904',
  '1e400',
  '0.5',
  'null',
  '""',
  '[]',
  '{}',
]

/** Another number where one stands written out, as in JSON. */
function setDecimal(bytes: Uint8Array, chance: Chance): Uint8Array {
  if (bytes.length === 0) return bytes
  const isDigit = (at: number) => bytes[at] !== undefined && bytes[at] >= 0x30 && bytes[at] <= 0x39
  const from = chance.below(bytes.length)
  let start = from
  while (start < bytes.length && start < from + 4_096 && !isDigit(start)) start++
  let end = start
  while (isDigit(end)) end++
  return end === start ? bytes : joined(bytes.subarray(0, start), Buffer.from(chance.of(DECIMALS)), bytes.subarray(end))
}

function truncate(bytes: Uint8Array, chance: Chance): Uint8Array {
  return bytes.slice(0, chance.below(bytes.length + 1))
}

function removeChunk(bytes: Uint8Array, chance: Chance): Uint8Array {
  const [start, end] = chunkOf(bytes, chance)
  return joined(bytes.subarray(0, start), bytes.subarray(end))
}

function repeatChunk(bytes: Uint8Array, chance: Chance): Uint8Array {
  const [start, end] = chunkOf(bytes, chance)
  const times = chance.of([2, 3, 64])
  if ((end - start) * times > MAX_INPUT_BYTES) return bytes
  const chunk = bytes.subarray(start, end)
  return joined(bytes.subarray(0, start), ...Array.from({ length: times }, () => chunk), bytes.subarray(end))
}

function copyChunk(bytes: Uint8Array, chance: Chance): Uint8Array {
  const [start, end] = chunkOf(bytes, chance)
  bytes.copyWithin(chance.below(bytes.length + 1), start, end)
  return bytes
}

/** The beginning of one and the end of another. */
function splice(bytes: Uint8Array, chance: Chance, corpus: readonly Uint8Array[]): Uint8Array {
  const other = chance.of(corpus)
  return joined(bytes.subarray(0, chance.below(bytes.length + 1)), other.subarray(chance.below(other.length + 1)))
}

function lengthen(bytes: Uint8Array, chance: Chance): Uint8Array {
  return joined(bytes, new Uint8Array(chance.of([1, 8, 4_096])).fill(chance.of([0, 0xff])))
}

/** Mostly short, as fields and records are. */
function chunkOf(bytes: Uint8Array, chance: Chance): [start: number, end: number] {
  const start = chance.below(bytes.length + 1)
  const length = chance.of([1, 4, 8, 32, 256, bytes.length])
  return [start, Math.min(bytes.length, start + 1 + chance.below(Math.max(1, length)))]
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}
