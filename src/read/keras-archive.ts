import { inflateSource } from './inflate-source.ts'
import { MAX_CONFIG_BYTES, parseConfig } from './keras-config.ts'
import { MAX_INLINE_BYTES } from './limits.ts'
import type { ModelFile, StoredTensor, TensorBytes } from './model-file.ts'
import { readError } from './read-error.ts'
import { type ByteSource, memorySource, partSource, readBytes } from './source.ts'
import { memberRange, readZip, type ZipDirectory, type ZipMember } from './zip.ts'

const CONFIG = 'config.json'
const WEIGHTS = 'model.weights.h5'

type WeightsReader = (weights: ByteSource, config: Record<string, unknown>) => ModelFile

/**
 * A Keras 3 archive: a zip file with the configuration and an HDF5 file of weights. Keras stores members as they are, so that
 * weights keep their place in the archive; an archive that was packed again is unpacked in memory.
 */
export function readKerasArchive(source: ByteSource, readWeights: WeightsReader): ModelFile {
  const zip = readZip(source)
  const config = zip.members.get(CONFIG)
  const weights = zip.members.get(WEIGHTS)
  if (config === undefined || weights === undefined) {
    const value = `no ${config === undefined ? CONFIG : WEIGHTS}`
    throw readError(source.path, 'unsupported', { what: 'Keras archive', value })
  }
  const text = new TextDecoder().decode(unpacked(zip, config, MAX_CONFIG_BYTES))
  const known = parseConfig(source.path, text)
  if (weights.method === 'stored') {
    const { offset, length } = memberRange(zip, weights)
    const model = readWeights(partSource(source.path, source, offset, length), known)
    return { ...model, files: [source], tensors: model.tensors.map((tensor) => moved(tensor, offset)) }
  }
  const bytes = unpacked(zip, weights, MAX_INLINE_BYTES)
  const model = readWeights(memorySource(source.path, bytes), known)
  return { ...model, files: [source], tensors: model.tensors.map((tensor) => held(tensor, bytes)) }
}

function unpacked(zip: ZipDirectory, member: ZipMember, most: number): Uint8Array {
  const { source } = zip
  const { name, bytes, method } = member
  if (bytes > most)
    throw readError(source.path, 'limit', { what: `bytes of ${name}`, value: String(bytes), limit: String(most) })
  const range = memberRange(zip, member)
  if (method === 'stored') return readBytes(source, range.offset, range.length, name)
  if (method !== 'deflated') throw readError(source.path, 'unsupported', { what: 'zip member', value: method })
  const stream = { source, ...range, wrapper: 'none' as const, name }
  return readBytes(inflateSource(source.path, stream, { size: bytes, crc32: member.crc32 }), 0, bytes, name)
}

/** The bytes of a member, as they lie in the archive. */
function moved(tensor: StoredTensor, by: number): StoredTensor {
  return withData(tensor, (data) =>
    data.kind === 'inline'
      ? data
      : { ...data, ranges: data.ranges.map((range) => ({ ...range, offset: range.offset + by })) },
  )
}

function held(tensor: StoredTensor, bytes: Uint8Array): StoredTensor {
  return withData(tensor, (data) => {
    if (data.kind === 'inline') return data
    const { offset, length } = data.ranges[0]!
    return { kind: 'inline', bytes: bytes.subarray(offset, offset + length) }
  })
}

function withData(tensor: StoredTensor, change: (data: TensorBytes) => TensorBytes): StoredTensor {
  return { ...tensor, data: change(tensor.data) }
}
