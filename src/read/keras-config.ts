import { isObject, type JsonBounds, readJsonObject } from './json.ts'
import { MAX_NODES } from './limits.ts'
import type { Finding } from './model-file.ts'
import { readError } from './read-error.ts'
import { memorySource } from './source.ts'

/** The configuration of a 2,000-layer model takes about 4 MB. */
export const MAX_CONFIG_BYTES = 16 * 1024 * 1024

/** Nested models in wrappers, with lists of lists of inbound nodes, stay under 40. */
const CONFIG_BOUNDS: JsonBounds = { depth: 128, keys: [{ what: 'fields of the Keras configuration', limit: 1_024 }] }

/** A model with more than this has no need of a complete list. */
const MAX_FINDINGS = 100

/** A Keras configuration: JSON as Python writes it, which has names for numbers that are none. */
export function parseConfig(path: string, text: string): Record<string, unknown> {
  if (text.length > MAX_CONFIG_BYTES)
    throw readError(path, 'limit', {
      what: 'bytes of the Keras configuration',
      value: `${text.length}`,
      limit: `${MAX_CONFIG_BYTES}`,
    })
  const plain = text.replace(/"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g, (part) => (part.startsWith('"') ? part : 'null'))
  const bytes = new TextEncoder().encode(plain)
  return readJsonObject(memorySource(path, bytes), 0, bytes.length, 'Keras configuration', CONFIG_BOUNDS)
}

/**
 * Code that loading the model would run: Lambda layers hold marshalled Python; a class or function from outside Keras is
 * imported by the name that the file gives. Nothing of it is run or imported here.
 */
export function configFindings(path: string, config: Record<string, unknown>): Finding[] {
  const messages = new Set<string>()
  const pending: { value: unknown; layer: string }[] = [{ value: config, layer: '' }]
  let visited = 0
  for (let next = pending.pop(); next !== undefined && messages.size < MAX_FINDINGS; next = pending.pop()) {
    const { value } = next
    if (typeof value !== 'object' || value === null) continue
    if (++visited > 16 * MAX_NODES) throw readError(path, 'limit', configLimit)
    const layer = layerName(value) ?? next.layer
    const message = isObject(value) ? foreignCode(value, layer) : null
    if (message !== null) messages.add(message)
    for (const child of Object.values(value)) if (typeof child === 'object') pending.push({ value: child, layer })
  }
  return [...messages].map((message) => ({ code: 'keras-lambda', severity: 'high', message }))
}

const configLimit = {
  what: 'objects of the Keras configuration',
  value: `over ${16 * MAX_NODES}`,
  limit: `${16 * MAX_NODES}`,
}

/** Of a serialised object that is a layer or model: those have names. */
function layerName(value: object): string | null {
  const config = isObject(value) ? value['config'] : null
  return isObject(config) && typeof config['name'] === 'string' ? config['name'].slice(0, 200) : null
}

/** Modules whose classes Keras itself brings; of functions, only those that compute. */
const KERAS_MODULE = /^(?:tensorflow\.(?:python\.)?)?(?:tf_)?keras(?:\.[\w.]*)?$/
const KERAS_FUNCTIONS =
  /^(?:tensorflow\.(?:python\.)?)?(?:tf_)?keras(?:\.src)?\.(?:activations|constraints|initializers|losses|metrics|regularizers|ops)\b/

function foreignCode(value: Record<string, unknown>, layer: string): string | null {
  const { class_name: name, module, registered_name: registered } = value
  if (typeof name !== 'string') return null
  const where = layer === '' ? 'The model' : `Layer "${layer}"`
  if (name === 'Lambda' || name === '__lambda__') return `${where} runs Python code that is kept in the file (Lambda).`
  const shown = `${typeof module === 'string' ? `${module}.` : ''}${name}`.slice(0, 200)
  if (name === 'function' && typeof module === 'string' && !KERAS_FUNCTIONS.test(module))
    return `${where} uses the function ${String(value['config']).slice(0, 200)} of ${module.slice(0, 200)}, which is not Keras' own.`
  if (typeof module === 'string' && module !== 'builtins' && !KERAS_MODULE.test(module))
    return `${where} is of the class ${shown}, which is not Keras' own.`
  // Keras writes no module for classes that users registered, and a registered name for those only.
  const isRegistered = typeof registered === 'string' && registered !== '' && typeof module !== 'string'
  return isRegistered ? `${where} is of the class ${registered.slice(0, 200)}, which is not Keras' own.` : null
}
