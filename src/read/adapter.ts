import { isObject } from './json.ts'
import type { Adapter, StoredTensor } from './model-file.ts'
import { type Parts, smallNumbers } from './packed-parts.ts'
import { readConfig } from './quantisation-config.ts'
import type { ByteSource, Siblings } from './source.ts'

/** What the tensors of an adapter are called; the layer's name is the first group. */
const FACTORS: readonly { kind: string; pattern: RegExp }[] = [
  { kind: 'PEFT', pattern: /^(.*)\.lora_(?:A|B|embedding_A|embedding_B)(?:\.[^.]+)?(?:\.weight|\.bias)?$/ },
  { kind: 'kohya, diffusers', pattern: /^(.*?)[._]lora[._](?:up|down|mid)\.weight$/ },
  { kind: 'LoHa and LoKr', pattern: /^(.*)\.(?:hada_[wt]\d(?:_[ab])?|lokr_[wt]\d(?:_[ab])?)$/ },
  { kind: 'MLX', pattern: /^(.*)\.lora_[ab]$/ },
]

/** Beside factors: kohya's scale of a layer, DoRA's lengths of the columns. */
const COMPANIONS = /^(.*)(?:\.alpha|\.lora_magnitude_vector(?:\.[^.]+)?(?:\.weight)?|\.dora_scale)$/

/** A file so named is an adapter even where it brings whole layers along (PEFT's modules_to_save). */
const ADAPTER_FILE = /(^|\/)adapter_model\.[^/]*$/i

/** The factor from the inputs: its first axis is the rank. MLX keeps it transposed. */
const DOWN = /\.lora_(?:A|embedding_A)(?:\.|$)|[._]lora[._]down\.weight$|\.hada_w1_b$|\.lokr_w\d_b$/
const DOWN_TRANSPOSED = /\.lora_a$/

/** Scales looked at to find the one that most layers have. */
const MAX_ALPHAS = 64

/**
 * What a file of low-rank factors says of itself; null for a model. By its tensors: a model among whose names some merely look so
 * stays one. `metadata`: the file's own, where trainers leave the name of the base.
 */
export function adapterOf(
  path: string,
  tensors: readonly StoredTensor[],
  files: readonly ByteSource[],
  siblings: Siblings,
  metadata: Readonly<Record<string, string>> = {},
): Adapter | null {
  const layers = tensors.map(({ name }) => layerOf(name))
  const factors = tensors.filter(({ name }) => FACTORS.some(({ pattern }) => pattern.test(name)))
  const isWhole = layers.every((layer) => layer !== null)
  if (factors.length === 0 || !(isWhole || ADAPTER_FILE.test(path))) return null
  const config = readConfig(siblings, 'adapter_config.json') ?? {}
  const parts: Parts = { named: new Map(), files, config: noConfig }
  return {
    rank: mostCommon(factors.flatMap(rankOf)) ?? numberIn(config, 'r') ?? numberIn(innerConfig(config), 'rank'),
    alpha: numberIn(config, 'lora_alpha') ?? numberIn(innerConfig(config), 'alpha') ?? storedAlpha(tensors, parts),
    targets: [...new Set(layers.flatMap((layer) => (layer === null ? [] : [targetOf(layer)])))].sort(),
    declaredBase: textIn(config, 'base_model_name_or_path') ?? textIn(metadata, 'ss_sd_model_name'),
  }
}

function layerOf(name: string): string | null {
  const match =
    FACTORS.map(({ pattern }) => pattern.exec(name)).find((found) => found !== null) ?? COMPANIONS.exec(name)
  return match?.[1] ?? null
}

/** `q_proj` of `base_model.model.model.layers.0.self_attn.q_proj`; kohya writes underscores for dots. */
function targetOf(layer: string): string {
  const last = layer.split('.').at(-1)!
  return /^lora_(?:unet|te\d?|transformer)_/.test(last)
    ? last.replace(/^.*_\d+_/, '').replace(/^lora_(?:unet|te\d?)_/, '')
    : last
}

function rankOf({ name, view }: StoredTensor): number[] {
  if (DOWN.test(name)) return view.shape.length >= 2 ? [view.shape[0]!] : []
  return DOWN_TRANSPOSED.test(name) && view.shape.length === 2 ? [view.shape[1]!] : []
}

function storedAlpha(tensors: readonly StoredTensor[], parts: Parts): number | null {
  const stored = tensors.filter(({ name }) => name.endsWith('.alpha')).slice(0, MAX_ALPHAS)
  return mostCommon(stored.flatMap((tensor) => smallNumbers(parts, tensor, 1) ?? []).filter(Number.isFinite))
}

function mostCommon(values: readonly number[]): number | null {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  const [most] = [...counts].sort(([, a], [, b]) => b - a)
  return most?.[0] ?? null
}

/** MLX's own, in a file of the same name. */
function innerConfig(config: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const inner = config['lora_parameters']
  return isObject(inner) ? inner : {}
}

function numberIn(config: Readonly<Record<string, unknown>>, key: string): number | null {
  const value = config[key]
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/** Names of repositories and paths; longer ones are nobody's. */
const MAX_BASE_NAME = 512

function textIn(config: Readonly<Record<string, unknown>>, key: string): string | null {
  const value = config[key]
  return typeof value === 'string' && value !== '' ? value.slice(0, MAX_BASE_NAME) : null
}

function noConfig(): never {
  throw new TypeError('an adapter is not packed')
}
