import type { Actor, Role } from '../contract/actor.ts'
import type { AuditReport } from '../contract/audit.ts'
import type { CompareReport } from '../contract/compare.ts'
import type { ChangeKind } from '../contract/scan.ts'
import type { FactStatus } from '../contract/trace.ts'

/** As rules read it. A number stands for CEL's `double` or, where the fact is declared `int`, for its `int`. */
export type FactValue = boolean | number | string | readonly string[]

/** One thing that rules may ask. `value` and `status` are null where it is not known; a rule never takes that for an answer. */
export interface Fact {
  value: FactValue | null
  status: FactStatus | null
  /** Numbers of the statements behind it in the log. */
  statements: readonly number[]
}

/** Texts come in every language of the catalogue. */
export interface Texts {
  en: string
  ja: string
}

export type FactType = 'bool' | 'int' | 'double' | 'string' | 'list<string>'

/** What expressions are checked against when rules are loaded. */
export interface FactDefinition {
  name: string
  type: FactType
  /** `site`: only known of a model at one site. */
  scope: 'model' | 'site'
  meaning: Texts
  /** What would settle it where it is not known, or disputed. */
  settle: Texts
}

/** A definition in one line. */
export function defined(
  name: string,
  type: FactType,
  scope: FactDefinition['scope'],
  en: string,
  ja: string,
  settle: Texts,
): FactDefinition {
  return { name, type, scope, meaning: { en, ja }, settle }
}

/**
 * All that is known of one model, or of one model at one site, at the end of a day. Times are RFC 3339 or days, in UTC; actors as
 * the log has them. What stands in lists here is for charters and dossiers; packs read `named` only.
 */
export interface Facts extends Gathered {
  /** By the names of `FactDefinition`. A name that is missing is not known. */
  named: Readonly<Record<string, Fact>>
}

/** What was read of the estate, before rules' facts were drawn from it (src/govern/named.ts). */
export interface Gathered {
  subject: { model: string; name: string; site: string | null }
  /** A day. */
  asOf: string
  /** Null where nobody here has the bytes. */
  parameters: number | null
  quantisation: { scheme: string; bits: number } | null
  /** Every measured ancestor once, nearest first. */
  ancestors: readonly Ancestor[]
  /** Joined to the model or to an ancestor by a relation of undetermined direction: may be an ancestor too. */
  relatives: readonly { model: string; name: string }[]
  holders: readonly { actor: Actor; since: string; status: FactStatus }[]
  hops: readonly HopFact[]
  /** Where the model is or was in use; with a site as the subject, that site's history. */
  sites: readonly SiteFact[]
  claims: readonly ClaimFact[]
  /** Latest first: of the site where there is one, else of the model. */
  audits: readonly AuditFact[]
  evaluations: readonly EvaluationFact[]
  comparisons: readonly { at: string; result: CompareReport; status: FactStatus; statement: number }[]
  incidents: readonly IncidentFact[]
  /** What lies at the subject's site; null without a site. */
  presence: Presence | null
}

export interface Presence {
  /** Where it runs; null where nobody said. */
  place: string | null
  /** Models that scans saw there. */
  present: readonly { model: string; name: string; path: string; statement: number }[]
  /** Files beside the weights that are other than approved; null where what was approved is not known. */
  sideFiles: readonly { path: string; role: string; change: 'changed' | 'missing' | 'added' }[] | null
}

export interface Ancestor {
  model: string
  name: string
  /** Relations between it and the subject, at the least. */
  distance: number
  /** The model next on the way to the subject (the subject itself for a parent): the child of the relation below. */
  towards: string
  changes: readonly ChangeKind[]
  details: Readonly<Record<string, unknown>>
  /** All changes on the way from it to the subject. */
  changesSince: readonly ChangeKind[]
  status: FactStatus
  /** Of the relation; null in estates from before there was a log. */
  statement: number | null
  /** When the relation was found. */
  since: string
  quantisation: { scheme: string; bits: number } | null
  claims: readonly ClaimFact[]
  evaluations: readonly EvaluationFact[]
}

export interface HopFact {
  event: 'created' | 'received' | 'handed-over' | 'copied'
  from: Actor | null
  to: Actor | null
  place: string | null
  at: string
  confirmed: boolean
  status: FactStatus
  statement: number
}

export interface SiteFact {
  site: string
  model: string
  actor: Actor | null
  role: Role | null
  purpose: string | null
  jurisdiction: string | null
  place: string | null
  at: string
  /** Null while it has no known end. */
  until: string | null
  /** Whether it is in use at the day of the facts. */
  current: boolean
  status: FactStatus
  statement: number
}

export interface ClaimFact {
  subject: string
  value: string
  source: 'person' | 'card' | 'metadata'
  by: Actor | null
  /** Null where it is of the model wherever it is. */
  site: string | null
  at: string
  status: FactStatus
  statement: number
}

export interface AuditFact {
  at: string
  /** Whether it is of the subject; at a site the audits of what ran there before stand here too. */
  isOfModel: boolean
  site: string | null
  /** As measured here; null where an audit was recorded by its metrics only. */
  result: AuditReport | null
  suite: string | null
  metrics: Readonly<Record<string, number>>
  /** Whole days from the audit to the day of the facts. */
  ageDays: number
  status: FactStatus
  statement: number
}

export interface EvaluationFact {
  at: string
  suite: string
  metrics: Readonly<Record<string, number>>
  status: FactStatus
  statement: number
}

export interface IncidentFact {
  statement: number
  at: string
  severity: 'low' | 'medium' | 'high'
  text: string
  /** The model it was recorded for: the subject's own, or an ancestor. */
  model: string
  /** From that model to the subject, both included; ids. */
  path: readonly string[]
  /** The number of the later evaluation or audit that ends the exposure; null while exposed. */
  settledBy: number | null
  status: FactStatus
}

/** A fact that nobody has recorded or measured. */
export const UNKNOWN: Fact = { value: null, status: null, statements: [] }

/** Whether a rule may rest on it: what is contradicted is no better than what is not known. */
export function isKnown(fact: Fact | undefined): fact is Fact & { value: FactValue; status: FactStatus } {
  return fact !== undefined && fact.value !== null && fact.status !== null && fact.status !== 'disputed'
}
