import { basename } from 'node:path'
import { predicates } from '../contract/predicates.ts'
import type { RecordedResult } from '../contract/result.ts'
import type { AnyStatement, PredicateOf, Subject } from '../contract/statement.ts'
import { draft } from '../ledger/journal.ts'
import { deploymentsFrom } from '../ledger/sites.ts'
import { modelSubject, siteTopic } from '../ledger/statement.ts'
import type { Estate } from '../store/estate.ts'
import { type FoundModel, findAt } from './find-model.ts'
import { type LedgerView, viewOf } from './ledger-view.ts'
import { recordable, writerNamed } from './record.ts'
import { statedResult } from './result-lists.ts'
import type { Result } from './result-summary.ts'
import { type Signing, withEstate } from './with-estate.ts'

/** A result, and what it is of: models as `yukue trace` takes them. */
export interface Measurement {
  result: Result
  model: string
  /** With which a comparison compares; null where that is not known. */
  parent: string | null
  site: string | null
  /** What the log of decisions says it is of. */
  said: { model: string | null; site: string | null }
}

/** Enters a result as a signed statement about its model, held against what the ledger knows of model and site. */
export function recordResult(
  measurement: Measurement,
  key: string | undefined,
  location: string,
  signing: Signing = {},
): Promise<RecordedResult> {
  return withEstate(
    location,
    async (estate) => {
      const writer = writerNamed(location, key, signing)
      const view = await viewOf(estate, null)
      const model = await recordable(estate, view, measurement.model)
      const parent = measurement.parent === null ? null : await known(estate, view, measurement.parent)
      const { result, leftOut } = statedResult(measurement.result)
      const window = result.schema === 'yukue.audit/1' ? result.window : { from: null, to: null }
      const at = (signing.now ?? (() => new Date()))().toISOString().slice(0, 'YYYY-MM-DD'.length)
      const measured = { at, site: measurement.site, window, parent: parent?.id ?? null, leftOut, result }
      const subject = [modelSubject(model.id, model.name), ...filesIn(measurement.result)]
      const statement = await estate.enter((recordedAt) => [
        draft(statementOf(subject, { recordedAt, ...measured }), writer.key),
      ])
      return {
        statement,
        model: { id: model.id, name: model.name },
        site: measurement.site,
        window,
        leftOut,
        notes: [
          ...(await logNotes(estate, view, model, measurement)),
          ...(await siteNotes(view, model, measurement.site, window)),
          ...(measurement.parent !== null && parent === null
            ? [{ code: 'unknown-parent' as const, values: { parent: measurement.parent } }]
            : []),
          ...(leftOut.length > 0 ? [{ code: 'lists-left-out' as const, values: { lists: leftOut.join(', ') } }] : []),
        ],
      }
    },
    signing,
  )
}

/** What is entered must be readable again: a result that does not fit its own contract is a fault of this program. */
function statementOf(subject: Subject[], predicate: PredicateOf<'measured'>): AnyStatement {
  return { kind: 'measured', subject, predicate: predicates.measured.parse(predicate) }
}

/** A parent that nobody here knows is no reason not to record what the child does. */
async function known(estate: Estate, view: LedgerView, reference: string): Promise<FoundModel | null> {
  return findAt(estate, view, reference).catch(() => null)
}

/** A folder of more files is bound by the one digest over all of them. */
const MAX_FILES = 100

/** What was read, by name and digest: folders of whoever measured are nobody else's business. */
function filesIn(result: Result): Subject[] {
  if (result.schema === 'yukue.simulation/1') return []
  const { files, digest } = result.input
  if (files.length > MAX_FILES) return [{ name: 'input', digest: { sha256: digest.replace('sha256:', '') } }]
  return files.map(({ path, sha256 }) => ({ name: basename(path), digest: { sha256 } }))
}

/** Whether the log names another model or another site than the one that the result is recorded of. */
async function logNotes(
  estate: Estate,
  view: LedgerView,
  model: FoundModel,
  { model: reference, site, said }: Measurement,
): Promise<RecordedResult['notes']> {
  const notes: RecordedResult['notes'] = []
  if (said.model !== null && said.model !== reference && (await known(estate, view, said.model))?.id !== model.id)
    notes.push({ code: 'log-names-other-model', values: { said: said.model } })
  if (said.site !== null && said.site !== site)
    notes.push({ code: 'log-names-other-site', values: { said: said.site } })
  return notes
}

/** Whether the ledger has the model at the site, and in use when the decisions were taken. */
async function siteNotes(
  view: LedgerView,
  { id }: FoundModel,
  site: string | null,
  { from, to }: RecordedResult['window'],
): Promise<RecordedResult['notes']> {
  if (site === null) return []
  const deployments = deploymentsFrom(await view.about([siteTopic(site)], ['deployed', 'retired']))
  if (deployments.length === 0) return [{ code: 'unknown-site', values: { site } }]
  const own = deployments.filter(({ model }) => model === id)
  if (own.length === 0) {
    const there = deployments.at(-1)!.model
    return [{ code: 'not-deployed-there', values: { site, there } }]
  }
  const overlaps = own.some(({ entry, until }) => {
    const began = entry.statement.predicate.at
    return (to === null || began.slice(0, 10) <= to) && (from === null || until === null || until.slice(0, 10) >= from)
  })
  if (overlaps) return []
  const { entry, until } = own.at(-1)!
  return [{ code: 'not-in-use-then', values: { site, from: entry.statement.predicate.at, until: until ?? '…' } }]
}
