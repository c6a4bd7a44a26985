import type { Arrangement } from './arrangement.ts'
import { isObject } from './json.ts'
import type { WeightReading } from './weight-reading.ts'

const DENSE: Arrangement = { order: [1, 0], rowAxes: 1 }
const CONVOLUTION_1D: Arrangement = { order: [2, 1, 0], rowAxes: 1 }
/** (kh, kw, in, out) → (out, in, kh, kw); Conv2DTranspose keeps (kh, kw, out, in), which comes to (in, out, kh, kw). */
const CONVOLUTION_2D: Arrangement = { order: [3, 2, 0, 1], rowAxes: 1 }
const CONVOLUTION_3D: Arrangement = { order: [4, 3, 0, 1, 2], rowAxes: 1 }

const KERNELS: Readonly<Record<number, Arrangement>> = {
  2: DENSE,
  3: CONVOLUTION_1D,
  4: CONVOLUTION_2D,
  5: CONVOLUTION_3D,
}

/** (…, in, multiplier) → (in, multiplier, …): in · multiplier channels. */
const DEPTHWISE: Readonly<Record<number, Arrangement>> = {
  3: { order: [1, 2, 0], rowAxes: 2 },
  4: { order: [2, 3, 0, 1], rowAxes: 2 },
}

/** Keras 3 calls their depthwise kernel just `kernel`. */
const DEPTHWISE_CLASSES = new Set(['DepthwiseConv1D', 'DepthwiseConv2D'])

/** query, key and value keep (in, heads, size), the output projection (heads, size, out). */
const ATTENTION_IN: Arrangement = { order: [1, 2, 0], rowAxes: 2 }
const ATTENTION_OUT: Arrangement = { order: [2, 0, 1], rowAxes: 1 }

const ATTENTION_CLASSES = new Set(['MultiHeadAttention', 'GroupQueryAttention', 'GroupedQueryAttention'])

/** By its name, or by that of the attribute that holds it. */
const ATTENTION_OUTPUT = /^(attention_output|_?output_dense)$/

/** Classes whose `kernel` is no matrix or convolution of the usual order. */
const OWN_ORDER = new Set(['EinsumDense', 'LocallyConnected1D', 'LocallyConnected2D'])

/** Keras' order, i f c o and z r h, in the names that PyTorch uses. */
const LSTM_GATES = ['i', 'f', 'g', 'o']
const GRU_GATES = ['z', 'r', 'n']

/** CuDNNLSTM and CuDNNGRU are left out: they keep two biases in one. */
const GATES = new Map([
  ['LSTM', LSTM_GATES],
  ['LSTMCell', LSTM_GATES],
  ['ConvLSTM2D', LSTM_GATES],
  ['ConvLSTM2DCell', LSTM_GATES],
  ['GRU', GRU_GATES],
  ['GRUCell', GRU_GATES],
])

const GATED_VARIABLES = new Set(['kernel', 'recurrent_kernel', 'bias'])

/**
 * Reads a weight by its layer's class and its variable's name (`<layer>/kernel`); without a topology by the variable's
 * name and rank alone.
 */
export function layerReader(topology: Record<string, unknown>): (name: string, rank: number) => WeightReading {
  return classesReader(layerClasses(topology))
}

/** Likewise, from classes by layer name. */
export function classesReader(classes: ReadonlyMap<string, string>): (name: string, rank: number) => WeightReading {
  return (name, rank) => {
    const parts = name.split('/')
    const variable = (parts.pop() ?? '').replace(/:\d+$/, '')
    const layerClass = classOf(parts, classes)
    return {
      arrangement: arrangementFor(variable, parts.at(-1) ?? '', layerClass, rank),
      gates: GATED_VARIABLES.has(variable) ? (GATES.get(layerClass) ?? null) : null,
    }
  }
}

function arrangementFor(variable: string, parent: string, layerClass: string, rank: number): Arrangement | null {
  const isDepthwise = variable === 'depthwise_kernel' || (variable === 'kernel' && DEPTHWISE_CLASSES.has(layerClass))
  if (isDepthwise) return DEPTHWISE[rank] ?? null
  if (variable === 'pointwise_kernel' || variable === 'recurrent_kernel') return KERNELS[rank] ?? null
  if (variable !== 'kernel' || OWN_ORDER.has(layerClass)) return null
  if (ATTENTION_CLASSES.has(layerClass) && rank === 3)
    return ATTENTION_OUTPUT.test(parent) ? ATTENTION_OUT : ATTENTION_IN
  return KERNELS[rank] ?? null
}

/** The class of the innermost layer that the name's parts mention. */
function classOf(parts: readonly string[], classes: ReadonlyMap<string, string>): string {
  for (const part of parts.toReversed()) {
    const found = classes.get(part) ?? classes.get(part.replace(/^(forward|backward)_/, ''))
    if (found !== undefined) return found
  }
  return ''
}

/** Layer name → class, over nested models; a wrapper (Bidirectional, TimeDistributed, RNN) goes by what it wraps. */
export function layerClasses(topology: Record<string, unknown>): Map<string, string> {
  const classes = new Map<string, string>()
  const pending: { layer: unknown; wrapper: string | null }[] = [
    { layer: topology['model_config'] ?? topology, wrapper: null },
  ]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { layer, wrapper } = next
    if (!isObject(layer)) continue
    const config = layer['config']
    const inner = innerLayers(config)
    const name = isObject(config) && typeof config['name'] === 'string' ? config['name'] : null
    if (typeof layer['class_name'] === 'string' && inner.layers.length === 0)
      for (const known of [name, wrapper]) if (known !== null) classes.set(known, layer['class_name'])
    for (const child of inner.layers) pending.push({ layer: child, wrapper: null })
    for (const child of inner.wrapped) pending.push({ layer: child, wrapper: wrapper ?? name })
  }
  return classes
}

/** The layers of a model, and what a wrapper wraps. */
function innerLayers(config: unknown): { layers: unknown[]; wrapped: unknown[] } {
  if (Array.isArray(config)) return { layers: config, wrapped: [] }
  if (!isObject(config)) return { layers: [], wrapped: [] }
  const layers = Array.isArray(config['layers']) ? config['layers'] : []
  const cells = Array.isArray(config['cells']) ? config['cells'] : []
  return { layers, wrapped: [config['layer'], config['cell'], ...cells].filter(isObject) }
}
