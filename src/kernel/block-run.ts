import { BLOCK_LAYOUTS, type BlockScheme } from '../contract/block-scheme.ts'
import { decodeBlocks } from './blocks.ts'
import { CHUNK_BYTES, type TensorRun } from './kernel.ts'
import { checkPush, checkScalable, floatElement } from './tensor-run.ts'

/** Floats that fit the inlet of the inner run at once: whole blocks of every scheme. */
const PIECE = CHUNK_BYTES / 4

/** Decodes blocks here and passes them on to a run of f32 over the same matrix. */
export function throughFloats(run: TensorRun, scheme: BlockScheme, elements: number): TensorRun {
  const layout = BLOCK_LAYOUTS[scheme]
  const inlet = new Uint8Array(CHUNK_BYTES)
  let remaining = elements
  let squares = 0
  return {
    inlet,
    canonicalise: () => void floatElement(scheme),
    pushScaled: () => checkScalable(scheme),
    push(count) {
      checkPush(scheme, count, 0, remaining)
      remaining -= count
      for (let done = 0; done < count; done += PIECE) {
        const part = Math.min(PIECE, count - done)
        const values = new Float32Array(run.inlet.buffer, run.inlet.byteOffset, part)
        squares += decodeBlocks(scheme, inlet.subarray((done / layout.elements) * layout.bytes), values)
        run.push(part)
      }
    },
    finish: () => ({ ...run.finish(), step: Math.sqrt(squares / Math.max(1, elements)) }),
  }
}
