import { BLOCK_LAYOUTS } from '../../src/contract/block-scheme.ts'
import { type NearestScheme, quantiseBlock } from '../../src/explain/requantise.ts'
import { ggufFile, type MetadataItem } from './gguf.ts'
import type { Model, Tensor } from './models.ts'
import { safetensors } from './safetensors.ts'
import { encode } from './tensor.ts'

const DTYPES = { f32: 'F32', f16: 'F16', bf16: 'BF16' } as const

/** A made-up model as a safetensors file, its tensors as they are stored. */
export function modelFile(model: Model): Uint8Array {
  const entries = model.map(({ name, shape, values, storage }) => {
    const kind = storage.kind === 'f16' || storage.kind === 'bf16' ? storage.kind : 'f32'
    return [name, { dtype: DTYPES[kind], shape, bytes: encode(values, kind) }] as const
  })
  return safetensors(Object.fromEntries(entries))
}

/** ggml's numbers of the types. */
const TYPES: Record<NearestScheme, number> = { Q4_0: 2, Q4_1: 3, Q5_0: 6, Q5_1: 7, Q8_0: 8 }

/** The same as a GGUF file, matrices in blocks, vectors as they are. */
export function ggufModel(
  model: Model,
  scheme: NearestScheme,
  metadata: Record<string, MetadataItem> = {},
): Uint8Array {
  const tensors = model.map((tensor) => {
    const { name, shape, values } = tensor
    return shape.length === 1
      ? { name, shape, type: 0, data: encode(values, 'f32') }
      : { name, shape, type: TYPES[scheme], data: blocksOf(tensor, scheme) }
  })
  return ggufFile({ metadata: { 'general.architecture': 'made-up', ...metadata }, tensors })
}

function blocksOf({ values }: Tensor, scheme: NearestScheme): Uint8Array {
  const { bytes, elements } = BLOCK_LAYOUTS[scheme]
  const data = new Uint8Array((values.length / elements) * bytes)
  for (let block = 0; block < values.length / elements; block++)
    quantiseBlock(scheme, values, block * elements, true, data, block * bytes)
  return data
}
