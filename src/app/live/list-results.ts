import type { ResultSummary } from '../../contract/api.ts'
import type { MeasuredResult } from '../../contract/api-ledger.ts'
import { CommandError } from '../../contract/command-error.ts'
import { type Entry, entriesFrom, ofKind } from '../../ledger/entry.ts'
import { findAt } from '../find-model.ts'
import { namesFor, shownSignatures } from '../ledger-view.ts'
import { type LiveEstate, namesOf } from './live-estate.ts'
import { type MeasuredSummary, measuredSummary } from './measured-summary.ts'
import { cursorOf, type Paging, placeIn } from './paging.ts'

/** Results on record, the newest first. */
export async function listResults(
  live: LiveEstate,
  { model, site, cursor, limit }: Paging & { model?: string | undefined; site?: string | undefined },
): Promise<{ items: ResultSummary[]; next: string | null }> {
  const { results } = await live.chronicle()
  const id = model === undefined ? null : (await findAt(live.estate, await live.view(), model)).id
  const [before] = placeIn(cursor, ['number']) ?? [Number.POSITIVE_INFINITY]
  const found = results
    .filter((result) => (id === null || result.models.includes(id)) && (site === undefined || result.site === site))
    .filter(({ number }) => number < before)
    .reverse()
  const page = found.slice(0, limit)
  return { items: await shownResults(live, page), next: found.length > limit ? cursorOf([page.at(-1)!.number]) : null }
}

export async function shownResults(live: LiveEstate, results: readonly MeasuredSummary[]): Promise<ResultSummary[]> {
  const names = await namesOf(live, [...new Set(results.flatMap(({ models }) => models))])
  const byId = new Map(names.map((model) => [model.id, model]))
  return results.map((result) => ({ ...result, models: result.models.map((id) => byId.get(id)!) }))
}

/** One result whole. */
export async function measuredResult(live: LiveEstate, number: number): Promise<MeasuredResult> {
  const view = await live.view()
  const [entry] = ofKind(entriesFrom(await live.estate.entries(number, number + 1), view.trust), 'measured')
  if (!entry) throw new CommandError({ code: 'no-such-statement', number: `${number}` })
  const named = await namesFor(live.estate, [entry as Entry], view.trust)
  const [summary] = await shownResults(live, [measuredSummary(entry)])
  return {
    ...summary!,
    result: entry.statement.predicate.result,
    signatures: shownSignatures(entry.signatures, named),
  }
}
