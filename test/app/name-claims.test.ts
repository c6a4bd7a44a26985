import { describe, expect, it } from 'vitest'
import { falseClaim } from '../../src/app/name-claims.ts'
import type { TensorPrint } from '../../src/identify/print.ts'
import { randomTensor, seeded } from '../builders/print.ts'

const FORMS = {
  f32: { element: 'f32', encoding: null },
  f16: { element: 'f16', encoding: null },
  bf16: { element: 'bf16', encoding: null },
  f8: { element: 'f8e4m3', encoding: null },
  int8: { element: 'i8', encoding: { scheme: 'int8', bits: 8, step: 1 } },
  int4: { element: 'u4', encoding: { scheme: 'int4', bits: 4, step: 1 } },
  Q4_K: { element: 'u8', encoding: { scheme: 'Q4_K', bits: 4.5, step: 1 } },
  Q8_0: { element: 'u8', encoding: { scheme: 'Q8_0', bits: 8.5, step: 1 } },
} as const

function weights(form: keyof typeof FORMS, count = 100): TensorPrint {
  const tensor = randomTensor(seeded(1), 0)
  return { ...tensor, ...FORMS[form], standing: 'weight', invariants: { ...tensor.invariants, count } }
}

describe('a name contradicts its content', () => {
  it.each([
    ['silero_vad_half.onnx', 'f32', 'half'],
    ['model_fp16.onnx', 'f32', 'fp16'],
    ['model-F32.gguf', 'Q8_0', 'f32'],
    ['model-q8_0.gguf', 'f16', 'q8'],
    ['model_quantized.onnx', 'f32', 'quantized'],
    ['llama-4bit/model.safetensors', 'bf16', '4bit'],
    ['model.Q4_K_M.gguf', 'Q8_0', 'q4'],
    ['model-w8a8.safetensors', 'bf16', 'w8a8'],
    ['net_bf16.safetensors', 'f16', 'bf16'],
    ['net.fp8.safetensors', 'bf16', 'fp8'],
  ] as const)('%s holding %s', (path, form, claim) => {
    expect(falseClaim(path, [weights(form)])).toBe(claim)
  })

  it.each([
    ['silero_vad_half.onnx', 'f16'],
    ['model_half.safetensors', 'bf16'],
    ['model-Q4_K_M.gguf', 'Q4_K'],
    ['model_q4f16.onnx', 'int4'],
    ['model_int8.onnx', 'int8'],
    ['model_quantized.onnx', 'int8'],
    ['model-fp8-e4m3.safetensors', 'f8'],
    ['model_8.onnx', 'f32'],
    ['pose_landmark_full.tflite', 'f16'],
    ['sales_2024_q4.onnx', 'f32'],
    ['halfmoon.onnx', 'f32'],
    ['fp16/model_q4.onnx', 'int4'],
  ] as const)('but %s may hold %s', (path, form) => {
    expect(falseClaim(path, [weights(form)])).toBeNull()
  })

  it('not where a tenth of the weights are as it says', () => {
    expect(falseClaim('model_int8.onnx', [weights('f32', 90), weights('int8', 10)])).toBeNull()
  })

  it('where fewer are', () => {
    expect(falseClaim('model_int8.onnx', [weights('f32', 91), weights('int8', 9)])).toBe('int8')
  })

  it('not where there are no weights', () => {
    expect(falseClaim('model_int8.onnx', [])).toBeNull()
  })
})
