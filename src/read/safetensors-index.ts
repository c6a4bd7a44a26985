import { isObject, type JsonBounds, readJsonObject } from './json.ts'
import { refuseLfsPointer } from './lfs-pointer.ts'
import { MAX_FILES, MAX_HEADER_BYTES, MAX_TENSORS } from './limits.ts'
import type { Finding, ModelFile, StoredTensor } from './model-file.ts'
import { readError } from './read-error.ts'
import { readTensorDirectory } from './safetensors.ts'
import type { ByteSource, Siblings } from './source.ts'
import { splitByRole } from './split.ts'

/** `metadata` and `weight_map`, whose entries are all that counts; some writers put nested notes into the metadata. */
const INDEX_BOUNDS: JsonBounds = {
  depth: 16,
  keys: [
    { what: 'index fields', limit: 1_024 },
    { what: 'tensors', limit: MAX_TENSORS },
  ],
}

/** `model.safetensors.index.json`, with a variant `model.safetensors.index.fp16.json`. */
export function isSafetensorsIndexName(name: string): boolean {
  return /\.safetensors\.index(\.[\w-]+)?\.json$/i.test(name)
}

/**
 * A model in shards, by its index. The model is what a loader sees: every tensor the map names, from the shard it names,
 * and also those that shards hold beyond the map (loaders read whole shards), with a finding.
 */
export function readShardedSafetensors(source: ByteSource, siblings: Siblings): ModelFile {
  const weightMap = readWeightMap(source)
  const shardNames = [...new Set(weightMap.values())].sort()
  if (shardNames.length > MAX_FILES)
    throw readError(source.path, 'limit', {
      what: 'shards',
      value: String(shardNames.length),
      limit: String(MAX_FILES),
    })
  const shards = shardNames.map((name, index) => readShard(siblings.open(name), name, index + 1, weightMap))
  const tensors = shards.flatMap((shard) => shard.tensors)
  checkAllFound(source, weightMap, tensors)
  return {
    format: 'safetensors',
    files: [source, ...shards.map((shard) => shard.source)],
    tensors: splitByRole(source.path, tensors),
    findings: shards.flatMap((shard) => shard.findings),
  }
}

function readWeightMap(source: ByteSource): Map<string, string> {
  if (source.size > MAX_HEADER_BYTES)
    throw readError(source.path, 'limit', {
      what: 'index bytes',
      value: String(source.size),
      limit: String(MAX_HEADER_BYTES),
    })
  const { weight_map: weightMap } = readJsonObject(source, 0, source.size, 'index', INDEX_BOUNDS)
  const malformed = (reason: string) => readError(source.path, 'malformed', { what: 'weight_map', reason, offset: 0 })
  if (!isObject(weightMap)) throw malformed('not an object')
  const entries = Object.entries(weightMap)
  if (entries.length === 0) throw malformed('names no tensor')
  if (!entries.every((entry): entry is [string, string] => typeof entry[1] === 'string'))
    throw malformed('a tensor has no file name')
  return new Map(entries)
}

interface Shard {
  source: ByteSource
  tensors: StoredTensor[]
  findings: Finding[]
}

function readShard(source: ByteSource, name: string, file: number, weightMap: ReadonlyMap<string, string>): Shard {
  refuseLfsPointer(source)
  const stored = readTensorDirectory(source, file)
  const unnamed = stored.filter((tensor) => !weightMap.has(tensor.name))
  const isElsewhere = (tensor: StoredTensor) => (weightMap.get(tensor.name) ?? name) !== name
  const elsewhere = stored.filter(isElsewhere)
  return {
    source,
    tensors: stored.filter((tensor) => !isElsewhere(tensor)),
    findings: [
      ...finding(
        'unindexed-tensors',
        'low',
        unnamed,
        `of ${source.path} are not in the index; loaders that read whole shards take them`,
      ),
      ...finding(
        'shadowed-tensors',
        'medium',
        elsewhere,
        `of ${source.path} also stand in another shard, which the index names; they are left out`,
      ),
    ],
  }
}

function finding(
  code: string,
  severity: Finding['severity'],
  tensors: readonly StoredTensor[],
  rest: string,
): Finding[] {
  if (tensors.length === 0) return []
  const names = tensors.slice(0, 3).map((tensor) => tensor.name)
  const more = tensors.length > names.length ? ` and ${tensors.length - names.length} more` : ''
  return [{ code, severity, message: `${names.join(', ')}${more} ${rest}` }]
}

function checkAllFound(
  source: ByteSource,
  weightMap: ReadonlyMap<string, string>,
  tensors: readonly StoredTensor[],
): void {
  const found = new Set(tensors.map((tensor) => tensor.name))
  for (const [name, file] of weightMap)
    if (!found.has(name))
      throw readError(source.path, 'malformed', { what: name, reason: `${file} holds no such tensor`, offset: 0 })
}
