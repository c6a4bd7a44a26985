import { describe, expect, it } from 'vitest'
import type { TensorView } from '../../src/read/model-file.ts'
import { memorySource } from '../../src/read/source.ts'
import { readTflite } from '../../src/read/tflite.ts'
import { u8 } from '../builders/flatbuffer.ts'
import { memorySiblings } from '../builders/memory-siblings.ts'
import { counted, OPERATOR, type OperatorParts, oneWeight, tfliteFile } from '../builders/tflite.ts'

const firstView = (file: Uint8Array): TensorView =>
  readTflite(memorySource('m.tflite', file), memorySiblings({})).tensors[0]!.view

function viewFor(shape: number[], operator?: Omit<OperatorParts, 'inputs'>): TensorView {
  return firstView(oneWeight({ shape, data: counted(shape.reduce((a, b) => a * b)) }, operator))
}

describe('a weight is seen in canonical order when it is used by', () => {
  it('CONV_2D: (out, kh, kw, in) becomes (out, in, kh, kw)', () => {
    const view = viewFor([5, 2, 3, 4], { code: OPERATOR.conv2d })
    expect([view.shape, view.strides, view.rowAxes]).toEqual([[5, 4, 2, 3], [24, 1, 12, 4], 1])
  })

  it('DEPTHWISE_CONV_2D: (1, kh, kw, channels) becomes (channels, 1, kh, kw), channels as rows', () => {
    const view = viewFor([1, 2, 3, 4], { code: OPERATOR.depthwiseConv2d })
    expect([view.shape, view.rowAxes]).toEqual([[4, 1, 2, 3], 2])
  })

  it('TRANSPOSE_CONV: (out, kh, kw, in) becomes (in, out, kh, kw)', () => {
    expect(viewFor([5, 2, 3, 4], { code: OPERATOR.transposeConv }).shape).toEqual([4, 5, 2, 3])
  })

  it("MediaPipe's transposed convolution with a bias", () => {
    const operator = { code: OPERATOR.custom, custom: 'Convolution2DTransposeBias' }
    expect(viewFor([5, 2, 3, 4], operator).shape).toEqual([4, 5, 2, 3])
  })

  it('CONV_3D: (kd, kh, kw, in, out) becomes (out, in, kd, kh, kw)', () => {
    expect(viewFor([2, 3, 4, 5, 6], { code: OPERATOR.conv3d }).shape).toEqual([6, 5, 2, 3, 4])
  })

  it('FULLY_CONNECTED: (out, in) stays', () => {
    expect(viewFor([2, 3], { code: OPERATOR.fullyConnected }).shape).toEqual([2, 3])
  })

  it('BATCH_MATMUL: (in, out) becomes (out, in)', () => {
    expect(viewFor([2, 3], { code: OPERATOR.batchMatmul }).shape).toEqual([3, 2])
  })

  it('BATCH_MATMUL with adj_y: (out, in) stays', () => {
    expect(viewFor([2, 3], { code: OPERATOR.batchMatmul, options: { 1: u8(1) } }).shape).toEqual([2, 3])
  })

  it('BATCH_MATMUL over a stack: all outputs as rows', () => {
    const view = viewFor([4, 2, 3], { code: OPERATOR.batchMatmul })
    expect([view.shape, view.rowAxes]).toEqual([[4, 3, 2], 2])
  })
})

describe('a weight is seen as stored', () => {
  it('when nothing uses it', () => {
    expect(viewFor([5, 2, 3, 4])).toEqual({ shape: [5, 2, 3, 4], strides: [24, 12, 4, 1], start: 0, rowAxes: 1 })
  })

  it('when an unknown custom operator uses it', () => {
    expect(viewFor([5, 2, 3, 4], { code: OPERATOR.custom, custom: 'Mine' }).shape).toEqual([5, 2, 3, 4])
  })

  it('when its rank is not what the operator takes', () => {
    expect(viewFor([5, 2, 3], { code: OPERATOR.conv2d }).shape).toEqual([5, 2, 3])
  })

  it('when a depthwise weight has another first axis than 1', () => {
    expect(viewFor([2, 2, 3, 4], { code: OPERATOR.depthwiseConv2d }).shape).toEqual([2, 2, 3, 4])
  })
})

it('a use is seen through DENSIFY and DEQUANTIZE', () => {
  const file = tfliteFile([
    {
      tensors: [{ shape: [5, 2, 3, 4], data: counted(120) }, { shape: [1] }, { shape: [1] }, { shape: [1] }],
      operators: [
        { code: OPERATOR.densify, inputs: [0], outputs: [1] },
        { code: OPERATOR.dequantize, inputs: [1], outputs: [2] },
        { code: OPERATOR.conv2d, inputs: [3, 2], outputs: [] },
      ],
    },
  ])
  expect(firstView(file).shape).toEqual([5, 4, 2, 3])
})

it('operators that hand a tensor round in a circle end', () => {
  const file = tfliteFile([
    {
      tensors: [{ shape: [2], data: counted(2) }, { shape: [2] }],
      operators: [
        { code: OPERATOR.dequantize, inputs: [0], outputs: [1] },
        { code: OPERATOR.dequantize, inputs: [1], outputs: [0] },
      ],
    },
  ])
  expect(firstView(file).shape).toEqual([2])
})

it('operators may leave inputs out, or name tensors that are not there', () => {
  const file = tfliteFile([
    {
      tensors: [{ shape: [2], data: counted(2) }],
      operators: [{ code: OPERATOR.conv2d, inputs: [-1, 2 ** 31 - 1] }],
    },
  ])
  expect(firstView(file).shape).toEqual([2])
})
