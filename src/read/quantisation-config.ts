import { isObject, type JsonBounds, readJsonObject } from './json.ts'
import { ReadError } from './read-error.ts'
import type { Siblings } from './source.ts'

/** What a model's configuration declares of its packing, where the tensors alone do not tell. */
export interface QuantisationConfig {
  /** `gptq`: zero points are stored less one; `gptq_v2`: as they are. */
  checkpointFormat: string | null
  /** All zero points are the middle of the range. */
  symmetric: boolean
  /** Rows and columns that share a scale. */
  weightBlock: [number, number] | null
  /** Bits and group size of a layer, where it has its own, else of the model. */
  bitsOf(layer: string): { bits: number; groupSize: number } | null
}

/** Files beside the weights that speak of it: transformers and MLX, then AutoGPTQ's own. */
const CONFIG_FILES = ['config.json', 'quantize_config.json', 'quant_config.json']

/** Configurations that list every layer's bits take some 200 kB. */
const MAX_CONFIG_BYTES = 4 * 1024 * 1024
const CONFIG_BOUNDS: JsonBounds = { depth: 32, keys: [] }

/** A configuration that is missing or damaged declares nothing: the weights can be read without. */
export function readQuantisationConfig(siblings: Siblings): QuantisationConfig {
  const configs = CONFIG_FILES.map((name) => readConfig(siblings, name)).filter((config) => config !== null)
  const declared = configs.flatMap((config): Record<string, unknown>[] => {
    const inner = [config['quantization_config'], config['quantization']].filter(isObject)
    return config['bits'] === undefined ? inner : [...inner, config]
  })
  const first: Record<string, unknown> = declared[0] ?? {}
  const [format, block] = [first['checkpoint_format'], first['weight_block_size']]
  return {
    checkpointFormat: typeof format === 'string' ? format : null,
    symmetric: first['sym'] === true,
    weightBlock: isPair(block) ? block : null,
    bitsOf: (layer) => bitsIn(first[layer]) ?? bitsIn(first),
  }
}

/** The JSON object in a file beside the weights; null where there is none that can be read. */
export function readConfig(siblings: Siblings, name: string): Record<string, unknown> | null {
  try {
    const source = siblings.open(name)
    try {
      if (source.size > MAX_CONFIG_BYTES) return null
      return readJsonObject(source, 0, source.size, name, CONFIG_BOUNDS)
    } finally {
      source.close()
    }
  } catch (error) {
    if (error instanceof ReadError) return null
    throw error
  }
}

function bitsIn(declared: unknown): { bits: number; groupSize: number } | null {
  if (!isObject(declared)) return null
  const { bits, group_size: groupSize } = declared
  return isCount(bits) && isCount(groupSize) ? { bits, groupSize } : null
}

function isPair(value: unknown): value is [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every(isCount)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0
}
