import { expect, it } from 'vitest'
import { printModel } from '../../src/identify/print-model.ts'
import { type FloatType, floats, modelOf, printTensors } from '../builders/tensor.ts'

// The identity of models in every estate rests on these: a change here needs a new PRINT_VERSION, and a good reason. They were
// computed with NumPy 2.4.6 and the blake3 package 1.0.11 for Python, not with this code: BLAKE3 of
// `yukue.tensor/1 <type> <rows>x<columns>\n` and the canonical little-endian values.
const numbers = (of: (i: number) => number) => Float64Array.from({ length: 32 }, (_, i) => of(i))
const eighths = numbers((i) => (i === 8 ? -0 : i === 9 ? Number.NaN : i / 8 - 1))
const vectors: {
  name: string
  shape: number[]
  stored: FloatType
  exact: string
  values: Float64Array
  digest: string
}[] = [
  {
    name: 'a',
    shape: [4, 8],
    stored: 'f32',
    exact: 'bf16',
    values: eighths,
    digest: '6ae76bb57670511e25fc9ec3a655ac0c4a424f350eb5f0b4824133ac32cf2427',
  },
  {
    name: 'b',
    shape: [4, 8],
    stored: 'f32',
    exact: 'f16',
    values: numbers((i) => 1 + i / 1024),
    digest: '02722633b4d558695ecf5cd1ed47258098ab6aa37912c07ab38c23e2951bd170',
  },
  {
    name: 'c',
    shape: [2, 16],
    stored: 'f32',
    exact: 'f32',
    values: numbers((i) => ((i * 37) % 101) / 3),
    digest: '098dccbec4515946a20ab9081fea643179cd867bfb8464b783201d7483fc7cba',
  },
  {
    name: 'd',
    shape: [32],
    stored: 'f64',
    exact: 'f64',
    values: numbers((i) => 0.1 * (((i + 1) * 53) % 97)),
    digest: 'e2e90847e3ed2c3799d315cdb695d3984798019834437b7c26956a49e3dc75eb',
  },
  {
    name: 'e',
    shape: [8, 4],
    stored: 'f16',
    exact: 'f16',
    values: numbers((i) => (i % 2 ? -65_504 : i * 33 * 2 ** -24)),
    digest: 'dd8f5027c0a3f661dfc7b2fbce91873397201991561889203b4038451217d2b9',
  },
]
const prints = printTensors(
  modelOf(vectors.map(({ name, shape, stored, values }) => ({ ...floats(shape, values, stored), name }))),
)

it.each(vectors.map((vector, index) => ({ ...vector, index })))(
  'the $exact tensor of a known digest has it',
  ({ index, exact, digest }) => {
    expect([prints[index]!.exact, prints[index]!.digest]).toEqual([exact, digest])
  },
)

it('the model of a known id has it', () => {
  expect(printModel(prints).id).toBe('blake3:961514ecb0ec361e7eb497f9377061c6f650b541565ba3cc2e1cf015808798d3')
})

it('the model of a known layout has it', () => {
  expect(printModel(prints).layout).toBe('blake3:87174d7effc493993e2206011b0caea9ffb5cf61f8a33b06a3f7536ccf3ca215')
})
