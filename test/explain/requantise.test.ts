import { expect, it } from 'vitest'
import { BLOCK_LAYOUTS } from '../../src/contract/block-scheme.ts'
import { NEAREST_SCHEMES, quantiseBlock } from '../../src/explain/requantise.ts'
import { readGguf } from '../../src/read/gguf.ts'
import { readFixture } from '../builders/fixtures.ts'
import { storedBytes, tensorValues } from '../builders/values.ts'

it.each(
  NEAREST_SCHEMES.flatMap((scheme) => [
    { scheme, weights: 'weights', blocks: 'blocks' },
    { scheme, weights: 'halves', blocks: 'halves.blocks' },
  ]),
)('$scheme blocks of $weights are those of the gguf package, bit for bit', ({ scheme, weights, blocks }) => {
  const file = readFixture(readGguf, `test/fixtures/requantise/${scheme}.gguf`)
  const tensor = (name: string) => file.tensors.find((item) => item.name === name)!
  const values = Float32Array.from(tensorValues(file, tensor(weights)))
  const stored = storedBytes(file, tensor(blocks))
  const { bytes } = BLOCK_LAYOUTS[scheme]
  const made = new Uint8Array(stored.length)
  // the package computes the symmetric schemes with one rounding, the others with two
  const fused = scheme === 'Q4_0' || scheme === 'Q5_0'
  for (let block = 0; block < stored.length / bytes; block++)
    quantiseBlock(scheme, values, block * 32, fused, made, block * bytes)
  expect(Buffer.compare(made, stored)).toBe(0)
})
