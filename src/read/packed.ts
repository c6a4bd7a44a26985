import { MAX_TENSORS } from './limits.ts'
import type { Finding, StoredTensor } from './model-file.ts'
import { unpackFourBit } from './packed-bitsandbytes.ts'
import type { Parts, Unpacked } from './packed-parts.ts'
import { unpackInt8, unpackMxfp4, unpackScaled } from './packed-scaled.ts'
import { unpackCompressed, unpackGroups, unpackMlx } from './packed-words.ts'
import { type QuantisationConfig, readQuantisationConfig } from './quantisation-config.ts'
import { readError } from './read-error.ts'
import type { ByteSource, Siblings } from './source.ts'

/** A way of keeping one quantised tensor in several stored ones. */
interface PackingRule {
  kind: string
  /** The name of one tensor that no other kind has beside it; the layer's name is its first group. */
  pattern: RegExp
  /** Null where the shapes do not fit: the tensors then stay as they are stored. */
  unpack(layer: string, parts: Parts): Unpacked | null
}

const RULES: readonly PackingRule[] = [
  { kind: 'GPTQ or AWQ', pattern: /^(.*)\.qweight$/, unpack: unpackGroups },
  { kind: 'compressed-tensors', pattern: /^(.*)\.weight_packed$/, unpack: unpackCompressed },
  {
    kind: 'bitsandbytes nf4',
    pattern: /^(.*)\.weight\.quant_state\.bitsandbytes__nf4$/,
    unpack: (layer, parts) => unpackFourBit(layer, 'nf4', parts),
  },
  {
    kind: 'bitsandbytes fp4',
    pattern: /^(.*)\.weight\.quant_state\.bitsandbytes__fp4$/,
    unpack: (layer, parts) => unpackFourBit(layer, 'fp4', parts),
  },
  { kind: 'LLM.int8', pattern: /^(.*)\.SCB$/, unpack: unpackInt8 },
  { kind: 'block-scaled', pattern: /^(.*)\.weight_scale_inv$/, unpack: unpackScaled },
  { kind: 'scaled', pattern: /^(.*)\.weight_scale$/, unpack: unpackScaled },
  { kind: 'MLX', pattern: /^(.*)\.biases$/, unpack: unpackMlx },
  { kind: 'MXFP4', pattern: /^(.*)_blocks$/, unpack: unpackMxfp4 },
]

/** Kinds whose mark alone can also belong to something else: a scale of activations, a bias list. */
const DOUBTFUL = new Set(['scaled', 'MLX', 'MXFP4'])

/**
 * Puts quantised tensors that PyTorch-style checkpoints keep in pieces together again, each under its layer's plain name, where
 * its words stood. `files` is as `ModelFile.files`. Throws `limit` for more experts than any model has tensors.
 */
export function unpackQuantised(
  path: string,
  tensors: readonly StoredTensor[],
  files: readonly ByteSource[],
  siblings: Siblings,
): { tensors: StoredTensor[]; findings: Finding[] } {
  const parts: Parts = { named: new Map(tensors.map((tensor) => [tensor.name, tensor])), files, config: once(siblings) }
  const replaced = new Map<string, StoredTensor[]>()
  const unread: string[] = []
  let count = 0
  for (const { name } of tensors) {
    const rule = RULES.find(({ pattern }) => pattern.test(name))
    if (rule === undefined || replaced.has(name)) continue
    const unpacked = rule.unpack(rule.pattern.exec(name)![1]!, parts)
    if (unpacked === null) {
      if (!DOUBTFUL.has(rule.kind)) unread.push(name)
      continue
    }
    count += unpacked.tensors.length
    if (count > MAX_TENSORS)
      throw readError(path, 'limit', { what: 'tensors', value: String(count), limit: String(MAX_TENSORS) })
    for (const used of unpacked.used) replaced.set(used, [])
    replaced.set(unpacked.used[0]!, unpacked.tensors)
  }
  return {
    tensors: tensors.flatMap((tensor) => replaced.get(tensor.name) ?? [tensor]),
    findings: unreadFinding(unread),
  }
}

/** Read when the first rule asks for it: most files need none. */
function once(siblings: Siblings): () => QuantisationConfig {
  let config: QuantisationConfig | undefined
  return () => {
    config ??= readQuantisationConfig(siblings)
    return config
  }
}

function unreadFinding(unread: readonly string[]): Finding[] {
  if (unread.length === 0) return []
  const [name = ''] = unread
  const message = `${unread.length} tensors are packed in a way that this version does not read, the first of them ${name}; they are not part of the comparison`
  return [{ code: 'unread-packing', severity: 'medium', message, values: { name, count: unread.length } }]
}
