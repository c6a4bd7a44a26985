import { isObject } from './json.ts'
import { MAX_FILES, MAX_NAME_BYTES, MAX_TENSORS } from './limits.ts'
import { readError } from './read-error.ts'
import { countElements } from './shape.ts'

/** Shards that are read as one run of bytes, and the weights that stand in it one after the other. */
export interface WeightGroup {
  paths: string[]
  weights: WeightSpec[]
}

export interface WeightSpec {
  name: string
  shape: number[]
  /** Of `shape`. */
  elements: number
  /** Such as `float32`; what the model computes with. */
  dtype: string
  quantisation: StoredQuantisation | null
}

/** How the weight is stored instead of as its dtype: value = stored · scale + min, or plain float16. */
export type StoredQuantisation = { dtype: 'uint8' | 'uint16'; scale: number; min: number } | { dtype: 'float16' }

/** The weightsManifest of a model.json. Throws `malformed`, `limit`, `unsupported`. */
export function readManifest(path: string, manifest: unknown): WeightGroup[] {
  const groups = arrayOf(path, manifest, 'weightsManifest').map((group) => readGroup(path, group))
  const weights = groups.reduce((sum, group) => sum + group.weights.length, 0)
  const files = groups.reduce((sum, group) => sum + group.paths.length, 0)
  if (weights > MAX_TENSORS) throw tooMany(path, 'tensors', weights, MAX_TENSORS)
  if (files > MAX_FILES) throw tooMany(path, 'shards', files, MAX_FILES)
  return groups
}

function readGroup(path: string, group: unknown): WeightGroup {
  if (!isObject(group)) throw malformed(path, 'weightsManifest', 'a group is no object')
  const paths = arrayOf(path, group['paths'], 'paths').map((name) => {
    if (typeof name !== 'string') throw malformed(path, 'paths', 'a path is no string')
    return name
  })
  return { paths, weights: arrayOf(path, group['weights'], 'weights').map((weight) => readWeight(path, weight)) }
}

function readWeight(path: string, weight: unknown): WeightSpec {
  if (!isObject(weight)) throw malformed(path, 'weights', 'a weight is no object')
  const { name, shape, dtype, quantization } = weight
  if (typeof name !== 'string' || typeof dtype !== 'string')
    throw malformed(path, 'weights', 'a weight has no name or dtype')
  if (name.length > MAX_NAME_BYTES) throw tooMany(path, 'characters of a name', name.length, MAX_NAME_BYTES)
  const lengths = arrayOf(path, shape, 'shape').map((length) => (typeof length === 'number' ? length : Number.NaN))
  const elements = countElements(path, lengths, name, 0)
  return { name, shape: lengths, elements, dtype, quantisation: readQuantisation(path, name, quantization) }
}

function readQuantisation(path: string, name: string, quantisation: unknown): StoredQuantisation | null {
  if (quantisation === undefined || quantisation === null) return null
  if (!isObject(quantisation)) throw malformed(path, name, 'its quantization is no object')
  const { dtype, scale, min } = quantisation
  if (dtype === 'float16') return { dtype }
  if (dtype !== 'uint8' && dtype !== 'uint16')
    throw readError(path, 'unsupported', { what: 'TensorFlow.js quantisation', value: String(dtype).slice(0, 64) })
  // A scale of 0 would leave no number to stand for min.
  if (typeof scale !== 'number' || typeof min !== 'number' || !Number.isFinite(min / scale))
    throw malformed(path, name, 'its quantization has no usable scale and min')
  return { dtype, scale, min }
}

function arrayOf(path: string, value: unknown, what: string): unknown[] {
  if (!Array.isArray(value)) throw malformed(path, what, 'not a list')
  return value
}

function malformed(path: string, what: string, reason: string) {
  return readError(path, 'malformed', { what, reason, offset: 0 })
}

function tooMany(path: string, what: string, value: number, limit: number) {
  return readError(path, 'limit', { what, value: `${value}`, limit: `${limit}` })
}
