import type { Relation } from './lineage.ts'

/** A model as it stands in several places, with what stands beside it there. */
export interface Configured {
  id: string
  artifacts: { path: string; sideFiles: { role: string; sha256: string }[] }[]
}

/** Files that change what a model does; cards and licences only speak of it. */
const TELLING: ReadonlySet<string> = new Set([
  'configuration',
  'tokenizer',
  'chat-template',
  'system-prompt',
  'generation',
  'preprocessing',
  'labels',
])

/**
 * Models whose weights are equal in two places and the files beside them are not: one relation of the model to itself, against the place that
 * was found first. Only roles that both places have count, for a lone copy has simply left its files behind.
 */
export function configurationRelations(models: Configured[]): Relation[] {
  return models.flatMap(({ id, artifacts }) => {
    const [first, ...others] = artifacts.map(({ path, sideFiles }) => ({ path, files: byRole(sideFiles) }))
    if (!first) return []
    const changed = others
      .map(({ path, files }) => ({ path, which: differing(first.files, files) }))
      .filter(({ which }) => which.length > 0)
    if (changed.length === 0) return []
    const which = [...new Set(changed.flatMap((place) => place.which))].sort()
    const relation: Relation = {
      child: id,
      parents: [{ id, weight: null }],
      changes: ['configuration-changed'],
      direction: 'undetermined',
      status: 'verified',
      p: null,
      similarity: 1,
      details: { which, artifacts: [first.path, ...changed.map(({ path }) => path)] },
    }
    return [relation]
  })
}

function byRole(files: Configured['artifacts'][number]['sideFiles']): Map<string, string> {
  const digests = new Map<string, string[]>()
  for (const { role, sha256 } of files) if (TELLING.has(role)) digests.set(role, [...(digests.get(role) ?? []), sha256])
  return new Map([...digests].map(([role, all]) => [role, all.sort().join()]))
}

function differing(first: Map<string, string>, other: Map<string, string>): string[] {
  return [...first].filter(([role, digests]) => other.has(role) && other.get(role) !== digests).map(([role]) => role)
}
