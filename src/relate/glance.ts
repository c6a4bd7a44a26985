import { fold, transpose } from '../kernel/algebra.ts'
import type { Subject, Weight } from './subject.ts'

/**
 * The version of what a glance holds. One that was stored under another version is made again from its print, which is older
 * than any glance.
 */
export const GLANCE_VERSION = 2

/** Sides of the two sketches of a tensor that a glance holds: 64 cells to pass most pairs over, 256 to look again. */
export const COARSE = 8
const FINE = 16

/** A model as far as deciding takes which others are worth comparing with it: its weights, and coarse sketches of them. */
export interface Glance {
  id: string
  /** One a weight, as everything below. */
  rows: Uint32Array
  columns: Uint32Array
  /** The first 32 bits of the digest, and a 32-bit hash of the role: enough to look for equal ones. */
  digests: Uint32Array
  roles: Uint32Array
  /** A 32-bit hash of the shape either way round, the least and the greatest value: equal for the same values in another order. */
  extremes: Uint32Array
  coarse: Cells
}

/** Folded sketches, of matrices without their means; the shorter side down, so that a matrix and its transpose stand alike. */
export interface Cells {
  side: number
  /** Euclidean norms before the scaling; 0 for weights without a sketch. */
  norms: Float32Array
  /** `side`² for each weight, at length `UNIT`. Fewer of narrow matrices; the others are 0. */
  values: Int16Array
}

/** Length of every sketch in `Cells`: inner products fit in 32 bits, and rounding a sketch moves it by two in ten thousand at most. */
export const UNIT = 2 ** 15 - 1

export function glanceOf({ id, weights }: Subject): Glance {
  return {
    id,
    rows: Uint32Array.from(weights, ({ print }) => print.rows),
    columns: Uint32Array.from(weights, ({ print }) => print.columns),
    digests: Uint32Array.from(weights, ({ print }) => Number.parseInt(print.digest.slice(0, 8), 16)),
    roles: Uint32Array.from(weights, ({ print }) => hashOf(print.role)),
    extremes: Uint32Array.from(weights, ({ print }) => hashOf(extremesOf(print))),
    coarse: cellsOf(weights, COARSE),
  }
}

function extremesOf({ rows, columns, invariants }: Weight['print']): string {
  return `${Math.min(rows, columns)} ${Math.max(rows, columns)} ${invariants.min} ${invariants.max}`
}

/** The finer sketches of the same weights. */
export function fineCellsOf({ weights }: Subject): Cells {
  return cellsOf(weights, FINE)
}

function cellsOf(weights: Weight[], side: number): Cells {
  const norms = new Float32Array(weights.length)
  const values = new Int16Array(weights.length * side * side)
  weights.forEach((weight, k) => {
    const cells = foldedCells(weight, side)
    if (!cells) return
    const norm = Math.sqrt(cells.reduce((sum, value) => sum + value * value, 0))
    norms[k] = norm
    const scale = norm > 0 ? UNIT / norm : 0
    for (let at = 0; at < cells.length; at++) values[k * side * side + at] = Math.round(cells[at]! * scale)
  })
  return { side, norms, values }
}

function foldedCells({ print, sketch, folded, foldedHeight, foldedWidth }: Weight, side: number): Float32Array | null {
  // the sketch of a vector has 64 cells at most, and side² are at hand
  if (!folded) return print.rows === 1 ? sketch : null
  const { height, width, values } = fold(folded, foldedHeight, foldedWidth, side)
  return print.rows > print.columns ? transpose(values, height, width) : values
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}

/** Numbers of 32 bits that a glance has for each weight, beside the cells. */
const FIELDS = 6

/** As bytes, to be stored: the five columns and the norms, then the cells. */
export function encodeGlance({ rows, columns, digests, roles, extremes, coarse }: Glance): Uint8Array {
  const parts = [rows, columns, digests, roles, extremes, coarse.norms, coarse.values]
  return joined(parts)
}

/** The inverse of `encodeGlance`; null for bytes that are none. Views where the bytes are aligned, copies where not. */
export function decodeGlance(id: string, stored: Uint8Array): Glance | null {
  const perWeight = FIELDS * 4 + COARSE * COARSE * 2
  const count = stored.length / perWeight
  if (!Number.isInteger(count)) return null
  const { buffer, byteOffset } = aligned(stored)
  const column = (at: number) => new Uint32Array(buffer, byteOffset + at * count * 4, count)
  return {
    id,
    rows: column(0),
    columns: column(1),
    digests: column(2),
    roles: column(3),
    extremes: column(4),
    coarse: {
      side: COARSE,
      norms: new Float32Array(buffer, byteOffset + 5 * count * 4, count),
      values: new Int16Array(buffer, byteOffset + FIELDS * count * 4, count * COARSE * COARSE),
    },
  }
}

export function encodeFine({ norms, values }: Cells): Uint8Array {
  return joined([norms, values])
}

/** The inverse of `encodeFine`; null for bytes that are none. */
export function decodeFine(stored: Uint8Array): Cells | null {
  const count = stored.length / (4 + FINE * FINE * 2)
  if (!Number.isInteger(count)) return null
  const { buffer, byteOffset } = aligned(stored)
  return {
    side: FINE,
    norms: new Float32Array(buffer, byteOffset, count),
    values: new Int16Array(buffer, byteOffset + count * 4, count * FINE * FINE),
  }
}

function aligned(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 4 === 0 ? bytes : Uint8Array.from(bytes)
}

function joined(parts: (Uint32Array | Float32Array | Int16Array)[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at)
    at += part.byteLength
  }
  return bytes
}
