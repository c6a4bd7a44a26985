import type { Moments } from '../kernel/kernel.ts'
import type { Matrix } from './canonical.ts'

/**
 * The factors by which a converter to GGUF stretches rotary frequencies: computed from the configuration (llama3, longrope), with
 * corners that no recurrence follows, and in no other container. The name alone would let anything pass for them; a
 * short vector of positive numbers so called leaves nothing worth hiding.
 */
export function isRopeTable(name: string, matrix: Matrix, { min }: Moments): boolean {
  return (
    /^rope_(freqs|factors_long|factors_short)\.weight$/.test(name) && matrix.rows === 1 && isShort(matrix) && min > 0
  )
}

/** Half a head; the longest heads have 576 elements. */
function isShort({ columns }: Matrix): boolean {
  return columns <= 1_024
}
