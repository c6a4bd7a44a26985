/** Where one operator keeps an integer tensor's scale and zero point. Numbers are input positions. */
export interface QuantisedOperand {
  input: number
  scale: number | null
  zeroPoint: number | null
  /** The axis with one scale an index, when there is more than one; negative from the end. */
  axis: number
}

interface QuantisingOperator {
  operands: QuantisedOperand[]
  /** Every input that is a scale or zero point, of weights or of activations. */
  parameters: number[]
  /** An int32 bias whose scale is the product of two others (zero point 0). */
  bias?: { input: number; scales: [number, number] }
}

const ROWS = -2
const COLUMNS = -1

/** Two operands with scale and zero point each, and those of the result: the QLinear operators. */
function pairwise(axisA: number, axisB: number): QuantisingOperator {
  return {
    operands: [
      { input: 0, scale: 1, zeroPoint: 2, axis: axisA },
      { input: 3, scale: 4, zeroPoint: 5, axis: axisB },
    ],
    parameters: [1, 2, 4, 5, 6, 7],
  }
}

/** One operand whose scale is applied by later nodes. */
function integerOnly(axis: number): QuantisingOperator {
  return { operands: [{ input: 1, scale: null, zeroPoint: 3, axis }], parameters: [2, 3] }
}

const ACTIVATION_ONLY: QuantisingOperator = { operands: [], parameters: [1, 2, 3, 4] }

/**
 * Operators of ONNX and of onnxruntime (com.microsoft) that take quantised tensors. DequantizeLinear's axis is an
 * attribute; MatMulNBits and GatherBlockQuantized have their own packing (onnx-block-quantisation.ts).
 */
export const QUANTISING_OPERATORS: ReadonlyMap<string, QuantisingOperator> = new Map([
  ['DequantizeLinear', { operands: [{ input: 0, scale: 1, zeroPoint: 2, axis: 1 }], parameters: [1, 2] }],
  ['QuantizeLinear', { operands: [], parameters: [1, 2] }],
  ['QLinearConv', { ...pairwise(0, 0), bias: { input: 8, scales: [1, 4] } }],
  ['QLinearMatMul', pairwise(ROWS, COLUMNS)],
  ['QLinearAdd', pairwise(COLUMNS, COLUMNS)],
  ['QLinearMul', pairwise(COLUMNS, COLUMNS)],
  [
    'QGemm',
    {
      operands: pairwise(ROWS, COLUMNS).operands,
      parameters: [1, 2, 4, 5, 7, 8],
      bias: { input: 6, scales: [1, 4] },
    },
  ],
  ['ConvInteger', integerOnly(0)],
  ['MatMulInteger', integerOnly(COLUMNS)],
  ['DynamicQuantizeMatMul', { operands: [{ input: 1, scale: 2, zeroPoint: 3, axis: COLUMNS }], parameters: [2, 3] }],
  [
    'MatMulIntegerToFloat',
    { operands: [{ input: 1, scale: 3, zeroPoint: 5, axis: COLUMNS }], parameters: [2, 3, 4, 5] },
  ],
  ['QAttention', { operands: [{ input: 1, scale: 4, zeroPoint: 7, axis: COLUMNS }], parameters: [3, 4, 6, 7] }],
  [
    'DynamicQuantizeLSTM',
    {
      operands: [
        { input: 1, scale: 8, zeroPoint: 9, axis: COLUMNS },
        { input: 2, scale: 10, zeroPoint: 11, axis: COLUMNS },
      ],
      parameters: [8, 9, 10, 11],
    },
  ],
  [
    'QEmbedLayerNormalization',
    {
      operands: [2, 3, 4, 5, 6].map((input) => ({ input, scale: input + 6, zeroPoint: input + 11, axis: COLUMNS })),
      parameters: [8, 9, 10, 11, 12, 13, 14, 15, 16, 17],
    },
  ],
  ['QLinearSigmoid', ACTIVATION_ONLY],
  ['QLinearLeakyRelu', ACTIVATION_ONLY],
  ['QLinearSoftmax', ACTIVATION_ONLY],
  ['QLinearAveragePool', ACTIVATION_ONLY],
  ['QLinearGlobalAveragePool', ACTIVATION_ONLY],
  ['QLinearReduceMean', ACTIVATION_ONLY],
  ['MatMulNBits', { operands: [], parameters: [2, 3, 4] }],
  ['GatherBlockQuantized', { operands: [], parameters: [2, 3] }],
])

/** QLinearConcat lists scale and zero point of the result, then tensor, scale, zero point of each input. */
export function isParameterInput(op: string, input: number): boolean {
  if (op === 'QLinearConcat') return input < 2 || (input - 2) % 3 !== 0
  return QUANTISING_OPERATORS.get(op)?.parameters.includes(input) ?? false
}
