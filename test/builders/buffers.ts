import { seeded } from './print.ts'
import { noise } from './tensor.ts'

/** Values of a tensor, by a formula or not. */
export interface Buffer2D {
  shape: [number, number]
  values: Float64Array
}

export function matrix(rows: number, columns: number, of: (row: number, column: number) => number): Buffer2D {
  const values = new Float64Array(rows * columns)
  for (let row = 0, at = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) values[at++] = of(row, column)
  return { shape: [rows, columns], values }
}

export function vector(length: number, of: (index: number) => number): Buffer2D {
  return matrix(1, length, (_, index) => of(index))
}

/** The frequencies of rotary positions. */
export function inverseFrequencies(length: number, base: number): Buffer2D {
  return vector(length, (i) => base ** (-i / length))
}

/** Sines and cosines of positions in turn (Vaswani et al. 2017, section 3.5). */
export function sinusoids(positions: number, width: number): Buffer2D {
  return matrix(positions, width, (position, i) => {
    const angle = position * 10_000 ** (-(i - (i % 2)) / width)
    return i % 2 === 0 ? Math.sin(angle) : Math.cos(angle)
  })
}

/** Sines in the one half, cosines in the other (Whisper). */
export function halvedSinusoids(positions: number, width: number): Buffer2D {
  const half = width / 2
  return matrix(positions, width, (position, i) => {
    const angle = position * Math.exp((-(i % half) * Math.log(10_000)) / (half - 1))
    return i < half ? Math.sin(angle) : Math.cos(angle)
  })
}

export function rotary(positions: number, width: number, wave: (angle: number) => number): Buffer2D {
  const half = width / 2
  return matrix(positions, width, (position, i) => wave(position * 10_000 ** (-(i % half) / half)))
}

/** Real, then imaginary parts of the short-time Fourier transform under a Hann window, as a convolution has them. */
export function fourier(length: number): Buffer2D {
  const bins = length / 2 + 1
  return matrix(2 * bins, length, (row, n) => {
    const angle = (2 * Math.PI * (row % bins) * n) / length
    return hann(n, length) * (row < bins ? Math.cos(angle) : -Math.sin(angle))
  })
}

export function hann(n: number, length: number): number {
  return 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / length)
}

/** Triangles even on the mel scale, HTK's (2595 · log10(1 + f/700)) or Slaney's, whose triangles have one area. */
export function melFilters(bands: number, bins: number, rate: number, scale: 'htk' | 'slaney'): Buffer2D {
  const { toMel, toHertz } = MEL[scale]
  const edges = Array.from({ length: bands + 2 }, (_, k) => toHertz((toMel(rate / 2) * k) / (bands + 1)))
  return matrix(bands, bins, (band, bin) => {
    const [low, peak, high] = edges.slice(band, band + 3) as [number, number, number]
    const hertz = ((rate / 2) * bin) / (bins - 1)
    const height = Math.max(0, Math.min((hertz - low) / (peak - low), (high - hertz) / (high - peak)))
    return scale === 'htk' ? height : (2 * height) / (high - low)
  })
}

const LOG_STEP = Math.log(6.4) / 27

const MEL = {
  htk: {
    toMel: (hertz: number) => 2595 * Math.log10(1 + hertz / 700),
    toHertz: (mel: number) => 700 * (10 ** (mel / 2595) - 1),
  },
  slaney: {
    toMel: (hertz: number) => (hertz < 1_000 ? (3 * hertz) / 200 : 15 + Math.log(hertz / 1_000) / LOG_STEP),
    toHertz: (mel: number) => (mel < 15 ? (200 * mel) / 3 : 1_000 * Math.exp((mel - 15) * LOG_STEP)),
  },
}

export function transposed({ shape: [rows, columns], values }: Buffer2D): Buffer2D {
  return matrix(columns, rows, (row, column) => values[column * columns + row]!)
}

/** As trained networks have them: normal deviates. */
export function trained(rows: number, columns: number, seed = 1): Buffer2D {
  return { shape: [rows, columns], values: noise(seed, rows * columns) }
}

/** Normal deviates smoothed along the rows by a Gaussian of this deviation, as filters of audio networks can be. */
export function smooth(rows: number, columns: number, deviation: number): Buffer2D {
  const reach = Math.ceil(4 * deviation)
  const weights = Array.from({ length: 2 * reach + 1 }, (_, k) => Math.exp(-(((k - reach) / deviation) ** 2) / 2))
  const wide = columns + 2 * reach
  const rough = noise(2, rows * wide)
  return matrix(rows, columns, (row, column) =>
    weights.reduce((sum, weight, k) => sum + weight * rough[row * wide + column + k]!, 0),
  )
}

/** A vector that is zero but for some values. */
export function sparseVector(length: number, ...at: number[]): Buffer2D {
  const values = noise(3, length)
  return vector(length, (i) => (at.includes(i) ? values[i]! : 0))
}

/** Each value one of these, by chance. */
export function drawn(rows: number, columns: number, ...choices: number[]): Buffer2D {
  const random = seeded(4)
  return matrix(rows, columns, () => choices[Math.floor(random() * choices.length)]!)
}
