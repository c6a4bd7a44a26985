import { classOfName } from './keras-variables.ts'
import type { StoredTensor } from './model-file.ts'
import type { TfGraph } from './tf-graph.ts'
import type { TfVariable } from './tf-variables.ts'
import { scopesReader } from './tfjs-graph.ts'
import { classesReader } from './tfjs-layers.ts'
import { type WeightReading, weightViews } from './weight-reading.ts'

type ReadingOf = (name: string, rank: number) => WeightReading

/** How nodes of a graph, by name, use weights. */
export function nodeReader(graph: TfGraph): ReadingOf {
  return scopesReader(graph.scopes)
}

/** How variables are to be seen: by what the graph does with them, else by their names. */
export function variableReader(graph: TfGraph | null, variables: readonly TfVariable[]): ReadingOf {
  const byName = classesReader(classesIn(variables.map(({ name }) => name)))
  const byNode = graph === null ? null : nodeReader(graph)
  return (name, rank) => {
    const used = (graph?.variables.get(name) ?? []).map((node) => byNode!(node, rank))
    const named = byName(kerasName(name), rank)
    return {
      arrangement: used.find(({ arrangement }) => arrangement !== null)?.arrangement ?? named.arrangement,
      gates: used.find(({ gates }) => gates !== null)?.gates ?? named.gates,
    }
  }
}

/** Layers whose names Keras made from their classes. */
function classesIn(names: readonly string[]): Map<string, string> {
  const classes = new Map<string, string>()
  for (const name of names)
    for (const part of name.split('/').slice(0, -1)) {
      const found = classOfName(part)
      if (found !== null) classes.set(part, found)
    }
  return classes
}

/** TensorFlow 1 (slim) has `weights` where Keras has `kernel`. */
function kerasName(name: string): string {
  return name.replace(/(^|\/)(depthwise_|pointwise_)?weights$/, '$1$2kernel')
}

export function variableTensors(variables: readonly TfVariable[], readingOf: ReadingOf): StoredTensor[] {
  return variables.flatMap(({ name, tensor: { shape, element, ranges } }) =>
    weightViews(name, shape, readingOf(name, shape.length)).map((part) => ({
      name: part.name,
      element,
      view: part.view,
      data: { kind: 'ranges', ranges },
      quantisation: null,
    })),
  )
}
