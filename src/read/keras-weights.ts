import type { Hdf5Dataset } from './hdf5-dataset.ts'
import { limit } from './hdf5-file.ts'
import {
  datasetOf,
  type H5Object,
  type KerasHdf5,
  listOf,
  memberAt,
  objectAt,
  rootOf,
  stringsOf,
} from './keras-hdf5.ts'
import { classOfName, variableNames } from './keras-variables.ts'
import { MAX_TENSORS } from './limits.ts'
import { readError } from './read-error.ts'

/** A variable, named `<layer>/<variable>`, layers in layers with all their names. */
export interface KerasVariable {
  name: string
  dataset: Hdf5Dataset
}

/** Layers in models in models; real ones nest under 20 deep. */
const MAX_DEPTH = 64

/**
 * The variables of an HDF5 file in either of Keras' layouts, without those of the optimiser. `classes`, by layer name, is added to
 * where a layer's name tells its class.
 */
export function readVariables(h5: KerasHdf5, classes: Map<string, string>): KerasVariable[] {
  const root = rootOf(h5)
  const weights = memberAt(h5, root, 'model_weights') ?? root
  const layers = listOf(h5, weights, 'layer_names')
  return layers === null ? numberedVariables(h5, root, classes) : namedVariables(h5, weights, layers, classes)
}

/** Keras 1 and 2, and `.h5` files of Keras 3: a group a layer with a list of its weights. */
function namedVariables(
  h5: KerasHdf5,
  weights: H5Object,
  layers: readonly string[],
  classes: Map<string, string>,
): KerasVariable[] {
  const variables: KerasVariable[] = []
  const seen = new Set<string>()
  for (const layer of [...layers, 'top_level_model_weights']) {
    const group = memberAt(h5, weights, layer)
    if (group === null || seen.has(layer)) continue
    seen.add(layer)
    for (const path of listOf(h5, group, 'weight_names') ?? []) {
      const object = memberAt(h5, group, path)
      if (object === null) throw malformed(h5, path, 'a weight that is listed and not there')
      const name = variableName(layer, path)
      for (const part of name.split('/').slice(0, -1)) addClass(classes, part)
      take(h5, variables, name, object)
    }
  }
  return variables
}

/** Weights are listed as `dense/kernel:0`, in nested models without the model's name. */
function variableName(layer: string, path: string): string {
  const name = path.replace(/:\d+$/, '')
  return layer === 'top_level_model_weights' || name.split('/').includes(layer) ? name : `${layer}/${name}`
}

/** A group of the file and how it was come to: names of groups, and of the layers they stand for. */
interface Visit {
  at: number
  groups: readonly string[]
  layers: readonly string[]
}

/**
 * Keras 3, and `.keras` files since 2.12: a tree of groups like the model's own attributes, each with its variables by number in
 * `vars`, whose `name` is the layer's.
 */
function numberedVariables(h5: KerasHdf5, root: H5Object, classes: Map<string, string>): KerasVariable[] {
  const variables: KerasVariable[] = []
  const visited = new Set<number>()
  const pending: Visit[] = [{ at: h5.file.root, groups: [], layers: [] }]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (visited.has(next.at)) continue
    visited.add(next.at)
    const object = objectAt(h5, next.at)
    const layers = layerPath(h5, object, next)
    for (const [name, at] of [...(object.links ?? [])].toReversed()) {
      if (name === 'vars' || (object === root && TRAINING.has(name))) continue
      if (next.groups.length >= MAX_DEPTH) throw limit(h5.file, 'nested groups', `over ${MAX_DEPTH}`, MAX_DEPTH)
      pending.push({ at, groups: [...next.groups, name], layers })
    }
    const vars = memberAt(h5, object, 'vars')
    if (vars !== null) takeNumbered(h5, variables, vars, { ...next, layers }, classes)
  }
  return variables
}

/** What training needs and the model does not. */
const TRAINING = new Set(['optimizer', 'metrics'])

/** Groups called so only gather layers. */
const GATHERING = new Set(['layers', '_layer_checkpoint_dependencies'])

function layerPath(h5: KerasHdf5, object: H5Object, { groups, layers }: Visit): readonly string[] {
  const group = groups.at(-1)
  if (group === undefined || GATHERING.has(group)) return layers
  const vars = memberAt(h5, object, 'vars')
  const name = vars === null ? undefined : stringsOf(h5, vars, 'name')?.[0]
  return [...layers, name === undefined || name === '' ? group : name]
}

function takeNumbered(
  h5: KerasHdf5,
  variables: KerasVariable[],
  vars: H5Object,
  { groups, layers }: Visit,
  classes: Map<string, string>,
): void {
  const numbers = [...(vars.links?.keys() ?? [])].filter((name) => /^\d+$/.test(name))
  numbers.sort((a, b) => Number(a) - Number(b))
  const objects = numbers.map((number) => objectAt(h5, vars.links!.get(number)!))
  const prefix = layers.join('/')
  const shapes = objects.map((object, index) => datasetOf(h5, object, `${prefix}/${numbers[index]}`)?.shape ?? [])
  const [group = '', layer = ''] = [groups.at(-1), layers.at(-1)]
  // A group is named by the layer's class; where the layer's own name is not known, another layer may be called so.
  const byGroup = layer === group ? classOfName(group) : null
  if (byGroup !== null) classes.set(layer, byGroup)
  addClass(classes, layer, group)
  if (objects.length === 0) return
  const layerClass = classes.get(layer) ?? (group === 'cell' ? 'SimpleRNNCell' : null)
  const names = variableNames(layerClass, shapes)
  for (const [index, object] of objects.entries())
    take(h5, variables, prefix === '' ? names[index]! : `${prefix}/${names[index]}`, object)
}

/** A name that the configuration tells nothing of can still be one that Keras gave by class. */
function addClass(classes: Map<string, string>, name: string, group = name): void {
  const found = classes.has(name) ? null : (classOfName(group) ?? classOfName(name))
  if (found !== null) classes.set(name, found)
}

function take(h5: KerasHdf5, variables: KerasVariable[], name: string, object: H5Object): void {
  const dataset = datasetOf(h5, object, name)
  if (dataset === null) return
  if (variables.push({ name, dataset }) > MAX_TENSORS)
    throw limit(h5.file, 'tensors', `over ${MAX_TENSORS}`, MAX_TENSORS)
}

function malformed(h5: KerasHdf5, what: string, reason: string) {
  return readError(h5.file.source.path, 'malformed', { what: what.slice(0, 200), reason, offset: 0 })
}
