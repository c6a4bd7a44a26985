import type { ModelFile } from './model-file.ts'
import { readTensorDirectory } from './safetensors.ts'
import { readSharded } from './shard-index.ts'
import type { ByteSource, Siblings } from './source.ts'

/** `model.safetensors.index.json`, with a variant `model.safetensors.index.fp16.json`. */
export function isSafetensorsIndexName(name: string): boolean {
  return /\.safetensors\.index(\.[\w-]+)?\.json$/i.test(name)
}

export function readShardedSafetensors(source: ByteSource, siblings: Siblings): ModelFile {
  return readSharded('safetensors', source, siblings, (shard, file) => {
    const { tensors } = readTensorDirectory(shard, file)
    return { files: [shard], tensors, findings: [] }
  })
}
