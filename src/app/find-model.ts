import { resolve } from 'node:path'
import { CommandError } from '../contract/command-error.ts'
import { declaredId } from '../contract/statement.ts'
import { placesFrom } from '../ledger/places.ts'
import type { Estate } from '../store/estate.ts'
import type { PrintHead } from '../store/records.ts'
import { isUnder } from '../store/rows.ts'
import type { LedgerView } from './ledger-view.ts'

/** A model as a report names it. `parameters`: null where nobody here has the bytes. */
export interface FoundModel {
  id: string
  name: string
  parameters: number | null
}

/** The one model on record that a path, a name or the beginning of a digest means. */
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

/** The one model that a reference meant at the time of a view; hosted models by their `declared:` id. */
export async function findAt(estate: Estate, view: LedgerView, reference: string): Promise<FoundModel> {
  if (declaredId.safeParse(reference).success) {
    const entries = await view.about([reference])
    if (entries.length === 0) throw new CommandError({ code: 'unknown-model', model: reference })
    return { id: reference, name: reference.slice('declared:'.length), parameters: null }
  }
  const ids = await meant(estate, view, reference)
  const models = await estate.modelsAt(ids, view.size)
  const [first, ...others] = ids.flatMap((id) => models.get(id) ?? [])
  if (!first) throw new CommandError({ code: 'unknown-model', model: reference })
  if (others.length > 0) throw new CommandError({ code: 'ambiguous-model', model: reference, count: others.length + 1 })
  return first
}

/** By path before name before digest; a path where a model is goes before one where a model was. */
async function meant(estate: Estate, view: LedgerView, reference: string): Promise<string[]> {
  const absolute = resolve(reference)
  const { byPath, byName, byDigest } = await estate.candidates(reference, absolute, view.size)
  const [there, formerly]: [string[], string[]] = [[], []]
  for (const model of byPath) {
    const { present, gone } = placesFrom(await view.about([model], ['observed']))
    const isAt = ({ path, entry }: (typeof present)[number]) =>
      isUnder(path, absolute) || entry.statement.predicate.files.some((file) => file.path === absolute)
    if (present.some(isAt)) there.push(model)
    else if (gone.some(isAt)) formerly.push(model)
  }
  return [there, formerly, byName, byDigest].find((ids) => ids.length > 0) ?? []
}
