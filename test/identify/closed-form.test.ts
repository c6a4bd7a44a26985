import { describe, expect, it } from 'vitest'
import {
  type Buffer2D,
  drawn,
  fourier,
  halvedSinusoids,
  hann,
  inverseFrequencies,
  matrix,
  melFilters,
  rotary,
  sinusoids,
  smooth,
  sparseVector,
  trained,
  transposed,
  vector,
} from '../builders/buffers.ts'
import { type FloatType, floats, noise, printTensor } from '../builders/tensor.ts'

const TYPES = ['f32', 'f16', 'bf16'] as const

function standing({ shape, values }: Buffer2D, type: FloatType): string {
  return printTensor(floats(shape, values, type)).standing
}

const at = (values: Float64Array) => (i: number) => values[i]!

const FORMULAS: Record<string, Buffer2D> = {
  'a constant': vector(64, () => 0.125),
  'a ramp': vector(512, (i) => i / 2 - 3),
  'a ramp of sixteen values': vector(16, (i) => i),
  'rotary frequencies': inverseFrequencies(64, 10_000),
  'rotary frequencies of base 500,000': inverseFrequencies(64, 500_000),
  'few rotary frequencies': inverseFrequencies(16, 10_000),
  'narrow sinusoidal positions': sinusoids(50, 32),
  'rotary cosines': rotary(600, 64, Math.cos),
  'rotary sines': rotary(600, 128, Math.sin),
  'a Hann window': vector(400, (n) => hann(n, 400)),
  'a Fourier basis under a Hann window': fourier(256),
  'a cosine transform': matrix(40, 128, (k, n) => Math.cos((Math.PI / 128) * (n + 0.5) * k)),
  'the slopes of linear biases times distance': matrix(8, 64, (head, i) => -(2 ** -(head + 1)) * i),
  'mel filters of Slaney': melFilters(80, 201, 16_000, 'slaney'),
  'mel filters of HTK': melFilters(64, 257, 16_000, 'htk'),
  'many mel filters': melFilters(128, 1_025, 22_050, 'slaney'),
  'mel filters stored (bin, band)': transposed(melFilters(80, 201, 16_000, 'slaney')),
  'a causal mask of ones': matrix(64, 64, (i, j) => (j <= i ? 1 : 0)),
  'a causal mask of minus infinity': matrix(64, 64, (i, j) => (j > i ? Number.NEGATIVE_INFINITY : 0)),
  'a mask of −10,000': matrix(64, 64, (i, j) => (j > i ? -9_984 : 0)),
}

const embedding = noise(6, 256 * 64)
/** Of several chunks, in f32 only: the other types read them in the same way. */
const LONG_FORMULAS: Record<string, Buffer2D> = {
  'a ramp of three chunks': vector(600_000, (i) => i / 64),
  'sinusoidal positions': sinusoids(512, 768),
  'wide sinusoidal positions': sinusoids(400, 2_048),
  'sinusoidal positions, cosines in the second half': halvedSinusoids(1_500, 384),
  'a long Fourier basis under a Hann window': fourier(1_024),
  'a causal mask of four chunks': matrix(1_024, 1_024, (i, j) => (j <= i ? 1 : 0)),
}

const gamma = noise(5, 768)
const WEIGHTS: Record<string, Buffer2D> = {
  'a matrix of normal deviates': trained(64, 64),
  'sixteen values': trained(1, 16),
  'a vector': trained(1, 768),
  'a convolution': trained(32, 27),
  'the scales of a norm': vector(768, (i) => 1 + 0.05 * at(gamma)(i)),
  'the scales of a norm that was trained but little': vector(768, (i) => 1 + 0.01 * at(gamma)(i)),
  'a matrix with low frequencies only': smooth(64, 64, 2),
  'a matrix with very low frequencies only': smooth(64, 64, 3),
  'long smooth filters': smooth(64, 400, 4),
  'long smoother filters': smooth(64, 400, 6),
  'short smooth filters': smooth(32, 16, 1),
  'an embedding that begins with a row of zeros': matrix(256, 64, (i, j) => (i === 0 ? 0 : at(embedding)(i * 64 + j))),
  'a bias with one value': sparseVector(64, 30),
  'a bias whose first value alone is not zero': sparseVector(64, 0),
  'a bias whose last value alone is not zero': sparseVector(64, 63),
  'a bias with its first values': sparseVector(64, 0, 1, 2, 3, 4),
  'a bias with two values': sparseVector(64, 10, 40),
  'a short bias with one value': sparseVector(16, 2),
  'a bias with two values side by side': sparseVector(64, 30, 31),
  'a diagonal': matrix(64, 64, (i, j) => (i === j ? at(gamma)(i) : 0)),
  'ternary weights': drawn(64, 64, -1, 0, 1),
  'weights of one bit': drawn(64, 64, -1, 1),
  'sixteen weights of one bit': drawn(1, 16, -1, 1),
  'binary weights': drawn(64, 64, 0, 1),
}

describe.each(TYPES)('in %s', (type) => {
  it.each(Object.entries(FORMULAS))('%s is recognised', (_, buffer) => {
    expect(standing(buffer, type)).toBe('closed-form')
  })

  it.each(Object.entries(WEIGHTS))('%s: weights', (_, buffer) => {
    expect(standing(buffer, type)).toBe('weight')
  })
})

it.each(Object.entries(LONG_FORMULAS))('%s is recognised to its end', (_, buffer) => {
  expect(standing(buffer, 'f32')).toBe('closed-form')
})

it('a formula of which only the first chunk is left is a weight', () => {
  const mixed = matrix(600, 1_000, (i, j) =>
    i < 500 ? Math.sin((i + 1) * 0.01 * (j + 1)) : at(gamma)((i * 7 + j) % 768),
  )
  expect(standing(mixed, 'f32')).toBe('weight')
})

it('values near one within the rounding of bf16 are weights: they may have been trained', () => {
  const barely = vector(768, (i) => 1 + 0.004 * at(gamma)(i))
  expect(standing(barely, 'bf16')).toBe('weight')
})
