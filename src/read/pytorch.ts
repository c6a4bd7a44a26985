import { checkpointModel } from './checkpoint.ts'
import type { ModelFile } from './model-file.ts'
import { looksLikeLegacyPytorch, looksLikeTarPytorch, readLegacyPytorch, refuseTarPytorch } from './pytorch-legacy.ts'
import { type PytorchTensors, readPytorchZip } from './pytorch-zip.ts'
import { readError } from './read-error.ts'
import { type ByteSource, readBytes, type Siblings } from './source.ts'
import { looksLikeZip } from './zip.ts'

/** A file so named is a checkpoint, or a broken one. `.bin` and `.ckpt` are many other things, too. */
export const PYTORCH_NAME = /\.(pt|pth)$|(^|\/)pytorch_model[^/]*\.bin$/i

/** A file written by torch.save or torch.jit.save. Nothing of it is run. */
export function readPytorch(source: ByteSource, siblings: Siblings): ModelFile {
  return checkpointModel({ format: 'pytorch', ...readPytorchTensors(source) }, siblings)
}

/** The tensors as stored, of either form. Throws `unsupported` for any other file. */
export function readPytorchTensors(source: ByteSource): PytorchTensors {
  const head = readBytes(source, 0, Math.min(source.size, 512), 'head')
  if (looksLikeZip(source.path, head)) return readPytorchZip(source)
  if (looksLikeLegacyPytorch(source.path, head)) return readLegacyPytorch(source)
  if (looksLikeTarPytorch(source.path, head)) return refuseTarPytorch(source)
  throw readError(source.path, 'unsupported', {
    what: 'PyTorch checkpoint',
    value: 'neither a zip archive nor pickles',
  })
}
