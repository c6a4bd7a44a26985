import { resolve } from 'node:path'
import { CommandError } from '../contract/command-error.ts'
import type { TraceReport } from '../contract/trace.ts'
import type { Estate } from '../store/estate.ts'
import type { KnownRelation, PrintHead } from '../store/records.ts'
import { claimsOfModel } from './claims-of-model.ts'
import { withEstate } from './with-estate.ts'

type Step = TraceReport['ancestors'][number]

/** Where a model came from, what descends from it, and where it is, from what the estate has recorded. */
export async function trace(reference: string, folder: string): Promise<TraceReport> {
  return withEstate(folder, async (estate) => {
    const model = await findOne(estate, reference)
    const relations = await estate.allRelations()
    const heads = new Map((await estate.allPrintHeads()).map((head) => [head.id, head]))
    const known = relations.filter(({ direction }) => direction === 'known')
    const open = relations.filter(({ direction }) => direction === 'undetermined')
    const step = stepFor(heads)
    return {
      schema: 'yukue.trace/1',
      model: brief(model),
      ancestors: walk(model.id, known, (relation, at) => (relation.child === at ? parentsOf(relation) : [])).map(step),
      descendants: walk(model.id, known, (relation, at) =>
        parentsOf(relation).includes(at) ? [relation.child] : [],
      ).map(step),
      relatives: walk(model.id, open, (relation, at) => otherEnds(relation, at)).map(step),
      places: (await estate.artifactsOf(model.id))
        .filter(({ gone }) => !gone)
        .map(({ path, format, bytes, firstSeen, lastSeen }) => ({ path, format, bytes, firstSeen, lastSeen })),
      claims: await claimsOfModel(estate, model.id),
    }
  })
}

/** The one model that a path, a name or the beginning of a digest means. */
export async function findOne(estate: Estate, reference: string): Promise<PrintHead> {
  const found = await estate.findModel(reference, resolve(reference))
  switch (found.kind) {
    case 'found':
      return found.model
    case 'ambiguous':
      throw new CommandError({ code: 'ambiguous-model', model: reference, count: found.models.length })
    case 'unknown':
      throw new CommandError({ code: 'unknown-model', model: reference })
  }
}

interface Reached {
  relation: KnownRelation
  model: string
}

/** Every model that `next` leads to, nearest first, each once, with the relation by which it was reached. */
function walk(
  start: string,
  relations: KnownRelation[],
  next: (relation: KnownRelation, at: string) => string[],
): Reached[] {
  const seen = new Set([start])
  const reached: Reached[] = []
  let front = [start]
  while (front.length > 0) {
    const found = front.flatMap((at) =>
      relations.flatMap((relation) => next(relation, at).map((model) => ({ relation, model }))),
    )
    front = []
    for (const step of found) {
      if (seen.has(step.model)) continue
      seen.add(step.model)
      reached.push(step)
      front.push(step.model)
    }
  }
  return reached
}

function parentsOf({ parents }: KnownRelation): string[] {
  return parents.map(({ id }) => id)
}

function otherEnds(relation: KnownRelation, at: string): string[] {
  const ends = [relation.child, ...parentsOf(relation)]
  return ends.includes(at) ? ends.filter((end) => end !== at) : []
}

function stepFor(heads: Map<string, PrintHead>): (reached: Reached) => Step {
  return ({ relation: { foundAt: _, ...relation }, model }) => ({ relation, model: brief(heads.get(model)!) })
}

function brief({ id, name, parameters }: PrintHead): TraceReport['model'] {
  return { id, name, parameters }
}
