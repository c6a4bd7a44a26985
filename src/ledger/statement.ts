import { predicates } from '../contract/predicates.ts'
import {
  type AnyStatement,
  anyStatement,
  DECLARED_DIGEST,
  MODEL_DIGEST,
  predicateKindOf,
  predicateTypeOf,
  STATEMENT_TYPE,
  type Subject,
} from '../contract/statement.ts'
import { keyIdOf } from './keys.ts'
import { sha256 } from './merkle.ts'
import { decodeVerifierKey } from './note.ts'

/** The statement's payload: what is signed, and what the log's digest is over. */
export function statementText({ kind, subject, predicate }: AnyStatement): string {
  return JSON.stringify({ _type: STATEMENT_TYPE, subject, predicateType: predicateTypeOf(kind), predicate })
}

/** Why a payload is no statement that this version reads. */
export type StatementFault = 'not-a-statement' | 'unknown-predicate'

/** A payload as a statement. The faults are values: a log may hold statements of newer versions, and damaged ones. */
export function statementFrom(payload: string): AnyStatement | StatementFault {
  const outer = anyStatement.safeParse(parsed(payload))
  if (!outer.success) return 'not-a-statement'
  const kind = predicateKindOf(outer.data.predicateType)
  if (kind === null) return 'unknown-predicate'
  const predicate = predicates[kind].safeParse(outer.data.predicate)
  return predicate.success
    ? ({ kind, subject: outer.data.subject, predicate: predicate.data } as AnyStatement)
    : 'not-a-statement'
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** A model as the subject of a statement, by its `blake3:` or `declared:` id. */
export function modelSubject(id: string, name?: string): Subject {
  if (id.startsWith('declared:')) return { uri: id, digest: { [DECLARED_DIGEST]: hexDigest(id) } }
  return { ...(name === undefined ? {} : { name }), digest: { [MODEL_DIGEST]: id.replace('blake3:', '') } }
}

/** A key as the subject of a statement. */
export function keySubject(keyId: string): Subject {
  return { digest: { sha256: keyId } }
}

/** The models that a statement is about. */
export function modelsIn({ subject }: Pick<AnyStatement, 'subject'>): string[] {
  return subject.flatMap(({ uri, digest }) => {
    const model = digest[MODEL_DIGEST]
    if (model !== undefined) return [`blake3:${model}`]
    return uri !== undefined && digest[DECLARED_DIGEST] === hexDigest(uri) ? [uri] : []
  })
}

/** Under which a statement about keys is found. */
export const KEYS_TOPIC = 'keys'

/** Under which every deployment is found, and its end. */
export const DEPLOYMENTS_TOPIC = 'deployments'

/** Under which every statement that names a place of its own is found. */
export const PLACES_TOPIC = 'places'

/** Under which all results of audits, comparisons and simulations are found. */
const MEASURED_TOPIC = 'measured'

/** Under which every version of every charter is found. */
export const CHARTERS_TOPIC = 'charters'

/** Under which every incident is found, and whoever was told of one. */
export const INCIDENTS_TOPIC = 'incidents'

export function siteTopic(site: string): string {
  return `site:${site}`
}

/** Under which what other logs say of keys is found. */
export const FOREIGN_KEYS_TOPIC = 'foreign-keys'

/** Under which it is found that an envelope of another log has been taken over. */
export function importedTopic(log: string, number: number | null, passport: string): string {
  return number === null ? `seal:${passport}` : `imported:${number}:${log}`
}

/** Under which all envelopes over one payload are found: an offer and its receipt. */
export function payloadTopic(payload: string): string {
  return `payload:${hexDigest(payload)}`
}

/** Under which it is found that a key is known. */
export function keyTopic(keyId: string): string {
  return `key:${keyId}`
}

/** Everything under which a statement is to be found again. */
export function topicsOf(statement: AnyStatement, payload: string): string[] {
  const topics = modelsIn(statement)
  switch (statement.kind) {
    case 'custody':
      topics.push(payloadTopic(payload))
      if (statement.predicate.place !== null) topics.push(PLACES_TOPIC)
      break
    case 'deployed':
      topics.push(DEPLOYMENTS_TOPIC, siteTopic(statement.predicate.site))
      if (statement.predicate.place !== null) topics.push(PLACES_TOPIC)
      break
    case 'retired':
      topics.push(DEPLOYMENTS_TOPIC)
      if (statement.predicate.site !== null) topics.push(siteTopic(statement.predicate.site))
      if (statement.predicate.place !== null) topics.push(PLACES_TOPIC)
      break
    case 'measured':
      topics.push(MEASURED_TOPIC)
      if (statement.predicate.site !== null) topics.push(siteTopic(statement.predicate.site))
      break
    case 'charter':
      topics.push(CHARTERS_TOPIC)
      break
    case 'incident':
    case 'notified':
      topics.push(INCIDENTS_TOPIC)
      break
    case 'trusted':
      topics.push(KEYS_TOPIC, keyTopic(keyIn(statement) ?? ''))
      break
    case 'revoked':
      topics.push(KEYS_TOPIC)
      break
    case 'imported': {
      const { log, number, passport, statement: carried } = statement.predicate
      topics.push(importedTopic(log, number, passport))
      const inner = statementFrom(carried.payload)
      if (typeof inner !== 'string' && (inner.kind === 'trusted' || inner.kind === 'revoked'))
        topics.push(FOREIGN_KEYS_TOPIC)
      break
    }
    default:
  }
  return [...new Set(topics)]
}

/** The key that a `trusted` statement is about; null where its text is none. */
export function keyIn({ predicate }: Extract<AnyStatement, { kind: 'trusted' }>): string | null {
  const decoded = decodeVerifierKey(predicate.key)
  return decoded && keyIdOf(decoded.key)
}

function hexDigest(text: string): string {
  return Buffer.from(sha256(text)).toString('hex')
}
