import { expect, it } from 'vitest'
import { hasModelName, isCertain, recognise, recogniseFile } from '../../src/read/formats.ts'
import { memorySource } from '../../src/read/source.ts'
import { safetensors } from '../builders/safetensors.ts'

const heads = {
  safetensors: safetensors({ w: { shape: [1] } }),
  tflite: new TextEncoder().encode('\x1c\0\0\0TFL3'),
  onnx: Uint8Array.of(8, 8, 0x12, 0),
  text: new TextEncoder().encode('# Read me'),
}

it.each([
  ['w.safetensors', 'safetensors', 'safetensors'],
  ['w.bin', 'safetensors', 'safetensors'],
  ['w.onnx', 'safetensors', 'safetensors'],
  ['w.onnx', 'tflite', 'tflite'],
  ['w.bin', 'onnx', 'onnx'],
  ['w.tflite', 'text', 'tflite'],
  ['W.SafeTensors', 'text', 'safetensors'],
  ['README.md', 'text', undefined],
] as const)('takes %s that begins like %s for %s', (name, head, format) => {
  expect(recognise(name, heads[head])?.format).toBe(format)
})

it('tells a git-LFS pointer from any format', () => {
  const pointer = new TextEncoder().encode('version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n')
  expect(recogniseFile(memorySource('w.onnx', pointer))).toEqual({ kind: 'lfs-pointer', bytes: 12 })
})

it.each(['m.safetensors', 'm.safetensors.index.json', 'm.onnx', 'm.tflite'])('%s is the name of a model', (name) => {
  expect(hasModelName(name)).toBe(true)
})

it.each(['model.json', 'm.bin', 'onnx', 'm.onnx.md'])('%s is not', (name) => {
  expect(hasModelName(name)).toBe(false)
})

it('is not certain of ONNX without its name', () => {
  expect([isCertain('onnx', 'a.bin'), isCertain('onnx', 'a.onnx'), isCertain('tflite', 'a.bin')]).toEqual([
    false,
    true,
    true,
  ])
})
