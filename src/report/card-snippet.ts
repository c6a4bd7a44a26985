import type { TraceReport } from '../contract/trace.ts'

type Step = TraceReport['ancestors'][number]

/** The four relations that Hugging Face cards know, by what was measured; several changes at once are told as the first that fits. */
const RELATIONS: [change: Step['relation']['changes'][number], relation: string][] = [
  ['adapter', 'adapter'],
  ['merged', 'merge'],
  ['assembled', 'merge'],
  ['fine-tuned', 'finetune'],
  ['adapter-merged', 'finetune'],
  ['quantised', 'quantized'],
]

/**
 * The header of a Hugging Face card as an object, to be written as YAML: `base_model` and `base_model_relation` as the hub reads
 * them, and under `yukue` what was measured, with its status. `base_model` is left out where no parent is measured.
 */
export function cardHeader({ model, ancestors }: TraceReport): object {
  const parents = ancestors.filter(({ relation }) => relation.child === model.id)
  const changes = new Set(parents.flatMap(({ relation }) => relation.changes))
  const relation = RELATIONS.find(([change]) => changes.has(change))?.[1]
  const names = [...new Set(parents.map(({ model: parent }) => parent.name))]
  return {
    ...(names.length > 0 ? { base_model: names.length === 1 ? names[0] : names } : {}),
    ...(relation === undefined || names.length === 0 ? {} : { base_model_relation: relation }),
    yukue: {
      model: model.id,
      measured: parents.map(({ model: parent, relation: found }) => ({
        parent: parent.id,
        name: parent.name,
        changes: found.changes,
        status: found.status,
        similarity: found.similarity,
        p: found.p,
      })),
    },
  }
}
