import { MAX_INLINE_BYTES } from './limits.ts'
import type { Finding, StoredTensor } from './model-file.ts'
import type { Wire } from './protobuf.ts'
import type { ByteSource, Siblings } from './source.ts'

/** A Core ML model as far as it has been read. */
export interface CoremlFile {
  wire: Wire
  siblings: Siblings
  /** The main file, then files of blobs. */
  files: ByteSource[]
  fileNumbers: Map<string, number>
  tensors: StoredTensor[]
  findings: Finding[]
  /** Bytes that may still be held in memory. */
  inlineLeft: number
}

export function coremlFile(wire: Wire, siblings: Siblings): CoremlFile {
  return {
    wire,
    siblings,
    files: [wire.source],
    fileNumbers: new Map(),
    tensors: [],
    findings: [],
    inlineLeft: MAX_INLINE_BYTES,
  }
}

/** Whether so many bytes more can be held in memory; counts them if so. */
export function canHold(model: CoremlFile, bytes: number): boolean {
  if (bytes > model.inlineLeft) return false
  model.inlineLeft -= bytes
  return true
}

/** A model with more has no need of a complete list. */
const MAX_FINDINGS = 1_000

/** One tensor that is not read; the others are. */
export function leaveOut(model: CoremlFile, name: string, reason: string): void {
  if (model.findings.length >= MAX_FINDINGS) return
  const message = `The weights "${name.slice(0, 200)}" are not read: ${reason}.`
  model.findings.push({ code: 'unsupported', severity: 'medium', message })
}
