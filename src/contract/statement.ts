import { z } from 'zod'
import { MAX_NAME } from './actor.ts'
import { type PredicateKind, predicates } from './predicates.ts'

export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1'

/** Of a model: its weights, as `yukue scan` identifies them; no digest of a file. */
export const MODEL_DIGEST = 'yukueModel'

/** Of a model that nobody here can see: SHA-256 over the text of its `declared:` id. It stands for a name, not for bytes. */
export const DECLARED_DIGEST = 'yukueDeclared'

/** `declared:<provider>/<name>@<version>`: a model of which nobody here has the bytes. */
export const declaredId = z
  .string()
  .max(MAX_NAME)
  .regex(/^declared:[^\s/@]+\/[^\s@]+@[^\s@]+$/u)

const subject = z.object({
  name: z.string().optional(),
  uri: z.string().optional(),
  digest: z.record(z.string(), z.string().regex(/^[0-9a-f]+$/)),
})

/** An in-toto Statement v1 whose predicate is not looked into. */
export const anyStatement = z.object({
  _type: z.literal(STATEMENT_TYPE),
  subject: z.array(subject).min(1),
  predicateType: z.string(),
  predicate: z.record(z.string(), z.unknown()),
})

export type Subject = z.infer<typeof subject>

export interface Statement<K extends PredicateKind = PredicateKind> {
  kind: K
  subject: Subject[]
  predicate: PredicateOf<K>
}

export type PredicateOf<K extends PredicateKind> = z.infer<(typeof predicates)[K]>

/** Statements by their kind. */
export type Statements = { [K in PredicateKind]: Statement<K> }

/** Any statement, told apart by `kind`. */
export type AnyStatement = Statements[PredicateKind]

/** A changed meaning is another number; added optional fields are not. */
const PREDICATE_VERSION = 1

export function predicateTypeOf(kind: PredicateKind): string {
  return `urn:yukue:predicate:${kind}:${PREDICATE_VERSION}`
}

export function predicateKindOf(type: string): PredicateKind | null {
  const [, kind = ''] = /^urn:yukue:predicate:([a-z]+):1$/.exec(type) ?? []
  return Object.hasOwn(predicates, kind) ? (kind as PredicateKind) : null
}
