import { createHash, type Hash } from 'node:crypto'
import { CHUNK_BYTES, type Kernel } from '../kernel/kernel.ts'
import type { ModelFile, StoredTensor } from '../read/model-file.ts'
import type { ByteSource } from '../read/source.ts'
import { elementWidth, isNibble } from './decode.ts'
import { gather } from './gather.ts'
import { gatherBlocks } from './gather-blocks.ts'
import { gatherNibbles } from './gather-nibbles.ts'
import { type InPlace, placeOf, type Task, tensorsInPlace } from './plan.ts'
import type { TensorPrint } from './print.ts'
import { isPacked, printPacked } from './print-packed.ts'
import { type Pull, printTensor } from './print-tensor.ts'

/** Told the bytes of weights and files just read, for progress. */
export type OnBytes = (bytes: number) => void

/** What a task found: digests of whole files by file, prints by tensor. */
export interface TaskResult {
  sha256: Map<number, string>
  prints: Map<number, TensorPrint>
}

export function runTask(kernel: Kernel, model: ModelFile, task: Task, onBytes: OnBytes): TaskResult {
  switch (task.kind) {
    case 'file':
      return passFile(kernel, model, task.file, onBytes)
    case 'hash':
      return { sha256: new Map([[task.file, hashFile(model.files[task.file]!, onBytes)]]), prints: new Map() }
    case 'tensors': {
      const prints = task.indices.map((index) => [index, printAnywhere(kernel, model, index, onBytes)] as const)
      return { sha256: new Map(), prints: new Map(prints) }
    }
  }
}

/** Reads one file once from front to end: its SHA-256, and the prints of the tensors that lie there in canonical order. */
function passFile(kernel: Kernel, model: ModelFile, file: number, onBytes: OnBytes): TaskResult {
  const source = model.files[file]!
  const hash = createHash('sha256')
  const prints = new Map<number, TensorPrint>()
  let position = 0
  for (const place of tensorsInPlace(model, file)) {
    hashRange(source, hash, position, place.offset, onBytes)
    const tensor = model.tensors[place.index]!
    const pull = pullRange(source, place, onBytes, (bytes) => hash.update(bytes))
    const again = () => pullRange(source, place, onBytes)
    prints.set(place.index, printTensor(kernel, tensor, pull, again))
    position = place.offset + place.length
  }
  hashRange(source, hash, position, source.size, onBytes)
  return { sha256: new Map([[file, hash.digest('hex')]]), prints }
}

function hashFile(source: ByteSource, onBytes: OnBytes): string {
  const hash = createHash('sha256')
  hashRange(source, hash, 0, source.size, onBytes)
  return hash.digest('hex')
}

function printAnywhere(kernel: Kernel, model: ModelFile, index: number, onBytes: OnBytes): TensorPrint {
  const tensor = model.tensors[index]!
  if (isPacked(tensor)) return printPacked(kernel, tensor, model.files, onBytes)
  const place = placeOf(tensor, index)
  const source = tensor.data.kind === 'ranges' ? model.files[tensor.data.ranges[0]?.file ?? 0] : undefined
  const open = () => (place && source ? pullRange(source, place, onBytes) : pullGathered(tensor, model.files, onBytes))
  return printTensor(kernel, tensor, open(), open)
}

function hashRange(source: ByteSource, hash: Hash, from: number, to: number, onBytes: OnBytes): void {
  const chunk = new Uint8Array(Math.min(CHUNK_BYTES, Math.max(0, to - from)))
  for (let position = from; position < to; ) {
    const bytes = chunk.subarray(0, Math.min(chunk.length, to - position))
    source.readInto(bytes, position, 'file')
    hash.update(bytes)
    onBytes(bytes.length)
    position += bytes.length
  }
}

function pullRange(source: ByteSource, place: InPlace, onBytes: OnBytes, tap?: (bytes: Uint8Array) => void): Pull {
  let done = 0
  return (target) => {
    const bytes = target.subarray(0, Math.min(target.length, place.length - done))
    if (bytes.length === 0) return 0
    source.readInto(bytes, place.offset + done, 'tensor data')
    tap?.(bytes)
    onBytes(bytes.length)
    done += bytes.length
    return bytes.length
  }
}

function gathered(tensor: StoredTensor, files: readonly ByteSource[]): Generator<Uint8Array> {
  const { element, quantisation } = tensor
  if (quantisation?.kind === 'blocks') return gatherBlocks(tensor, quantisation, files)
  return isNibble(element) ? gatherNibbles(tensor, files) : gather(tensor, files, elementWidth(element))
}

function pullGathered(tensor: StoredTensor, files: readonly ByteSource[], onBytes: OnBytes): Pull {
  const strips = gathered(tensor, files)
  let strip: Uint8Array = new Uint8Array(0)
  let done = 0
  return (target) => {
    if (done === strip.length) {
      const next = strips.next()
      if (next.done) return 0
      strip = next.value
      done = 0
    }
    const bytes = strip.subarray(done, done + target.length)
    target.set(bytes)
    done += bytes.length
    onBytes(bytes.length)
    return bytes.length
  }
}
