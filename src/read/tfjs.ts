import { isObject, readJsonObject } from './json.ts'
import { MAX_HEADER_BYTES } from './limits.ts'
import {
  type AffineQuantisation,
  ELEMENT_BITS,
  type ElementType,
  type Reader,
  type StoredTensor,
  type TensorView,
} from './model-file.ts'
import { readError } from './read-error.ts'
import type { ByteSource } from './source.ts'
import { graphReader } from './tfjs-graph.ts'
import { layerReader } from './tfjs-layers.ts'
import { readManifest, type WeightSpec } from './tfjs-manifest.ts'
import { MAX_STRINGS, openRun, rangesOf, type ShardRun, stringBytes } from './tfjs-shards.ts'
import { type WeightReading, weightViews } from './weight-reading.ts'

/** Nested models and attributes of functions stay under 40. */
const MAX_JSON_DEPTH = 128

/** `userDefinedMetadata` and the like may be large, but stand one level deeper. */
const JSON_BOUNDS = { depth: MAX_JSON_DEPTH, keys: [{ what: 'model.json fields', limit: 1_024 }] }

const ELEMENTS = new Map<string, { element: ElementType; parts: 1 | 2 }>([
  ['float32', { element: 'f32', parts: 1 }],
  ['float16', { element: 'f16', parts: 1 }],
  ['float64', { element: 'f64', parts: 1 }],
  ['int32', { element: 'i32', parts: 1 }],
  ['uint32', { element: 'u32', parts: 1 }],
  ['int16', { element: 'i16', parts: 1 }],
  ['uint16', { element: 'u16', parts: 1 }],
  ['int8', { element: 'i8', parts: 1 }],
  ['uint8', { element: 'u8', parts: 1 }],
  ['int64', { element: 'i64', parts: 1 }],
  ['bool', { element: 'bool', parts: 1 }],
  ['complex64', { element: 'f32', parts: 2 }],
])

/** True for a JSON file whose first bytes show the manifest, or the topology that stands before it; `head`: those bytes. */
export function looksLikeTfjs(name: string, head: Uint8Array): boolean {
  if (!/\.json$/i.test(name)) return false
  const text = new TextDecoder('latin1').decode(head)
  return /^\s*\{/.test(text) && /"(weightsManifest|modelTopology)"|"(graph|layers)-model"/.test(text)
}

/**
 * Reads a TensorFlow.js model from its model.json and the shards that it names. Throws `truncated`, `malformed`, `limit`,
 * `unsupported`, and what `siblings.open` throws.
 */
export const readTfjs: Reader = (source, siblings) => {
  const model = readModelJson(source)
  const groups = readManifest(source.path, model['weightsManifest'])
  const readingOf = readings(source.path, model['modelTopology'])
  const files = [source]
  try {
    const known = new Map<string, number>()
    const budget = { strings: MAX_STRINGS }
    const tensors = groups.flatMap(({ paths, weights }) =>
      groupTensors(source.path, openRun(paths, siblings, files, known), weights, readingOf, budget),
    )
    return { format: 'tfjs', files, tensors, findings: [] }
  } catch (error) {
    for (const shard of files.slice(1)) shard.close()
    throw error
  }
}

function readModelJson(source: ByteSource): Record<string, unknown> {
  if (source.size > MAX_HEADER_BYTES)
    throw readError(source.path, 'limit', {
      what: 'model.json bytes',
      value: `${source.size}`,
      limit: `${MAX_HEADER_BYTES}`,
    })
  return readJsonObject(source, 0, source.size, 'model.json', JSON_BOUNDS)
}

type ReadingOf = (name: string, rank: number) => WeightReading

/** A graph model has a list of nodes, a layers model a Keras configuration; without either, variables' names must do. */
function readings(path: string, topology: unknown): ReadingOf {
  if (!isObject(topology)) return layerReader({})
  return Array.isArray(topology['node']) ? graphReader(path, topology) : layerReader(topology)
}

/** Weights stand one after the other in the run, without alignment. */
function groupTensors(
  path: string,
  run: ShardRun,
  weights: readonly WeightSpec[],
  readingOf: ReadingOf,
  budget: { strings: number },
): StoredTensor[] {
  const tensors: StoredTensor[] = []
  let offset = 0
  for (const weight of weights) {
    if (weight.dtype === 'string') {
      offset += stringBytes(path, run, offset, weight.elements, budget, weight.name)
      continue
    }
    const { element, parts } = storedElement(path, weight)
    const length = (weight.elements * parts * ELEMENT_BITS[element]) / 8
    const data = { kind: 'ranges', ranges: rangesOf(path, run, offset, length, weight.name) } as const
    offset += length
    if (length === 0) continue
    const shape = parts === 2 ? [...weight.shape, 2] : weight.shape
    for (const { name, view } of weightViews(weight.name, shape, readingOf(weight.name, shape.length)))
      tensors.push({ name, element, view, data, quantisation: affine(weight, view) })
  }
  return tensors
}

function storedElement(path: string, { dtype, quantisation }: WeightSpec): { element: ElementType; parts: 1 | 2 } {
  const stored = quantisation === null ? dtype : quantisation.dtype
  const known = ELEMENTS.get(stored)
  if (known === undefined)
    throw readError(path, 'unsupported', { what: 'TensorFlow.js dtype', value: stored.slice(0, 64) })
  return known
}

/** stored · scale + min = (stored − (−min / scale)) · scale */
function affine({ quantisation }: WeightSpec, view: TensorView): AffineQuantisation | null {
  if (quantisation === null || quantisation.dtype === 'float16') return null
  const { dtype, scale, min } = quantisation
  return {
    kind: 'affine',
    scheme: dtype,
    bits: dtype === 'uint8' ? 8 : 16,
    group: [...view.shape],
    scales: Float32Array.of(scale),
    zeroPoints: min === 0 ? null : Float32Array.of(-min / scale),
  }
}
