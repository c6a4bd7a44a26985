import { posix } from 'node:path'
import type { Finding, Reader } from './model-file.ts'
import { fieldsOf, inside, wholeFile, wireOf } from './protobuf.ts'
import { ReadError, readError } from './read-error.ts'
import type { ByteSource, Siblings } from './source.ts'
import { type BundleFiles, readBundle } from './tf-bundle.ts'
import { operatorFindings } from './tf-findings.ts'
import { addGraph, emptyGraph, type TfGraph } from './tf-graph.ts'
import { objectNames } from './tf-object-graph.ts'
import { variableReader, variableTensors } from './tf-reading.ts'
import { modelVariables, type TfVariable } from './tf-variables.ts'

/** By name; whether it is one is told by its end (`endsLikeTable`). */
export function isCheckpointName(name: string): boolean {
  return /\.index$/i.test(name)
}

/**
 * Reads a TensorFlow checkpoint from its index: `x.index` beside `x.data-00000-of-00001`, and the graph that TensorFlow 1 keeps in
 * `x.meta` where it is there. Throws `malformed`, `limit`, `unsupported`, `truncated`, and what `siblings.open` throws.
 */
export const readTfCheckpoint: Reader = (source, siblings) => {
  const prefix = posix.basename(source.path).replace(/\.index$/i, '')
  const files = [source]
  try {
    const variables = readVariables(source, { siblings, files, prefix, known: new Map() })
    if (variables.length === 0)
      throw readError(source.path, 'unsupported', { what: 'TensorFlow checkpoint', value: 'without weights' })
    const { graph, findings } = readMeta(siblings, `${prefix}.meta`)
    const tensors = variableTensors(variables, variableReader(graph, variables))
    return { format: 'tensorflow', files, tensors, findings }
  } catch (error) {
    for (const shard of files.slice(1)) shard.close()
    throw error
  }
}

/** The model's variables in a bundle, named as in the program. */
export function readVariables(index: ByteSource, files: BundleFiles): TfVariable[] {
  const { tensors, objectGraph } = readBundle(index, files)
  const names = objectGraph === null ? new Map() : objectNames(files.files[objectGraph.file]!, objectGraph)
  return modelVariables(tensors, names)
}

const META_GRAPH_DEF = 2

/** A MetaGraphDef only tells how weights are seen: one that is not there, or cannot be read, is none. */
function readMeta(siblings: Siblings, name: string): { graph: TfGraph | null; findings: Finding[] } {
  let source: ByteSource | null = null
  try {
    source = siblings.open(name)
    const wire = wireOf(source)
    const graph = emptyGraph(wire)
    const whole = wholeFile(source)
    for (const field of fieldsOf(wire, whole, 'meta graph'))
      if (field.number === META_GRAPH_DEF) addGraph(graph, inside(wire, whole, field, 'graph'))
    return { graph, findings: operatorFindings(graph.operators) }
  } catch (error) {
    if (error instanceof ReadError) return { graph: null, findings: [] }
    throw error
  } finally {
    source?.close()
  }
}
