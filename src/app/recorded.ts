import type { Actor, Role } from '../contract/actor.ts'
import type { AuditReport } from '../contract/audit.ts'
import type { CompareReport } from '../contract/compare.ts'
import type { FactStatus } from '../contract/trace.ts'
import type { ClaimFact, EvaluationFact, SiteFact } from '../govern/facts.ts'
import { attestation, type Holding } from '../ledger/custody.ts'
import type { Entry } from '../ledger/entry.ts'
import type { UseEvent } from '../ledger/sites.ts'
import { modelsIn } from '../ledger/statement.ts'

/** What is kept of the statements about a model: enough for facts, and not the statements, so that a million of them fit. */
export interface ModelRecords {
  claims: ClaimFact[]
  evaluations: (EvaluationFact & { kind: 'evaluation' | 'audit' })[]
  incidents: RecordedIncident[]
  measurements: Measurement[]
  custody: Entry<'custody'>[]
  /** Ends of holding a copy. */
  given: Holding[]
}

export interface RecordedIncident {
  at: string
  severity: 'low' | 'medium' | 'high'
  text: string
  status: FactStatus
  statement: number
}

/** A result of an audit or a comparison, and of which models it is. */
export interface Measurement {
  at: string
  site: string | null
  models: readonly string[]
  result: AuditReport | CompareReport
  status: FactStatus
  statement: number
}

/** A deployment or its end. */
export interface RecordedUse extends UseEvent {
  said: Omit<SiteFact, 'site' | 'model' | 'until' | 'current'> & { approved: Approved | null }
}

export interface Approved {
  layout: string
  sideFiles: readonly { path: string; role: string; sha256: string }[]
}

/** What lies at a path by the last statement about it. */
export interface SeenThere {
  path: string
  model: string
  layout: string
  sideFiles: readonly { path: string; role: string; sha256: string }[] | null
  statement: number
}

/** Everything recorded, ordered by what it is about. */
export interface Recorded {
  models: Map<string, ModelRecords>
  uses: RecordedUse[]
  /** At sites, of whichever model. */
  measurements: Map<string, Measurement[]>
  /** Statements of relations by child, and by parent. */
  relations: Map<string, Map<string, number>>
  seen: Map<string, SeenThere>
  quantisation: Map<string, { scheme: string; bits: number } | null>
  /** Texts that statements repeat, each once: a million deployments say the same few hundred, and parsing makes each anew. */
  texts: Map<string, string>
}

export function nothingRecorded(): Recorded {
  return {
    texts: new Map(),
    models: new Map(),
    uses: [],
    measurements: new Map(),
    relations: new Map(),
    seen: new Map(),
    quantisation: new Map(),
  }
}

const NO_RECORDS: ModelRecords = {
  claims: [],
  evaluations: [],
  incidents: [],
  measurements: [],
  custody: [],
  given: [],
}

export function recordsOf({ models }: Recorded, model: string): Readonly<ModelRecords> {
  return models.get(model) ?? NO_RECORDS
}

/** Adds what an entry says; entries come in the order of the log. What it dates later than `end` has not happened yet. */
export function addEntry(recorded: Recorded, entry: Entry, end: string): void {
  const { statement, number } = entry
  if ('at' in statement.predicate && statement.predicate.at > end) return
  const models = modelsIn(statement)
  const each = (add: (records: ModelRecords) => void) => {
    for (const model of models) add(recordsFor(recorded, model))
  }
  switch (statement.kind) {
    case 'claimed': {
      const { subject, value, source, by, at, site = null } = statement.predicate
      const fact = { subject, value, source, by, site, at, status: attestation(entry), statement: number }
      each(({ claims }) => claims.push(fact))
      return
    }
    case 'evaluated': {
      const { kind, suite, metrics, at } = statement.predicate
      const fact = { kind, suite, metrics, at, status: attestation(entry), statement: number }
      each(({ evaluations }) => evaluations.push(fact))
      return
    }
    case 'incident': {
      const { severity, text, at } = statement.predicate
      const fact = { severity, text, at, status: attestation(entry), statement: number }
      each(({ incidents }) => incidents.push(fact))
      return
    }
    case 'measured':
      addMeasurement(recorded, entry as Entry<'measured'>, models)
      return
    case 'custody':
      each(({ custody }) => custody.push(entry as Entry<'custody'>))
      return
    case 'deployed':
    case 'retired':
      addUse(recorded, entry as Entry<'deployed' | 'retired'>, models)
      return
    case 'related': {
      const { relation } = statement.predicate
      const parents = recorded.relations.get(relation.child) ?? new Map<string, number>()
      recorded.relations.set(relation.child, parents)
      for (const { id } of relation.parents) parents.set(id, number)
      return
    }
    case 'observed':
      addSighting(recorded, entry as Entry<'observed'>, models)
      return
    case 'printed':
      for (const model of models) recorded.quantisation.set(model, statement.predicate.quantisation)
      return
    default:
  }
}

function recordsFor({ models }: Recorded, model: string): ModelRecords {
  const known = models.get(model)
  if (known) return known
  const fresh = { claims: [], evaluations: [], incidents: [], measurements: [], custody: [], given: [] }
  models.set(model, fresh)
  return fresh
}

function addMeasurement(recorded: Recorded, entry: Entry<'measured'>, models: readonly string[]): void {
  const { at, site, result } = entry.statement.predicate
  if (result.schema !== 'yukue.audit/1' && result.schema !== 'yukue.compare/1') return
  const measurement = { at, site, models, result, status: attestation(entry), statement: entry.number }
  for (const model of models) recordsFor(recorded, model).measurements.push(measurement)
  if (site === null) return
  const before = recorded.measurements.get(site)
  if (before) before.push(measurement)
  else recorded.measurements.set(site, [measurement])
}

function addUse(recorded: Recorded, entry: Entry<'deployed' | 'retired'>, models: readonly string[]): void {
  const { statement, number } = entry
  const { site, place } = statement.predicate
  const once = (text: string) => textOnce(recorded, text)
  const at = once(statement.predicate.at)
  const actor = actorOnce(statement.predicate.actor, once)
  const status = attestation(entry)
  const isDeployed = statement.kind === 'deployed'
  const { role, purpose, jurisdiction, until, approved } = isDeployed ? statement.predicate : NO_USE
  const said = {
    actor,
    role: role as Role | null,
    purpose: purpose && once(purpose),
    jurisdiction: jurisdiction && once(jurisdiction),
    place,
    at,
    status,
    statement: number,
    approved,
  }
  for (const model of models) if (model.startsWith('declared:')) recordsFor(recorded, model)
  recorded.uses.push({ kind: statement.kind, site, models: models.map(once), at, until, number, said })
  if (isDeployed || actor === null || site !== null) return
  for (const model of models) recordsFor(recorded, model).given.push({ actor, at, number, status: null })
}

function textOnce({ texts }: Recorded, text: string): string {
  const known = texts.get(text)
  if (known !== undefined) return known
  texts.set(text, text)
  return text
}

function actorOnce(actor: Actor | null, once: (text: string) => string): Actor | null {
  return actor === null || actor.kind === 'person' ? actor : { kind: actor.kind, name: once(actor.name) }
}

const NO_USE = { role: null, purpose: null, jurisdiction: null, until: null, approved: null }

function addSighting({ seen }: Recorded, { statement, number }: Entry<'observed'>, [model]: readonly string[]): void {
  const { state, path, layout, sideFiles } = statement.predicate
  if (model === undefined) return
  if (state === 'present') seen.set(path, { path, model, layout, sideFiles, statement: number })
  else if (seen.get(path)?.model === model) seen.delete(path)
}

/** Who acts at a deployment holds a copy. */
export function holdingOf({ said: { actor, at, status, statement } }: RecordedUse): Holding[] {
  return actor === null ? [] : [{ actor: actor as Actor, at, number: statement, status }]
}
