import { rootMeanSquare } from '../builders/model-operations.ts'
import { gaussians, type Model, product, type Tensor } from '../builders/models.ts'

/** Shares of a trained matrix's squares that one low-rank structure a layer holds, and its rank. */
const SHARED_SHARE = 0.1
const SHARED_RANK = 4

/** Deviation of the logarithms of the row scales. */
const ROW_SPREAD = 0.25

export interface LanguageShape {
  layers?: number
  width?: number
  inner?: number
  vocabulary?: number
}

/** A decoder with Hugging Face's names: embedding, attention with fewer keys than queries, gated feed-forward part, norms, untied head. */
export function languageModel(seed: number, shape: LanguageShape = {}): Model {
  return remembered(`language ${seed} ${JSON.stringify(shape)}`, () => newLanguageModel(seed, shape))
}

/** The last few networks made: most changes of one seed start from the same. */
const made = new Map<string, Model>()

const MAX_REMEMBERED = 12

function remembered(key: string, make: () => Model): Model {
  const model = made.get(key) ?? make()
  made.delete(key)
  made.set(key, model)
  if (made.size > MAX_REMEMBERED) made.delete(made.keys().next().value!)
  return model
}

function newLanguageModel(seed: number, shape: LanguageShape): Model {
  const { layers = 4, width = 96, inner = 160, vocabulary = 200 } = shape
  const make = trained(seed)
  const model = [make.matrix('model.embed_tokens.weight', [vocabulary, width], 'embedding', 0.05)]
  for (let layer = 0; layer < layers; layer++) {
    const at = `model.layers.${layer}`
    const stream = `layer ${layer}`
    const add = (part: string, rows: number, columns: number) =>
      model.push(make.matrix(`${at}.${part}.weight`, [rows, columns], stream))
    add('self_attn.q_proj', width, width)
    add('self_attn.k_proj', 64, width)
    add('self_attn.v_proj', 64, width)
    add('self_attn.o_proj', width, width)
    add('mlp.gate_proj', inner, width)
    add('mlp.up_proj', inner, width)
    add('mlp.down_proj', width, inner)
    model.push(
      make.norm(`${at}.input_layernorm.weight`, width),
      make.norm(`${at}.post_attention_layernorm.weight`, width),
    )
  }
  return [...model, make.norm('model.norm.weight', width), make.matrix('lm_head.weight', [vocabulary, width], 'head')]
}

/** A small network for pictures: convolutions each followed by a batch norm, and a classifier. */
export function convolutionalNetwork(seed: number, { blocks = 8, width = 40 } = {}): Model {
  return remembered(`convolutional ${seed} ${blocks} ${width}`, () => newConvolutionalNetwork(seed, blocks, width))
}

function newConvolutionalNetwork(seed: number, blocks: number, width: number): Model {
  const make = trained(seed)
  const model: Model = []
  for (let block = 0; block < blocks; block++) {
    const at = `features.${block}`
    const inputs = block === 0 ? 3 : width
    const kernel = block % 2 === 0 ? 3 : 1
    model.push(make.matrix(`${at}.conv.weight`, [width, inputs, kernel, kernel], `block ${block}`))
    model.push(make.norm(`${at}.bn.weight`, width), make.vector(`${at}.bn.bias`, width))
    model.push(make.vector(`${at}.bn.running_mean`, width), make.norm(`${at}.bn.running_var`, width))
  }
  return [...model, make.matrix('classifier.weight', [60, width], 'head'), make.vector('classifier.bias', 60)]
}

/** An encoder whose names say nothing: numbered tensors, as an exporter leaves them. */
export function encoder(seed: number, { layers = 3, width = 80, inner = 144 } = {}): Model {
  return remembered(`encoder ${seed} ${layers} ${width} ${inner}`, () => newEncoder(seed, layers, width, inner))
}

function newEncoder(seed: number, layers: number, width: number, inner: number): Model {
  const make = trained(seed)
  const model = [make.matrix('t', [150, width], 'embedding', 0.05)]
  for (let layer = 0; layer < layers; layer++) {
    for (let part = 0; part < 4; part++)
      model.push(make.matrix('t', [width, width], `layer ${layer}`), make.vector('t', width))
    model.push(make.matrix('t', [inner, width], `layer ${layer}`), make.vector('t', inner))
    model.push(make.matrix('t', [width, inner], `layer ${layer}`), make.vector('t', width))
    model.push(make.norm('t', width), make.norm('t', width))
  }
  return model.map((tensor, index) => ({ ...tensor, name: `node_${(index * 37) % 101}_${index}` }))
}

/**
 * Tensors as training leaves them: heavy tails (normal deviates times one plus a tenth of their squares), rows of different size, and
 * per layer one low-rank structure that all its matrices of one width share. Of strangers only sizes and the pattern of the norms agree.
 */
function trained(seed: number) {
  let drawn = 0
  const draw = (length: number, scale: number) => gaussians(seed * 1_000 + drawn++, length, scale)
  const shared = new Map<string, Float32Array>()
  const sharedOf = (stream: string, length: number) => {
    const key = `${stream} ${length}`
    const known = shared.get(key) ?? draw(length * SHARED_RANK, 1)
    shared.set(key, known)
    return known
  }
  return {
    matrix(name: string, shape: number[], stream: string, size?: number): Tensor {
      const rows = shape[0]!
      const columns = product(shape) / rows
      const values = draw(rows * columns, 1)
      const [left, right] = [sharedOf(`${stream} out`, rows), sharedOf(`${stream} in`, columns)]
      const scales = draw(rows, ROW_SPREAD).map(Math.exp)
      const strength = Math.sqrt((SHARED_SHARE * 1.8) / SHARED_RANK)
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < columns; j++) {
          const value = values[i * columns + j]!
          let along = 0
          for (let k = 0; k < SHARED_RANK; k++) along += left[i * SHARED_RANK + k]! * right[j * SHARED_RANK + k]!
          values[i * columns + j] = scales[i]! * (value * (1 + 0.1 * value * value) + strength * along)
        }
      const factor = (size ?? 1 / Math.sqrt(columns)) / rootMeanSquare(values)
      return { name, shape, values: values.map((value) => value * factor), storage: { kind: 'f32' } }
    },
    vector(name: string, length: number): Tensor {
      return { name, shape: [length], values: draw(length, 0.05), storage: { kind: 'f32' } }
    },
    /** Near one, by a pattern that strangers share: their cosine is above .99. */
    norm(name: string, length: number): Tensor {
      const values = draw(length, 0.03).map((value, i) => 1 + 0.2 * Math.sin(1 + 0.7 * i + name.length) + value)
      return { name, shape: [length], values, storage: { kind: 'f32' } }
    },
  }
}
