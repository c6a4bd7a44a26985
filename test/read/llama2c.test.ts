import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isLlama2c, looksLikeLlama2c, readLlama2c } from '../../src/read/llama2c.ts'
import { ReadError } from '../../src/read/read-error.ts'
import { memorySource } from '../../src/read/source.ts'
import { legacyFile, legacyFloats, TINY, versionFile } from '../builders/llama2c.ts'
import { problemOf } from '../builders/problems.ts'
import { unsoundness } from '../builders/soundness.ts'
import { tensorValues } from '../builders/values.ts'

const source = (bytes: Uint8Array) => memorySource('m.bin', bytes)
const recognised = (bytes: Uint8Array) => looksLikeLlama2c('m.bin', bytes) && isLlama2c(source(bytes))

const valuesOf = (bytes: Uint8Array, name: string) => {
  const file = readLlama2c(source(bytes))
  return [...tensorValues(file, file.tensors.find((tensor) => tensor.name === name)!)]
}

/** 8 and 6 columns do not share a group; 8 and 16 do. */
const GROUPED = { ...TINY, hidden: 16 }
const NORMS = 5 * 8
/** Of all matrices of GROUPED: the embedding, then per layer q, k, v, o and three of 8 × 16. */
const MATRICES = 40 + 2 * (64 + 32 + 32 + 64 + 3 * 128)

describe('the legacy layout', () => {
  it('is recognised where the header asks for exactly the file’s size', () => {
    expect(recognised(legacyFile())).toBe(true)
  })

  it.each([-4, 4])('is not recognised with %i bytes more', (more) => {
    const bytes = legacyFile()
    const other = more > 0 ? new Uint8Array([...bytes, 0, 0, 0, 0]) : bytes.subarray(0, more)
    expect(recognised(other)).toBe(false)
  })

  it.each([false, true])('has an output head of its own unless it is shared: %s', (shared) => {
    const names = readLlama2c(source(legacyFile(shared))).tensors.map((tensor) => tensor.name)
    expect(names.includes('lm_head.weight')).toBe(!shared)
  })

  it('covers the file', () => {
    const file = readLlama2c(source(legacyFile(false)))
    const bytes = file.tensors.map(({ data }) => (data.kind === 'ranges' ? data.ranges[0]!.length : 0))
    expect(bytes.reduce((a, b) => a + b)).toBe(4 * legacyFloats(TINY, false))
  })

  it('keeps one kind of all layers together', () => {
    // after the embedding and the attention norms of both layers
    expect(valuesOf(legacyFile(), 'model.layers.1.input_layernorm.weight')[0]).toBe(40 + 8)
  })

  it('has the rows of q in Meta’s order, which is turned to Hugging Face’s', () => {
    const rows = valuesOf(legacyFile(), 'model.layers.0.self_attn.q_proj.weight').filter((_, i) => i % 8 === 0)
    expect(rows.map((value) => (value - 56) / 8)).toEqual([0, 2, 1, 3, 4, 6, 5, 7])
  })

  it('leaves v as it is', () => {
    const rows = valuesOf(legacyFile(), 'model.layers.0.self_attn.v_proj.weight').filter((_, i) => i % 8 === 0)
    expect(rows.map((value) => (value - rows[0]!) / 8)).toEqual([0, 1, 2, 3])
  })
})

describe('version 1', () => {
  const floats = 40 + NORMS + 2 * (64 + 32 + 32 + 64 + 3 * 48)
  const bytes = versionFile(1, new Uint8Array(Float32Array.from({ length: floats }, (_, i) => i).buffer))

  it('is recognised by its magic number', () => {
    expect(recognised(bytes)).toBe(true)
  })

  it('has all norms before the embedding', () => {
    expect(valuesOf(bytes, 'model.embed_tokens.weight')[0]).toBe(NORMS)
  })

  it('is refused with bytes left over', () => {
    expect(problemOf(() => readLlama2c(source(new Uint8Array([...bytes, 1]))))).toMatchObject({ code: 'malformed' })
  })

  it('is refused when it is cut short', () => {
    expect(problemOf(() => readLlama2c(source(bytes.subarray(0, -1))))).toMatchObject({ code: 'truncated' })
  })
})

describe('version 2', () => {
  /** Norms of 1; every matrix of stored ones, and scale n for the n-th group of the file. */
  const file = () => {
    const out: Uint8Array[] = [new Uint8Array(new Float32Array(NORMS).fill(1).buffer)]
    let group = 0
    const matrix = (size: number) => {
      const scales = Float32Array.from({ length: size / 8 }, () => group++)
      out.push(new Uint8Array(size).fill(1), new Uint8Array(scales.buffer))
    }
    for (const size of [40, 64, 64, 32, 32, 32, 32, 64, 64, ...new Array(6).fill(128)]) matrix(size)
    return versionFile(2, new Uint8Array(Buffer.concat(out)), { group: 8, numbers: GROUPED })
  }

  it('has the scales of each matrix behind it', () => {
    expect(valuesOf(file(), 'model.embed_tokens.weight').filter((_, i) => i % 8 === 0)).toEqual([0, 1, 2, 3, 4])
  })

  it('takes the scales along where rows change places', () => {
    const rows = valuesOf(file(), 'model.layers.0.self_attn.q_proj.weight').filter((_, i) => i % 8 === 0)
    expect(rows).toEqual([5, 7, 6, 8, 9, 11, 10, 12])
  })

  it('reads the last group of the file', () => {
    expect(valuesOf(file(), 'model.layers.1.mlp.up_proj.weight').at(-1)).toBe(MATRICES / 8 - 1)
  })

  it.each([0, -8, 3, 16])('is refused with groups of %i', (group) => {
    const bytes = versionFile(2, new Uint8Array(9_000), { group, numbers: GROUPED })
    expect(problemOf(() => readLlama2c(source(bytes)))).toMatchObject({ code: 'malformed' })
  })
})

it('a later version is not supported', () => {
  expect(problemOf(() => readLlama2c(source(versionFile(3, new Uint8Array(0)))))).toMatchObject({ code: 'unsupported' })
})

it('any header is refused or sound', () => {
  const numbers = fc.array(fc.integer({ min: -3, max: 300 }), { minLength: 9, maxLength: 9 })
  fc.assert(
    fc.property(numbers, fc.boolean(), (header, magic) => {
      const bytes = new Uint8Array(4_096)
      new Int32Array(bytes.buffer).set(magic ? [0x616b3432, ...header] : header)
      try {
        expect(unsoundness(readLlama2c(source(bytes)))).toEqual([])
      } catch (error) {
        if (!(error instanceof ReadError)) throw error
      }
    }),
  )
})
