import type { ModelFile } from '../../src/read/model-file.ts'
import { memorySource } from '../../src/read/source.ts'
import { readTfjs } from '../../src/read/tfjs.ts'
import { memorySiblings } from './memory-siblings.ts'

export interface WeightParts {
  name: string
  shape: number[]
  dtype?: string
  quantization?: object
}

export interface TfjsParts {
  weights: WeightParts[]
  /** The bytes of the shards, `shard1.bin` and so on. */
  shards: Uint8Array[]
  topology?: unknown
  /** Fields of model.json that replace the others. */
  more?: object
}

export function modelJson({ weights, shards, topology = {}, more = {} }: TfjsParts): Uint8Array {
  const paths = shards.map((_, index) => `shard${index + 1}.bin`)
  const group = { paths, weights: weights.map((weight) => ({ dtype: 'float32', ...weight })) }
  const model = { format: 'layers-model', modelTopology: topology, weightsManifest: [group], ...more }
  return new TextEncoder().encode(JSON.stringify(model))
}

export function readParts(parts: TfjsParts, closed: string[] = []): ModelFile {
  const files = Object.fromEntries(parts.shards.map((shard, index) => [`shard${index + 1}.bin`, shard]))
  return readTfjs(memorySource('model.json', modelJson(parts)), memorySiblings(files, closed))
}

export interface NodeParts {
  name: string
  op: string
  input?: string[]
  attr?: object
}

/** A graph whose Const nodes are the weights. */
export function graph(nodes: NodeParts[], functions: object[] = []): object {
  return { node: nodes, library: { function: functions } }
}

export function layers(...classes: { class: string; name: string; config?: object }[]): object {
  const list = classes.map(({ class: className, name, config }) => ({
    class_name: className,
    config: { name, ...config },
  }))
  return { model_config: { class_name: 'Sequential', config: { name: 'model', layers: list } } }
}
