import {
  cast,
  fineTuned,
  quantised,
  transposed,
  unevenly,
  widened,
  withNewHead,
  withoutHead,
} from '../builders/model-operations.ts'
import { ADAPTERS } from './cases-adapter.ts'
import { MERGES } from './cases-merge.ts'
import { onGrid } from './grids.ts'
import { encoder, languageModel } from './networks.ts'
import {
  anyNetwork,
  type Case,
  CONVOLUTIONAL,
  DEFAULT_SIZE,
  equals,
  LANGUAGE,
  numberIs,
  pair,
  type Truth,
  tuned,
} from './scenario.ts'
import * as step from './steps.ts'

/** What the bench goes through, and in part the tests. */
export const CASES: Case[] = [
  pair('converted', 'turned, other names', ['converted'], 'undetermined', (base) => transposed(base)),
  pair('converted', 'an export’s arithmetic', ['converted'], 'undetermined', (base, seed) =>
    fineTuned(base, seed, 1e-6),
  ),
  pair('converted', 'batch norms folded', ['converted'], 'undetermined', (base) => step.folded(base), CONVOLUTIONAL),
  ...(['f16', 'bf16'] as const).map((to) =>
    pair('converted-lossy', to, ['converted-lossy'], 'known', (base) => cast(base, to)),
  ),
  ...(['tensor', 'row'] as const).map((by) =>
    pair('quantised', `int8 by ${by}`, ['quantised'], 'known', (base) => quantised(base, by), {
      parameter: equals('scheme', 'int8')!,
    }),
  ),
  ...(['Q8_0', 'Q4_0'] as const).map((scheme) =>
    pair('quantised', scheme, ['quantised'], 'known', (base) => onGrid(base, scheme), {
      ...LANGUAGE,
      parameter: equals('scheme', scheme)!,
    }),
  ),
  ...[0.0005, 0.003, 0.03, 0.2].map((size) =>
    pair('fine-tuned', `${size * 100} %`, ['fine-tuned'], 'undetermined', (base, seed) => tuned(base, seed, size)),
  ),
  pair('fine-tuned', 'half frozen', ['fine-tuned'], 'undetermined', (base, seed) => {
    const frozen = new Set(base.slice(0, Math.floor(base.length / 2)))
    return fineTuned(base, seed, unevenly(DEFAULT_SIZE, seed), (tensor) => frozen.has(tensor))
  }),
  ...[0.0005, 0.001, 0.003, 0.01].map((size) =>
    pair(
      'fine-tuned',
      `${size * 100} % of a bfloat16 release, saved in f32`,
      ['fine-tuned'],
      'undetermined',
      (base, seed) => tuned(widened(base), seed, size),
      {
        from: (seed) => cast(anyNetwork(seed), 'bf16'),
      },
    ),
  ),
  pair(
    'fine-tuned',
    '3 % of a bfloat16 release, saved so',
    ['fine-tuned'],
    'undetermined',
    (base, seed) => cast(tuned(base, seed), 'bf16'),
    {
      from: (seed) => cast(anyNetwork(seed), 'bf16'),
    },
  ),
  ...ADAPTERS,
  ...MERGES,
  ...[0.3, 0.5, 0.9].map((sparsity) =>
    pair('pruned', `smallest ${sparsity * 100} %`, ['pruned'], 'known', (base) => step.prunedBySize(base, sparsity), {
      ...LANGUAGE,
      parameter: numberIs('sparsity', sparsity, 0.02)!,
    }),
  ),
  pair('pruned', 'a quarter of the neurons', ['pruned'], 'undetermined', (base) => step.withoutNeurons(base, 0.25), {
    ...LANGUAGE,
    parameter: numberIs('sparsity', (0.25 * (4 * 3 * 160 * 96)) / 345_600, 0.05)!,
  }),
  ...(
    [
      ['one dropped', [0, 2, 3]],
      ['last dropped', [0, 1, 2]],
      ['two repeated', [0, 1, 2, 1, 2, 3]],
      ['one inserted', [0, 1, null, 2, 3]],
      ['two swapped', [0, 2, 1, 3]],
    ] as [string, (number | null)[]][]
  ).flatMap(([size, map]) => [
    // two layers swapped are the same model in another layout
    ...(map.length === 4 && !map.includes(null)
      ? []
      : [
          pair(
            'layers-changed',
            size,
            ['layers-changed'],
            'undetermined',
            (base, seed) => step.layered(base, map, seed),
            { ...LANGUAGE, parameter: mapIs(map) },
          ),
        ]),
    pair(
      'layers-changed',
      `${size}, then fine-tuned`,
      ['layers-changed', 'fine-tuned'],
      'undetermined',
      (base, seed) => tuned(step.layered(base, map, seed), seed),
      { ...LANGUAGE, parameter: mapIs(map) },
    ),
  ]),
  ...[1, 10, 120].map((rows) =>
    pair(
      'vocabulary-resized',
      `${rows} rows added`,
      ['vocabulary-resized'],
      'known',
      (base, seed) => step.withVocabulary(base, rows, seed),
      { ...LANGUAGE, parameter: numberIs('rows', rows, 0)! },
    ),
  ),
  pair(
    'vocabulary-resized',
    '10 rows added, then fine-tuned',
    ['vocabulary-resized', 'fine-tuned'],
    'known',
    (base, seed) => tuned(step.withVocabulary(base, 10, seed), seed),
    { ...LANGUAGE, parameter: numberIs('rows', 10, 0)! },
  ),
  pair('extracted', 'without its head', ['extracted'], 'undetermined', (base) => withoutHead(base)),
  pair('new head', '10 classes', ['extracted', 'fine-tuned'], 'undetermined', (base, seed) =>
    withNewHead(base, seed, 10),
  ),
  {
    kind: 'new head',
    size: 'beside a sibling’s, base here',
    make(seed) {
      const base = anyNetwork(seed)
      const other = withNewHead(tuned(base, seed + 1), seed + 1, 12)
      const child = withNewHead(tuned(base, seed + 2), seed + 2, 16)
      const truth: Truth = {
        child: 'child',
        parents: ['base'],
        changes: ['extracted', 'fine-tuned'],
        direction: 'undetermined',
      }
      return { models: { child, base, other }, truth }
    },
  },
  pair(
    'direction-ablated',
    'all layers',
    ['direction-ablated'],
    'known',
    (base, seed) => step.ablated(base, seed, () => true),
    { ...LANGUAGE, parameter: equals('layers', [0, 1, 2, 3])! },
  ),
  pair(
    'direction-ablated',
    'layers 1 and 2',
    ['direction-ablated'],
    'known',
    (base, seed) => step.ablated(base, seed, (layer) => layer === 1 || layer === 2),
    { ...LANGUAGE, parameter: equals('layers', [1, 2])! },
  ),
  pair(
    'direction-ablated',
    'all layers, bf16',
    ['direction-ablated'],
    'known',
    (base, seed) =>
      cast(
        step.ablated(base, seed, () => true),
        'bf16',
      ),
    {
      from: (seed) => cast(languageModel(seed), 'bf16'),
      parameter: equals('layers', [0, 1, 2, 3])!,
    },
  ),
  {
    kind: 'assembled',
    size: 'layers of two fine-tunes',
    make(seed) {
      const base = languageModel(seed)
      const [a, b] = [tuned(base, seed + 1), tuned(base, seed + 2)]
      return { models: { a, b, child: step.stacked(a, b, 2) }, truth: assembledOf(['a', 'b'], 'known') }
    },
  },
  {
    kind: 'assembled',
    size: 'layers of two fine-tunes, base here',
    make(seed) {
      const base = languageModel(seed)
      const [a, b] = [tuned(base, seed + 1), tuned(base, seed + 2)]
      return { models: { base, a, b, child: step.stacked(a, b, 1) }, truth: assembledOf(['a', 'b'], 'known') }
    },
  },
  {
    kind: 'assembled',
    size: 'layers of strangers',
    make(seed) {
      const [a, b] = [languageModel(seed), languageModel(seed + 5_000)]
      return { models: { a, b, child: step.stacked(a, b, 2) }, truth: assembledOf(['a', 'b'], 'known') }
    },
  },
  {
    kind: 'assembled',
    size: 'experts of three',
    make(seed) {
      const base = languageModel(seed)
      const [a, b, c] = [tuned(base, seed + 1), tuned(base, seed + 2), tuned(base, seed + 3)]
      return { models: { a, b, c, child: step.mixture([a, b, c], seed) }, truth: assembledOf(['a', 'b', 'c'], 'known') }
    },
  },
  {
    kind: 'assembled',
    size: 'tower joined',
    make(seed) {
      const [a, b] = [encoder(seed), languageModel(seed)]
      return { models: { a, b, child: step.joined(a, b, seed) }, truth: assembledOf(['a', 'b'], 'undetermined') }
    },
  },
  pair(
    'permuted',
    'neurons',
    ['permuted'],
    'undetermined',
    (base, seed) => step.withNeuronsPermuted(base, seed),
    LANGUAGE,
  ),
  pair(
    'permuted',
    'stream and neurons',
    ['permuted'],
    'undetermined',
    (base, seed) => step.withStreamPermuted(base, seed),
    LANGUAGE,
  ),
  ...(['Q8_0', 'Q4_0'] as const).map((scheme) =>
    pair(
      'chain',
      `fine-tuned, ${scheme}`,
      ['fine-tuned', 'quantised'],
      'known',
      (base, seed) => onGrid(tuned(base, seed, 0.2), scheme),
      { ...LANGUAGE, parameter: equals('scheme', scheme)! },
    ),
  ),
  pair('chain', 'fine-tuned, f16', ['fine-tuned'], 'undetermined', (base, seed) => cast(tuned(base, seed), 'f16')),
  pair(
    'chain',
    'half pruned, int8',
    ['pruned', 'quantised'],
    'known',
    (base) => quantised(step.prunedBySize(base, 0.5), 'row'),
    { ...LANGUAGE, parameter: numberIs('sparsity', 0.5, 0.03)! },
  ),
  pair(
    'chain',
    'fine-tuned, half pruned',
    ['fine-tuned', 'pruned'],
    'undetermined',
    (base, seed) => step.prunedBySize(tuned(base, seed, 0.1), 0.5),
    { ...LANGUAGE, parameter: numberIs('sparsity', 0.5, 0.02)! },
  ),
  pair(
    'chain',
    'vocabulary grown, fine-tuned, f16',
    ['vocabulary-resized', 'fine-tuned'],
    'known',
    (base, seed) => cast(tuned(step.withVocabulary(base, 10, seed), seed), 'f16'),
    { ...LANGUAGE, also: ['converted-lossy'], parameter: numberIs('rows', 10, 0)! },
  ),
  pair(
    'chain',
    'layer dropped, fine-tuned, Q8_0',
    ['layers-changed', 'fine-tuned', 'quantised'],
    'known',
    (base, seed) => onGrid(tuned(step.layered(base, [0, 2, 3]), seed, 0.1), 'Q8_0'),
    { ...LANGUAGE, parameter: mapIs([0, 2, 3]) },
  ),
  pair('chain', 'head taken off, bf16', ['extracted', 'converted-lossy'], 'known', (base) =>
    cast(withoutHead(base), 'bf16'),
  ),
]

function assembledOf(parents: string[], direction: Truth['direction']): Truth {
  return {
    child: 'child',
    parents,
    changes: ['assembled'],
    direction,
    parameter: { error: ({ parts }) => (Array.isArray(parts) ? 0 : 1), allowed: 0 },
  }
}

/** Where the larger model is taken for the parent, an inserted layer reads as one dropped. */
function mapIs(map: (number | null)[]): NonNullable<Truth['parameter']> {
  const dropped = map.flatMap((from, to) => (from === null ? [] : [to]))
  const wanted = [JSON.stringify(map), ...(map.includes(null) ? [JSON.stringify(dropped)] : [])]
  return {
    error: (details) => (wanted.includes(JSON.stringify(details['map'])) ? 0 : Number.POSITIVE_INFINITY),
    allowed: 0,
  }
}
