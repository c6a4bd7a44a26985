import { adapterOf } from './adapter.ts'
import type { Finding, Format, ModelFile, StoredTensor } from './model-file.ts'
import { unpackQuantised } from './packed.ts'
import type { ByteSource, Siblings } from './source.ts'
import { splitByRole } from './split.ts'

/** A PyTorch-style checkpoint as its container gives it: named tensors in one or more files. */
export interface Checkpoint {
  format: Format
  /** The main file first. */
  files: ByteSource[]
  /** As stored, in the order of their bytes. */
  tensors: StoredTensor[]
  findings: Finding[]
  /** What the file says of itself. */
  metadata?: Readonly<Record<string, string>>
}

/**
 * What the tensors of a checkpoint mean: packed ones put together, fused ones split by role; or, where they are the factors of an
 * adapter, left as they are. `siblings` are asked for configurations only.
 */
export function checkpointModel(checkpoint: Checkpoint, siblings: Siblings): ModelFile {
  const { format, files, tensors, findings, metadata } = checkpoint
  const { path } = files[0]!
  const adapter = adapterOf(path, tensors, files, siblings, metadata)
  if (adapter !== null) return { format, files, tensors, findings, adapter }
  const unpacked = unpackQuantised(path, tensors, files, siblings)
  return {
    format,
    files,
    tensors: splitByRole(path, unpacked.tensors),
    findings: [...findings, ...unpacked.findings],
  }
}
