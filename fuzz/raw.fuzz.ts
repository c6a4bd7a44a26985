import { HintError, parseHint, readRaw } from '../src/read/raw.ts'
import { memorySource } from '../src/read/source.ts'
import { readsSoundly } from './invariant.ts'

const LINE_FEED = 0x0a

export const seeds = ['*.bin=f32[4,4]\n', 'w=u4[3,5]\n', 'voices/*=bf16[2,2,2]\n'].map(
  (line) => new Uint8Array(Buffer.concat([Buffer.from(line), Buffer.alloc(64)])),
)

/** The first line is the hint, the rest the file. */
export function fuzzRaw(bytes: Uint8Array): void {
  const end = bytes.indexOf(LINE_FEED)
  const text = Buffer.from(bytes.subarray(0, end < 0 ? bytes.length : end)).toString()
  const hint = hintFrom(text)
  if (hint !== null) readsSoundly(() => readRaw(memorySource('input.bin', bytes.subarray(end + 1)), hint))
}

function hintFrom(text: string) {
  try {
    return parseHint(text)
  } catch (error) {
    if (error instanceof HintError) return null
    throw error
  }
}
