import { runTask } from '../src/identify/file-pass.ts'
import { planTasks } from '../src/identify/plan.ts'
import { plainKernel } from '../src/kernel/plain-kernel.ts'
import type { ModelFile } from '../src/read/model-file.ts'
import { ReadError, readError } from '../src/read/read-error.ts'
import { memorySource, type Siblings } from '../src/read/source.ts'
import { unsoundness } from '../test/builders/soundness.ts'

/** Values printed of one input: enough for every kind of tensor, soon done. */
const MAX_PRINTED = 1 << 14

/**
 * What must hold of a reader for any bytes: it gives a tensor directory that can be read and printed, or a `ReadError`. Anything else that is
 * thrown is passed on.
 */
export function readsSoundly(read: () => ModelFile): void {
  let file: ModelFile
  try {
    file = read()
  } catch (error) {
    if (error instanceof ReadError) return
    throw error
  }
  const faults = unsoundness(file)
  if (faults.length > 0) throw new Error(`unsound: ${faults.slice(0, 3).join('; ')}`)
  printSmall(file)
}

/** Prints what is small: sizes are what a reader answers for, prints only follow them. */
function printSmall(file: ModelFile): void {
  const sizes = file.tensors.map(({ view }) => view.shape.reduce((product, length) => product * length, 1))
  let left = MAX_PRINTED
  const tensors = file.tensors.filter((_, index) => {
    left -= sizes[index]!
    return left >= 0
  })
  const small = { ...file, tensors }
  try {
    for (const task of planTasks(small, 1)) runTask(plainKernel, small, task, () => {})
  } catch (error) {
    // faults of compressed bytes show only as they are unpacked
    const isPacked = file.files.some(({ virtual }) => virtual)
    if (!(isPacked && error instanceof ReadError)) throw error
  }
}

/** Siblings that have nothing. */
export const noSiblings: Siblings = {
  open(name) {
    throw readError('input', 'missing-file', { name })
  },
}

/** Siblings that have the same bytes under every name. */
export function everywhere(bytes: Uint8Array): Siblings {
  return { open: (name) => memorySource(name, bytes) }
}
