import { parse } from 'yaml'
import { type Candidate, closeArtifact, openArtifact } from './artifact.ts'
import { isObject } from './json.ts'
import type { Adapter } from './model-file.ts'
import { openPlace } from './place.ts'
import { ReadError } from './read-error.ts'
import type { SideRole } from './side-role.ts'
import { readBytes } from './source.ts'

/** A base that a model says it was made from: typed by someone, never evidence. */
export interface Declaration {
  source: 'card' | 'configuration' | 'gguf' | 'adapter-configuration' | 'mergekit'
  /** The file that says so, as shown. */
  path: string
  /** As written: `org/name`, a path, a name. */
  base: string
  /** As written, such as `quantized`; null where nothing is said. */
  relation: string | null
}

/** A file beside a model. */
interface Beside {
  role: SideRole
  path: string
  absolutePath: string
}

/** A card with its tables of results takes some 100 kB. */
const MAX_TEXT_BYTES = 4 * 1024 * 1024

/** A card may name a dozen; more is no declaration. */
const MAX_DECLARATIONS = 32

/** Names of repositories and paths; longer ones are nobody's. */
const MAX_BASE_NAME = 512

/**
 * The bases that a model declares: in its own file, and in those beside it. A file that cannot be read or understood declares
 * nothing; each base is told once for every source.
 */
export function declarationsOf(
  candidate: Candidate,
  adapter: Adapter | undefined,
  sides: readonly Beside[],
): Declaration[] {
  const own = [...ggufDeclarations(candidate), ...adapterBases(candidate.path, adapter)]
  const found = [...own, ...sides.flatMap(besideDeclarations)]
  const distinct = new Map(found.map((item) => [`${item.source}\0${item.base}`, item]))
  return [...distinct.values()].slice(0, MAX_DECLARATIONS)
}

function ggufDeclarations(candidate: Candidate): Declaration[] {
  if (candidate.format !== 'gguf') return []
  return asked(() => {
    const model = openArtifact(candidate)
    closeArtifact(model)
    return ggufBases(candidate.path, model.metadata ?? {})
  })
}

/** Where a base has several keys, its repository says the most (gguf-py, Keys.General: base_model.{id}.repo_url). */
function ggufBases(path: string, metadata: Readonly<Record<string, string>>): Declaration[] {
  const numbers = [
    ...new Set(Object.keys(metadata).flatMap((key) => /^general\.base_model\.(\d+)\./.exec(key)?.[1] ?? [])),
  ]
  return numbers.flatMap((number) => {
    const [url, organisation, name] = ['repo_url', 'organization', 'name'].map(
      (key) => metadata[`general.base_model.${number}.${key}`],
    )
    const repository = url && /^https?:\/\/huggingface\.co\/([^/]+\/[^/?#]+)/.exec(url)?.[1]
    const named = organisation && name ? `${organisation}/${name}`.replaceAll(' ', '-') : name
    return declared('gguf', path, repository || named, null)
  })
}

function adapterBases(path: string, adapter: Adapter | undefined): Declaration[] {
  return declared('adapter-configuration', path, adapter?.declaredBase, 'adapter')
}

function besideDeclarations({ role, path, absolutePath }: Beside): Declaration[] {
  switch (role) {
    case 'card':
      return asked(() => cardBases(path, textAt(absolutePath, path)))
    case 'configuration':
      return asked(() => configurationBases(path, textAt(absolutePath, path)))
    case 'adapter-configuration':
      return asked(() => adapterConfigurationBases(path, textAt(absolutePath, path)))
    case 'merge-recipe':
      return asked(() => mergeBases(path, textAt(absolutePath, path)))
    default:
      return []
  }
}

/** The YAML between the first two lines of three dashes (huggingface.co/docs/hub/model-cards). */
function cardBases(path: string, text: string): Declaration[] {
  const head = /^\uFEFF?---\r?\n([\s\S]*?)\r?\n---\s*(\r?\n|$)/.exec(text)?.[1]
  const card = head === undefined ? null : yamlObject(head)
  if (card === null) return []
  const relation = typeof card['base_model_relation'] === 'string' ? card['base_model_relation'].slice(0, 64) : null
  return listed(card['base_model']).flatMap((base) => declared('card', path, base, relation))
}

function configurationBases(path: string, text: string): Declaration[] {
  const config = jsonObject(text)
  return config === null ? [] : declared('configuration', path, config['_name_or_path'], null)
}

function adapterConfigurationBases(path: string, text: string): Declaration[] {
  const config = jsonObject(text)
  return config === null ? [] : declared('adapter-configuration', path, config['base_model_name_or_path'], 'adapter')
}

/** mergekit's recipe: models in lists and slices, each under `model`, and the base of a task arithmetic. */
function mergeBases(path: string, text: string): Declaration[] {
  const recipe = yamlObject(text)
  if (recipe === null) return []
  const lists = [recipe['models'], ...listed(recipe['slices']).map((slice) => isObject(slice) && slice['sources'])]
  const named = lists.flatMap(listed).flatMap((item) => (isObject(item) ? [item['model']] : []))
  return [...named, recipe['base_model']].flatMap((base) => declared('mergekit', path, nameIn(base), 'merge'))
}

/** `org/name`, or mergekit's object form {model: {path: org/name}}. */
function nameIn(base: unknown): unknown {
  if (!isObject(base)) return base
  return isObject(base['model']) ? base['model']['path'] : base['model']
}

function listed(value: unknown): unknown[] {
  return Array.isArray(value) ? value.slice(0, MAX_DECLARATIONS) : value === undefined || value === null ? [] : [value]
}

function declared(source: Declaration['source'], path: string, base: unknown, relation: string | null): Declaration[] {
  const name = typeof base === 'string' ? base.trim().slice(0, MAX_BASE_NAME) : ''
  return name === '' ? [] : [{ source, path, base: name, relation }]
}

function textAt(absolutePath: string, path: string): string {
  const source = openPlace({ absolutePath, path })
  try {
    if (source.size > MAX_TEXT_BYTES) return ''
    return new TextDecoder().decode(readBytes(source, 0, source.size, 'declaration'))
  } finally {
    source.close()
  }
}

/** Anchors are expanded at most a hundred times, so that no text of a few lines fills the memory. */
function yamlObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = parse(text, { maxAliasCount: 100, logLevel: 'error', uniqueKeys: false })
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

function jsonObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

function asked(work: () => Declaration[]): Declaration[] {
  try {
    return work()
  } catch (error) {
    if (error instanceof ReadError || error instanceof RangeError) return []
    throw error
  }
}
