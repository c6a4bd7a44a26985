import type { Print } from '../identify/print.ts'
import type { Relation } from './lineage.ts'

/**
 * What an adapter says of itself. Its matrices are factors of a change, not weights: they are compared with nothing, so that it is never
 * related to a stranger by them, and its base stays open even where a model of that name is here.
 */
export function adapterRelation({ id, adapter }: Print): Relation[] {
  if (adapter === undefined) return []
  return [
    {
      child: id,
      parents: [],
      changes: ['adapter'],
      direction: 'undetermined',
      status: adapter.declaredBase === null ? 'inferred' : 'declared',
      p: null,
      similarity: 0,
      details: { ...adapter },
    },
  ]
}
