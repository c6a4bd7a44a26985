import { checkpointModel } from './checkpoint.ts'
import { isObject, type JsonBounds, readJsonObject } from './json.ts'
import { refuseLfsPointer } from './lfs-pointer.ts'
import { MAX_FILES, MAX_HEADER_BYTES, MAX_TENSORS } from './limits.ts'
import type { Finding, Format, ModelFile, StoredTensor } from './model-file.ts'
import { readError } from './read-error.ts'
import type { ByteSource, Siblings } from './source.ts'

/** `metadata` and `weight_map`, whose entries are all that counts; some writers put nested notes into the metadata. */
const INDEX_BOUNDS: JsonBounds = {
  depth: 16,
  keys: [
    { what: 'index fields', limit: 1_024 },
    { what: 'tensors', limit: MAX_TENSORS },
  ],
}

/** What a shard holds. `files`: the shard first; tensors count them from `firstFile` on. */
export interface ShardContent {
  files: ByteSource[]
  tensors: StoredTensor[]
  findings: Finding[]
}

export type ShardReader = (shard: ByteSource, firstFile: number) => ShardContent

/**
 * A model in shards, by its index. The model is what a loader sees: every tensor the map names, from the shard it names,
 * and also those that shards hold beyond the map (loaders read whole shards), with a finding.
 */
export function readSharded(format: Format, source: ByteSource, siblings: Siblings, readShard: ShardReader): ModelFile {
  const weightMap = readWeightMap(source)
  const names = [...new Set(weightMap.values())].sort()
  if (names.length > MAX_FILES)
    throw readError(source.path, 'limit', { what: 'shards', value: String(names.length), limit: String(MAX_FILES) })
  const files = [source]
  const tensors: StoredTensor[] = []
  const findings: Finding[] = []
  for (const name of names) {
    const shard = siblings.open(name)
    refuseLfsPointer(shard)
    const content = indexed(readShard(shard, files.length), name, weightMap)
    for (const file of content.files) files.push(file)
    for (const tensor of content.tensors) tensors.push(tensor)
    findings.push(...content.findings)
  }
  checkAllFound(source, weightMap, tensors)
  return checkpointModel({ format, files, tensors, findings }, siblings)
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

function indexed(content: ShardContent, name: string, weightMap: ReadonlyMap<string, string>): ShardContent {
  const { files, tensors: stored } = content
  const { path } = files[0]!
  const unnamed = stored.filter((tensor) => !weightMap.has(tensor.name))
  const isElsewhere = (tensor: StoredTensor) => (weightMap.get(tensor.name) ?? name) !== name
  const elsewhere = stored.filter(isElsewhere)
  return {
    files,
    tensors: stored.filter((tensor) => !isElsewhere(tensor)),
    findings: [
      ...content.findings,
      ...finding(
        'unindexed-tensors',
        'low',
        unnamed,
        path,
        'are not in the index; loaders that read whole shards take them',
      ),
      ...finding(
        'shadowed-tensors',
        'medium',
        elsewhere,
        path,
        'also stand in another shard, which the index names; they are left out',
      ),
    ],
  }
}

function finding(
  code: string,
  severity: Finding['severity'],
  tensors: readonly StoredTensor[],
  file: string,
  rest: string,
): Finding[] {
  if (tensors.length === 0) return []
  const told = tensors.slice(0, 3).map((tensor) => tensor.name)
  const names = told.join(', ') + (tensors.length > told.length ? `, … (${tensors.length})` : '')
  return [{ code, severity, message: `${names} of ${file} ${rest}`, values: { names, file } }]
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
