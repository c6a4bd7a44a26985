import { crc32 } from 'node:zlib'
import { readGzipHeader } from './gzip-header.ts'
import { type HuffmanTable, huffmanTable } from './huffman.ts'
import { type ByteReader, byteReader, type Deflated } from './inflate-input.ts'
import { readError } from './read-error.ts'

/** Where unpacking can go on: the beginning of a block, with the output it may refer back to. */
export interface Checkpoint {
  /** Bytes of output before it. */
  output: number
  input: { at: number; bits: number; count: number }
  last: boolean
  window: Uint8Array
  crc32: number
  member: number
}

export interface Inflater {
  /** Bytes of output before the next chunk. */
  readonly output: number
  /** CRC-32 of all output so far; in gzip, of the member's. */
  readonly crc32: number
  /** The next bytes of output, valid until the next call; empty at the end. Throws `malformed`, `truncated`. */
  next(): Uint8Array
  /** Null unless `next` just stopped at the beginning of a block. */
  checkpoint(): Checkpoint | null
}

/** What a distance can refer back to. */
const WINDOW_BYTES = 32 * 1024

/** Output of one `next`, at most; small enough to stay in a processor's cache. */
const CHUNK_BYTES = 128 * 1024

const LONGEST_MATCH = 258

/** From here on filling a run in one call is faster than byte by byte. */
const LONG_MATCH = 64

/** Extra bits behind a length or distance symbol, and the least it stands for: the symbols before it cover all less (3.2.5). */
const LENGTH_EXTRA = Uint8Array.from({ length: 29 }, (_, code) => (code === 28 ? 0 : Math.max(0, (code >> 2) - 1)))
const LENGTH_BASES = basesOf(LENGTH_EXTRA, 3).with(28, LONGEST_MATCH)
const DISTANCE_EXTRA = Uint8Array.from({ length: 30 }, (_, code) => Math.max(0, (code >> 1) - 1))
const DISTANCE_BASES = basesOf(DISTANCE_EXTRA, 1)

function basesOf(extra: Uint8Array, first: number): Uint16Array {
  const bases = new Uint16Array(extra.length)
  for (let code = 0, base = first; code < extra.length; base += 1 << extra[code++]!) bases[code] = base
  return bases
}

/** In which order the lengths of the code lengths' own code stand (3.2.7). */
const LENGTH_ORDER = Uint8Array.of(16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15)

const END_OF_BLOCK = 256

interface State {
  stream: Deflated
  input: ByteReader
  /** The window, then the chunk. */
  out: Uint8Array
  length: number
  /** The first byte of `out` that may be referred to: the window's, or the gzip member's. */
  floor: number
  mode: 'member' | 'block' | 'stored' | 'codes' | 'end'
  last: boolean
  storedLeft: number
  literals: HuffmanTable
  distances: HuffmanTable
  /** Bytes of `out` that `crc32` does not include yet begin here. */
  summed: number
  crc32: number
  /** Bytes of output of the current gzip member before `summed`. */
  member: number
}

/**
 * Unpacks piece by piece with about 250 KiB of memory, whatever the stream says. `node:zlib` has no synchronous call that
 * bounds its output, and JavaScript packages hold all that one piece of input grows to.
 */
export function openInflater(stream: Deflated, from: Checkpoint | null = null): Inflater {
  const state = from === null ? beginning(stream) : resumed(stream, from)
  let output = from?.output ?? 0
  let given = 0
  return {
    get output() {
      return output
    },
    get crc32() {
      return state.crc32
    },
    next() {
      output += given
      slide(state)
      const start = state.length
      fillChunk(state)
      sum(state)
      given = state.length - start
      return state.out.subarray(start, state.length)
    },
    checkpoint() {
      if (state.mode !== 'block') return null
      const { last, crc32, member } = state
      const window = state.out.slice(Math.max(state.floor, state.length - WINDOW_BYTES), state.length)
      return { output: output + given, input: state.input.mark(), last, window, crc32, member }
    },
  }
}

function beginning(stream: Deflated): State {
  return {
    stream,
    input: byteReader(stream, null),
    out: new Uint8Array(outputBytes(stream)),
    length: 0,
    floor: 0,
    mode: stream.wrapper === 'gzip' ? 'member' : 'block',
    last: false,
    storedLeft: 0,
    literals: FIXED_LITERALS,
    distances: FIXED_DISTANCES,
    summed: 0,
    crc32: 0,
    member: 0,
  }
}

/** With room to see that a stream gives more than it should. */
function outputBytes({ bytes }: Deflated): number {
  const most = WINDOW_BYTES + CHUNK_BYTES
  return bytes === undefined ? most : Math.min(most, bytes + 2 * LONGEST_MATCH)
}

function resumed(stream: Deflated, from: Checkpoint): State {
  const state = beginning(stream)
  state.input = byteReader(stream, from.input)
  state.out.set(from.window)
  state.length = from.window.length
  state.summed = state.length
  state.mode = 'block'
  state.last = from.last
  state.crc32 = from.crc32
  state.member = from.member
  return state
}

/** Moves the window to the front. */
function slide(state: State): void {
  const shift = state.length - WINDOW_BYTES
  if (shift <= 0) return
  state.out.copyWithin(0, shift, state.length)
  state.length -= shift
  state.summed -= shift
  state.floor = Math.max(0, state.floor - shift)
}

/** Stops where a block begins, once half a chunk is there, so that unpacking can be taken up again from many places. */
function fillChunk(state: State): void {
  const start = state.length
  while (state.mode !== 'end' && state.length + LONGEST_MATCH <= state.out.length) {
    if (state.mode === 'block' && state.length - start > CHUNK_BYTES / 2) return
    step(state)
  }
}

function step(state: State): void {
  switch (state.mode) {
    case 'member':
      if (!readGzipHeader(state.input)) state.mode = 'end'
      else state.mode = 'block'
      return
    case 'block':
      if (state.last) endMember(state)
      else readBlockHeader(state)
      return
    case 'stored':
      copyStored(state)
      return
    case 'codes':
      decodeCodes(state)
      return
    case 'end':
  }
}

/** Behind a gzip member its checksum and size, then maybe another member, which cannot refer back to this one. */
function endMember(state: State): void {
  state.mode = 'end'
  state.last = false
  state.input.align()
  if (state.stream.wrapper === 'none') return
  sum(state)
  const expected = state.input.take(16) + state.input.take(16) * 0x10000
  const size = state.input.take(16) + state.input.take(16) * 0x10000
  if (expected !== state.crc32) throw malformed(state, 'its checksum does not fit')
  if (size !== state.member % 2 ** 32) throw malformed(state, 'its size is not what it says')
  state.mode = 'member'
  state.crc32 = 0
  state.member = 0
  state.floor = state.length
}

function sum(state: State): void {
  state.crc32 = crc32(state.out.subarray(state.summed, state.length), state.crc32)
  state.member += state.length - state.summed
  state.summed = state.length
}

function readBlockHeader(state: State): void {
  const { input } = state
  state.last = input.take(1) === 1
  const kind = input.take(2)
  if (kind === 0) {
    input.align()
    state.storedLeft = input.take(16)
    if ((input.take(16) ^ 0xffff) !== state.storedLeft) throw malformed(state, 'a stored block contradicts its length')
    state.mode = 'stored'
  } else if (kind === 3) throw malformed(state, 'a block of no known kind')
  else {
    const tables = kind === 2 ? readTables(state) : { literals: FIXED_LITERALS, distances: FIXED_DISTANCES }
    state.literals = tables.literals
    state.distances = tables.distances
    state.mode = 'codes'
  }
}

function readTables(state: State): { literals: HuffmanTable; distances: HuffmanTable } {
  const { input } = state
  const literals = input.take(5) + 257
  const distances = input.take(5) + 1
  const lengthCodes = input.take(4) + 4
  if (literals > 286 || distances > 30) throw malformed(state, 'more codes than there are')
  const lengthLengths = new Uint8Array(19)
  for (let i = 0; i < lengthCodes; i++) lengthLengths[LENGTH_ORDER[i]!] = input.take(3)
  const lengths = readLengths(state, tableOf(state, lengthLengths), literals + distances)
  if (lengths[END_OF_BLOCK] === 0) throw malformed(state, 'a block without an end')
  return {
    literals: tableOf(state, lengths.subarray(0, literals)),
    distances: tableOf(state, lengths.subarray(literals)),
  }
}

/** 16: the last length 3–6 times; 17 and 18: 3–10 and 11–138 zeros. */
function readLengths(state: State, table: HuffmanTable, count: number): Uint8Array {
  const { input } = state
  const lengths = new Uint8Array(count)
  for (let at = 0; at < count; ) {
    const symbol = input.decode(table)
    if (symbol < 0) throw malformed(state, 'a code that stands for nothing')
    if (symbol < 16) {
      lengths[at++] = symbol
      continue
    }
    if (symbol === 16 && at === 0) throw malformed(state, 'repeats a length before the first')
    const repeated = symbol === 16 ? lengths[at - 1]! : 0
    const times = symbol === 16 ? 3 + input.take(2) : symbol === 17 ? 3 + input.take(3) : 11 + input.take(7)
    if (at + times > count) throw malformed(state, 'more code lengths than codes')
    lengths.fill(repeated, at, at + times)
    at += times
  }
  return lengths
}

function tableOf(state: State, lengths: Uint8Array): HuffmanTable {
  const table = huffmanTable(lengths)
  if (table === null) throw malformed(state, 'code lengths that are no code')
  return table
}

function copyStored(state: State): void {
  const length = Math.min(state.storedLeft, state.out.length - state.length)
  state.input.copy(state.out.subarray(state.length, state.length + length))
  state.length += length
  state.storedLeft -= length
  if (state.storedLeft === 0) state.mode = 'block'
}

/** The inner loop: bits and positions are in local variables, because it runs for every byte. */
function decodeCodes(state: State): void {
  const { input, out, literals, distances, floor } = state
  const most = out.length - LONGEST_MATCH
  const literalMask = (1 << literals.bits) - 1
  const distanceMask = (1 << distances.bits) - 1
  const { buffer } = input
  let { length } = state
  input.ensure()
  let { at, bits, count } = input
  while (length <= most) {
    if (at > input.safe) {
      input.at = at
      input.bits = bits
      input.count = count
      input.ensure()
      ;({ at, bits, count } = input)
    }
    while (count < 16) {
      bits |= buffer[at++]! << count
      count += 8
    }
    const entry = literals.entries[bits & literalMask]!
    bits >>>= entry & 15
    count -= entry & 15
    const symbol = entry >> 4
    if (entry === 0) throw malformed(state, 'a code that stands for nothing')
    if (symbol < END_OF_BLOCK) {
      out[length++] = symbol
      continue
    }
    if (symbol === END_OF_BLOCK) {
      state.mode = 'block'
      break
    }
    if (symbol > 285) throw malformed(state, 'a length that does not exist')
    while (count < 16) {
      bits |= buffer[at++]! << count
      count += 8
    }
    const lengthExtra = LENGTH_EXTRA[symbol - 257]!
    let copied = LENGTH_BASES[symbol - 257]! + (bits & ((1 << lengthExtra) - 1))
    bits >>>= lengthExtra
    count -= lengthExtra
    while (count < 16) {
      bits |= buffer[at++]! << count
      count += 8
    }
    const place = distances.entries[bits & distanceMask]!
    bits >>>= place & 15
    count -= place & 15
    if (place === 0 || place >> 4 > 29) throw malformed(state, 'a distance that does not exist')
    while (count < 16) {
      bits |= buffer[at++]! << count
      count += 8
    }
    const distanceExtra = DISTANCE_EXTRA[place >> 4]!
    const distance = DISTANCE_BASES[place >> 4]! + (bits & ((1 << distanceExtra) - 1))
    bits >>>= distanceExtra
    count -= distanceExtra
    if (distance > length - floor) throw malformed(state, 'refers to before its beginning')
    if (distance === 1 && copied > LONG_MATCH) {
      out.fill(out[length - 1]!, length, length + copied)
      length += copied
    } else for (let from = length - distance; copied > 0; copied--) out[length++] = out[from++]!
  }
  input.at = at
  input.bits = bits
  input.count = count
  input.refuseOverrun()
  state.length = length
}

const FIXED_LITERALS = huffmanTable(
  Uint8Array.from({ length: 288 }, (_, symbol) => (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8)),
)!
const FIXED_DISTANCES = huffmanTable(new Uint8Array(32).fill(5))!

function malformed({ stream, input }: State, reason: string) {
  return readError(stream.source.path, 'malformed', { what: stream.name, reason, offset: input.position() })
}
