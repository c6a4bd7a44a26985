import { CHUNK_BYTES, type Kernel, type TensorRun } from '../kernel/kernel.ts'
import type { StoredTensor } from '../read/model-file.ts'
import type { ByteSource } from '../read/source.ts'
import { canonicalMatrix, type Matrix } from './canonical.ts'
import { looksClosedForm } from './closed-form.ts'
import { rawDigest } from './digest.ts'
import { type PackedTensor, type PackedValues, packedValues } from './packed-values.ts'
import type { TensorPrint } from './print.ts'
import { tensorPrint } from './print-tensor.ts'
import { storedSize } from './stored-size.ts'

export function isPacked(tensor: StoredTensor): tensor is PackedTensor {
  return tensor.quantisation?.kind === 'packed'
}

/**
 * Prints a tensor whose codes and scales stand apart. Its digest is of both as they are met walking the values: the same codes and scales
 * under another packing are the same tensor only by their sketch.
 */
export function printPacked(
  kernel: Kernel,
  tensor: PackedTensor,
  files: readonly ByteSource[],
  onBytes: (bytes: number) => void,
): TensorPrint {
  const matrix = canonicalMatrix(tensor.view)
  const { quantisation } = tensor
  const digest = rawDigest(`${quantisation.scheme} ${matrix.rows}x${matrix.columns}`)
  const values = packedValues(tensor, files, digest)
  const run = kernel.start(matrix.rows, matrix.columns, 'f32')
  let closedForm: boolean | undefined
  for (const chunk of chunksOf(values, run)) {
    closedForm ??= closedFormOf(chunk, matrix)
    run.push(chunk.length)
    onBytes(storedSize(tensor, chunk.length))
  }
  const pass = { exact: null, digest: digest.finish(), run, closedForm: closedForm ?? false, step: values.step }
  return tensorPrint(tensor, matrix, pass, noSecondLook)
}

/** Fills the inlet, which a push can move, with values again and again. */
function* chunksOf({ rows, columns, next }: PackedValues, run: TensorRun): Generator<Float32Array> {
  let chunk = floatsOf(run)
  let filled = 0
  for (let row = 0; row < rows; row++) {
    const values = next()
    for (let done = 0; done < columns; ) {
      const piece = values.subarray(done, done + chunk.length - filled)
      chunk.set(piece, filled)
      filled += piece.length
      done += piece.length
      if (filled === chunk.length) {
        yield chunk
        chunk = floatsOf(run)
        filled = 0
      }
    }
  }
  if (filled > 0) yield chunk.subarray(0, filled)
}

function floatsOf({ inlet }: TensorRun): Float32Array {
  return new Float32Array(inlet.buffer, inlet.byteOffset, CHUNK_BYTES / 4)
}

function closedFormOf(values: Float32Array, matrix: Matrix): boolean {
  return looksClosedForm(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), 'f32', matrix)
}

/** Packed tensors are digested as stored, in one pass. */
function noSecondLook(): never {
  throw new TypeError('a packed tensor is read once')
}
