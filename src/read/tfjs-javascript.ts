import { base64Source } from './base64-source.ts'
import { type Literal, literalOf } from './javascript-literal.ts'
import type { Reader } from './model-file.ts'
import { ReadError, readError } from './read-error.ts'
import { type ByteSource, memorySource, readBytes, type Siblings } from './source.ts'
import { readTfjs } from './tfjs.ts'

/** What bundlers append to the name of the JSON or shard that they made a module of. */
const ENDINGS = ['.min.js', '.js', '.mjs', '.cjs']

/** Bundled weights stand in modules of their own; the largest topologies take 5 MB. */
export const MAX_MODULE_BYTES = 8 * 1024 * 1024

/** True for a JavaScript module that is called a model; whether it names weights is seen further inside. */
export function looksLikeTfjsModule(name: string): boolean {
  return /(^|\/)model[\w.-]*\.[cm]?js$/i.test(name)
}

/**
 * Reads a TensorFlow.js model that is published as JavaScript modules: model.json as an object literal, every shard as a
 * base64 string in a module beside it. The modules are read as text; nothing is run. Throws `limit`, `malformed`, and what
 * `readTfjs` throws.
 */
export const readTfjsModules: Reader = (source, siblings) => {
  const json = memorySource(source.path, modelJson(source))
  const modules: ByteSource[] = []
  try {
    const model = readTfjs(json, shardsIn(source, siblings, modules))
    return { ...model, files: [source, ...model.files.slice(1), ...modules] }
  } catch (error) {
    for (const module of modules) module.close()
    throw error
  }
}

function modelJson(source: ByteSource): Uint8Array {
  if (source.size > MAX_MODULE_BYTES)
    throw readError(source.path, 'limit', {
      what: 'JavaScript bytes',
      value: String(source.size),
      limit: String(MAX_MODULE_BYTES),
    })
  const text = new TextDecoder('utf-8').decode(readBytes(source, 0, source.size, 'JavaScript'))
  const weightsManifest = literalOf(text, 'weightsManifest', isManifest)
  if (weightsManifest === undefined)
    throw readError(source.path, 'malformed', { what: 'JavaScript', reason: 'no literal weightsManifest', offset: 0 })
  const modelTopology = literalOf(text, 'modelTopology', isObject)
  return new TextEncoder().encode(JSON.stringify({ modelTopology, weightsManifest }))
}

function isManifest(value: Literal): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((group) => isObject(group) && 'paths' in group)
}

function isObject(value: Literal): value is { [key: string]: Literal } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `modules` takes the files that were opened. */
function shardsIn(source: ByteSource, siblings: Siblings, modules: ByteSource[]): Siblings {
  return {
    open(name) {
      const module = openModule(source, siblings, name)
      modules.push(module)
      return base64Source(module, `${module.path}!/${name}`)
    },
  }
}

function openModule(source: ByteSource, siblings: Siblings, name: string): ByteSource {
  for (const ending of ENDINGS) {
    try {
      return siblings.open(name + ending)
    } catch (error) {
      if (!(error instanceof ReadError) || error.problem.code !== 'missing-file') throw error
    }
  }
  throw readError(source.path, 'missing-file', { name: name + ENDINGS[0] })
}
