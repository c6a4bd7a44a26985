/** Variables of a layer in the order of Keras' `vars/0`, `vars/1` …: the order in which the layer makes them. */

const KERNEL = ['kernel', 'bias']
const RECURRENT = ['kernel', 'recurrent_kernel', 'bias']
const SEPARABLE = ['depthwise_kernel', 'pointwise_kernel', 'bias']

const VARIABLES = new Map<string, readonly string[]>([
  ...[
    'Dense',
    'EinsumDense',
    'Conv1D',
    'Conv2D',
    'Conv3D',
    'Conv1DTranspose',
    'Conv2DTranspose',
    'Conv3DTranspose',
    'DepthwiseConv1D',
    'DepthwiseConv2D',
  ].map((name) => [name, KERNEL] as const),
  ...['SimpleRNNCell', 'LSTMCell', 'GRUCell', 'ConvLSTM1D', 'ConvLSTM2D', 'ConvLSTM3D', 'ConvLSTMCell'].map(
    (name) => [name, RECURRENT] as const,
  ),
  ['SeparableConv1D', SEPARABLE],
  ['SeparableConv2D', SEPARABLE],
  ['Embedding', ['embeddings']],
  ['PReLU', ['alpha']],
])

/** With `center` or `scale` switched off there are fewer, and which is which is not told here. */
const COMPLETE = new Map<string, readonly string[]>([
  ['BatchNormalization', ['gamma', 'beta', 'moving_mean', 'moving_variance']],
  ['LayerNormalization', ['gamma', 'beta']],
  ['GroupNormalization', ['gamma', 'beta']],
])

/** Classes that `weight-reading` or the tables above know, by the names Keras gives layers: `conv2d_1` is a Conv2D. */
const BY_SNAKE = new Map(
  [...VARIABLES.keys(), ...COMPLETE.keys(), 'LSTM', 'GRU', 'MultiHeadAttention', 'GroupQueryAttention'].map((name) => [
    snakeCase(name),
    name,
  ]),
)

/** The class that a layer's own, numbered name stands for; null for a name that somebody chose. */
export function classOfName(name: string): string | null {
  return BY_SNAKE.get(name.replace(/_\d+$/, '')) ?? null
}

/** As Keras makes a layer's name from its class. */
function snakeCase(name: string): string {
  return name
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
}

/**
 * Names for a layer's variables by its class and, failing that, by their shapes: a matrix or more and what is shaped like its
 * last axes (attention has several) are a kernel and its bias. Else their numbers.
 */
export function variableNames(layerClass: string | null, shapes: readonly (readonly number[])[]): string[] {
  const numbers = shapes.map((_, index) => String(index))
  if (layerClass !== null) {
    const complete = COMPLETE.get(layerClass)
    if (complete !== undefined) return complete.length === shapes.length ? [...complete] : numbers
    const known = VARIABLES.get(layerClass)
    if (known !== undefined) return numbers.map((number, index) => known[index] ?? number)
  }
  const [first, second, third] = shapes
  const isKernel = first !== undefined && first.length >= 2 && third === undefined
  const isBias = second === undefined || (second.length > 0 && endsWith(first ?? [], second))
  return isKernel && isBias ? KERNEL.slice(0, shapes.length) : numbers
}

function endsWith(shape: readonly number[], end: readonly number[]): boolean {
  return end.length < shape.length && end.every((length, axis) => length === shape[shape.length - end.length + axis])
}
