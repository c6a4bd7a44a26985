import { BLOCK_LAYOUTS } from '../contract/block-scheme.ts'
import { type ExactElement, roundTo } from '../kernel/exact.ts'
import { isSameBlock, type NearestScheme, quantiseBlock } from './requantise.ts'
import type { Values } from './weights.ts'

/** How much of what is stored the parent gives, made anew. */
export interface Reproduced {
  /** What is compared: whole blocks with their scales, or single values. */
  unit: 'blocks' | 'values'
  total: number
  equal: number
  /** The type that the parent was rounded to first; null where it was taken as it is. */
  through: 'f16' | 'bf16' | null
}

/** A way in which a converter may have come from the parent to the stored values. */
interface Way {
  through: 'f16' | 'bf16' | null
  variant: number
}

/** Units looked at to find the way; each costs as much as the rest of the tensor's, once for every way. */
const PROBED = 2_048

/** Takes one unit after the other; says for each way whether it gives what is stored. */
interface Trial {
  ways: readonly Way[]
  /** False at the end. */
  next(): boolean
  holds(way: Way): boolean
}

/** Tries all ways on the first units, the best of them on the rest. */
function reproduced(trial: Trial, unit: Reproduced['unit']): Reproduced {
  const counts = trial.ways.map(() => 0)
  let total = 0
  let best = 0
  for (; trial.next(); total++) {
    if (total < PROBED) {
      trial.ways.forEach((way, k) => {
        if (trial.holds(way)) counts[k]!++
      })
      continue
    }
    if (total === PROBED) best = counts.indexOf(Math.max(...counts))
    if (trial.holds(trial.ways[best]!)) counts[best]!++
  }
  const most = total <= PROBED ? counts.indexOf(Math.max(...counts)) : best
  return { unit, total, equal: counts[most] ?? 0, through: trial.ways[most]!.through }
}

/** Converters of language models go through binary16 or bfloat16 before they quantise. */
function waysOf(variants: number): Way[] {
  return ([null, 'f16', 'bf16'] as const).flatMap((through) =>
    Array.from({ length: variants }, (_, variant) => ({ through, variant })),
  )
}

/** Cuts a stream of values into pieces of one length; the array is used again. */
function inPieces(values: Values, length: number): () => Float32Array | null {
  const piece = new Float32Array(length)
  let chunk: ArrayLike<number> | null = null
  let at = 0
  return () => {
    for (let filled = 0; filled < length; filled++) {
      while (chunk === null || at === chunk.length) {
        chunk = values()
        at = 0
        if (chunk === null) return null
      }
      piece[filled] = chunk[at++]!
    }
    return piece
  }
}

function bytesInPieces(chunks: () => Uint8Array | null, length: number): () => Uint8Array | null {
  let chunk: Uint8Array = new Uint8Array(0)
  let at = 0
  return () => {
    // chunks hold whole blocks
    if (at === chunk.length) {
      const next = chunks()
      if (next === null) return null
      chunk = next
      at = 0
    }
    at += length
    return chunk.subarray(at - length, at)
  }
}

function through(values: Float32Array, type: 'f16' | 'bf16' | null, out: Float32Array): Float32Array {
  if (type === null) return values
  for (let i = 0; i < values.length; i++) out[i] = roundTo(values[i]!, type)
  return out
}

/** Quantises the parent's values anew and compares every block with the stored one, scales included. */
export function reproduceBlocks(scheme: NearestScheme, parent: Values, stored: () => Uint8Array | null): Reproduced {
  const { elements, bytes } = BLOCK_LAYOUTS[scheme]
  const nextValues = inPieces(parent, elements)
  const nextBlock = bytesInPieces(stored, bytes)
  const made = new Uint8Array(bytes)
  const rounded = new Float32Array(elements)
  let values: Float32Array | null = null
  let block: Uint8Array | null = null
  return reproduced(
    {
      ways: waysOf(scheme === 'Q8_0' ? 1 : 2),
      next() {
        block = nextBlock()
        values = block && nextValues()
        return block !== null && values !== null
      },
      holds({ through: type, variant }) {
        quantiseBlock(scheme, through(values!, type, rounded), 0, variant === 0, made, 0)
        return isSameBlock(scheme, made, block!)
      },
    },
    'blocks',
  )
}

/** One stored integer with the scale and zero point that hold for it. */
export interface StoredInteger {
  code: number
  scale: number
  zero: number
}

/**
 * Puts the parent's values on the stored scales anew: nearest step, halves to even or away from zero, by division or by the scale's
 * inverse, as runtimes differ. `least` and `most` bound the codes.
 */
export function reproduceIntegers(
  parent: Values,
  stored: () => StoredInteger | null,
  { least, most }: { least: number; most: number },
): Reproduced {
  const nextValue = inPieces(parent, 1)
  let value = 0
  let integer: StoredInteger | null = null
  return reproduced(
    {
      ways: waysOf(4),
      next() {
        integer = stored()
        const piece = integer && nextValue()
        if (piece) value = piece[0]!
        return Boolean(piece)
      },
      holds({ through: type, variant }) {
        const { code, scale, zero } = integer!
        const x = type === null ? value : roundTo(value, type)
        const steps = variant < 2 ? Math.fround(x / scale) : Math.fround(x * Math.fround(1 / scale))
        const rounded = (variant % 2 === 0 ? halfToEven(steps) : halfAway(steps)) + zero
        return Math.min(most, Math.max(least, rounded)) === code
      },
    },
    'values',
  )
}

function halfToEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor
}

function halfAway(value: number): number {
  return Math.sign(value) * Math.floor(Math.abs(value) + 0.5)
}

/** Dequantised values may be off by the arithmetic of the scale, a value half way between two codes goes either way. */
const STEP_SLACK = 1e-3

/**
 * Rows of 8-bit integers under one scale each, the row's greatest size ÷ 127 (LLM.int8, Dettmers et al. 2022): the parent's row gives the scale, and
 * each stored value must be a whole number of steps and the nearest one.
 */
export function reproduceRows(parent: Values, child: Values, columns: number): Reproduced {
  const nextParent = inPieces(parent, columns)
  const nextChild = inPieces(child, columns)
  const rounded = new Float32Array(columns)
  let row: Float32Array | null = null
  let stored: Float32Array | null = null
  return reproduced(
    {
      ways: waysOf(1),
      next() {
        stored = nextChild()
        row = stored && nextParent()
        return stored !== null && row !== null
      },
      holds({ through: type }) {
        const values = through(row!, type, rounded)
        const step = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127
        if (step === 0) return stored!.every((value) => value === 0)
        return stored!.every((value, i) => {
          const code = value / step
          const isWhole = Math.abs(code - Math.round(code)) <= STEP_SLACK
          return isWhole && Math.abs(values[i]! / step - code) <= 0.5 + STEP_SLACK
        })
      },
    },
    'blocks',
  )
}

/** Rounds the parent's values to the child's narrower type, to nearest, and compares each. */
export function reproduceRounding(parent: Values, child: Values, type: ExactElement): Reproduced {
  const nextParent = inPieces(parent, 1)
  const nextChild = inPieces(child, 1)
  let [value, stored] = [0, 0]
  return reproduced(
    {
      ways: waysOf(1),
      next() {
        const [own, other] = [nextChild(), nextParent()]
        if (own === null || other === null) return false
        stored = own[0]!
        value = other[0]!
        return true
      },
      holds: ({ through: first }) => roundTo(first === null ? value : roundTo(value, first), type) === stored,
    },
    'values',
  )
}
