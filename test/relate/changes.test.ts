import { describe, expect, it } from 'vitest'
import { lineageOf } from '../builders/lineage.ts'
import {
  cast,
  fineTuned,
  quantised,
  renamed,
  shuffled,
  transposed,
  unevenly,
  widened,
  withNewHead,
  withoutHead,
} from '../builders/model-operations.ts'
import { convolutional, perceptron, printed, type Tensor, transformer } from '../builders/models.ts'

const FAMILIES = { transformer: transformer(1), convolutional: convolutional(2), perceptron: perceptron(3) }

describe.each(Object.entries(FAMILIES))('a %s', (_, base) => {
  const tuned = fineTuned(base, 4, unevenly(0.02))
  const frozen = new Set(base.slice(0, Math.floor(base.length / 2)).map((tensor) => tensor.name))
  const isFrozen = (tensor: Tensor) => frozen.has(tensor.name)
  const cases: [string, typeof base, string][] = [
    ['turned by an exporter', transposed(base), 'base – other: converted'],
    ['cast to binary16', cast(base, 'f16'), 'base → other: converted-lossy'],
    ['cast to bfloat16', cast(base, 'bf16'), 'base → other: converted-lossy'],
    ['cast and stored as f32 again', widened(cast(base, 'f16')), 'base → other: converted-lossy'],
    ['quantised by tensor', quantised(base), 'base → other: quantised'],
    ['quantised by row', quantised(base, 'row'), 'base → other: quantised'],
    ['fine-tuned', tuned, 'base – other: fine-tuned'],
    ['fine-tuned in part', fineTuned(base, 5, 0.05, isFrozen), 'base – other: fine-tuned'],
    ['without its head', withoutHead(base), 'base – other: extracted'],
    ['with a new head', withNewHead(base, 6, 10), 'base – other: extracted, fine-tuned'],
    ['fine-tuned, then quantised', quantised(fineTuned(base, 7, 0.1), 'row'), 'base → other: fine-tuned, quantised'],
    ['without its head, then quantised', quantised(withoutHead(base)), 'base → other: extracted, quantised'],
    ['without its head, then cast', cast(withoutHead(base), 'f16'), 'base → other: converted-lossy, extracted'],
    [
      'with a new head, cast',
      cast(withNewHead(base, 6, 10), 'f16'),
      'base → other: converted-lossy, extracted, fine-tuned',
    ],
    [
      'fine-tuned under other names, turned and shuffled',
      shuffled(renamed(transposed(tuned))),
      'base – other: fine-tuned',
    ],
    ['cast under other names, turned', renamed(transposed(cast(base, 'bf16'))), 'base → other: converted-lossy'],
  ]
  it.each(cases)('%s is called so', (_, other, line) => {
    const prints = { base: printed(base), other: printed(other) }
    expect(lineageOf(prints).lines).toEqual([line])
    expect(lineageOf({ other: prints.other, base: prints.base }).lines).toEqual([line])
  })

  it('under other names and in another order is the same model', () => {
    expect(printed(shuffled(renamed(base))).id).toBe(printed(base).id)
  })

  it('stripped of its head is verified, a fine-tune inferred', () => {
    const statusOf = (other: typeof base) => lineageOf({ base, other }).relations.map((relation) => relation.status)
    expect(statusOf(withoutHead(base))).toEqual(['verified'])
    expect(statusOf(tuned)).toEqual(['inferred'])
    expect(statusOf(withNewHead(base, 6, 10))).toEqual(['inferred'])
  })

  it('tells the share of weights left frozen, and how far the rest moved', () => {
    const [relation] = lineageOf({ base, other: fineTuned(base, 5, 0.05, isFrozen) }).relations
    const count = (of: typeof base) => of.reduce((sum, tensor) => sum + tensor.values.length, 0)
    expect(relation!.details['frozen']).toBeCloseTo(count(base.filter(isFrozen)) / count(base), 6)
  })

  it('trained beyond half its likeness is related, but what was done stays unclear', () => {
    expect(lineageOf({ base, other: fineTuned(base, 8, 3) }).lines).toEqual(['base – other: unclear'])
  })
})
