import type { ModelFile, StoredTensor } from './model-file.ts'
import { readPytorchTensors } from './pytorch.ts'
import { readSharded } from './shard-index.ts'
import type { ByteSource, Siblings } from './source.ts'

/** `pytorch_model.bin.index.json`, with a variant `pytorch_model.bin.index.fp16.json`. */
export function isPytorchIndexName(name: string): boolean {
  return /\.bin\.index(\.[\w-]+)?\.json$/i.test(name)
}

export function readShardedPytorch(source: ByteSource, siblings: Siblings): ModelFile {
  return readSharded('pytorch', source, siblings, (shard, firstFile) => {
    const content = readPytorchTensors(shard)
    return { ...content, tensors: content.tensors.map((tensor) => inFiles(tensor, firstFile)) }
  })
}

/** A shard counts its files from zero. */
function inFiles(tensor: StoredTensor, firstFile: number): StoredTensor {
  if (tensor.data.kind === 'inline') return tensor
  const ranges = tensor.data.ranges.map((range) => ({ ...range, file: range.file + firstFile }))
  return { ...tensor, data: { kind: 'ranges', ranges } }
}
