import { looksLikeHdf5 } from './hdf5-file.ts'
import { readKerasArchive } from './keras-archive.ts'
import { configFindings, parseConfig } from './keras-config.ts'
import { externalFindings, openKerasHdf5, rootOf, stringsOf } from './keras-hdf5.ts'
import { readVariables } from './keras-weights.ts'
import type { ModelFile, Reader, StoredTensor } from './model-file.ts'
import { readError } from './read-error.ts'
import { type ByteSource, readBytes } from './source.ts'
import { classesReader, layerClasses } from './tfjs-layers.ts'
import { weightViews } from './weight-reading.ts'

/**
 * A Keras model or its weights: `.h5` of Keras 1 and 2, `.weights.h5` and `.keras` of Keras 3. Throws `truncated`, `malformed`,
 * `limit`, `unsupported`.
 */
export const readKeras: Reader = (source) => {
  const head = readBytes(source, 0, Math.min(source.size, 8), 'signature')
  return looksLikeHdf5('', head) ? readKerasHdf5(source, null) : readKerasArchive(source, readKerasHdf5)
}

/** The HDF5 file alone. `config`: the model's configuration where it is kept beside. */
function readKerasHdf5(source: ByteSource, config: Record<string, unknown> | null): ModelFile {
  const h5 = openKerasHdf5(source)
  const inside = stringsOf(h5, rootOf(h5), 'model_config')?.[0]
  const known = config ?? (inside === undefined ? {} : parseConfig(source.path, inside))
  const classes = layerClasses(known)
  const variables = readVariables(h5, classes)
  if (variables.length === 0)
    throw readError(source.path, 'unsupported', { what: 'HDF5 file', value: 'without Keras weights' })
  const readingOf = classesReader(classes)
  const tensors = variables.flatMap(({ name, dataset: { shape, elements, type, data } }): StoredTensor[] => {
    if (elements === 0 || type.kind !== 'number') return []
    const located = data()
    return weightViews(name, shape, readingOf(name, shape.length)).map((part) => ({
      name: part.name,
      element: type.element,
      view: part.view,
      data: located,
      quantisation: null,
    }))
  })
  const findings = [...configFindings(source.path, known), ...externalFindings(h5)]
  return { format: 'keras', files: [source], tensors, findings }
}
