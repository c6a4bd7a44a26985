import type { Passport, PassportReport } from '../contract/passport.ts'
import { judgeClaim, type Measured } from '../ledger/claims.ts'
import { type Entry, ofKind } from '../ledger/entry.ts'
import { modelsIn } from '../ledger/statement.ts'
import type { NameActor } from './ledger-view.ts'
import { eventOf } from './trace.ts'

type Relation = PassportReport['relations'][number]

/**
 * What is claimed of the passport's model, held against the weights: those at hand where they are given, else what the sender
 * measured. A claim is of the model that was handed over, so weights at hand that are others than the passport's bear the claims all the same.
 */
export function passportClaims(
  { model, prints }: Passport,
  entries: readonly Entry[],
  measuredThere: readonly Relation[],
  atHand: PassportReport['atHand'],
  named: NameActor,
): PassportReport['claims'] {
  const names = new Map([...prints.map(({ model: id, name }) => [id, name] as const), ...printedNames(entries)])
  const self = atHand?.id ?? model.id
  const around = neighbours(self, [...measuredThere, ...(atHand?.relations ?? [])])
  const quantisation = atHand ? atHand.quantisation : quantisationSaid(entries, model.id)
  return ofKind(entries, 'claimed').flatMap((entry) => {
    if (!modelsIn(entry.statement).includes(model.id)) return []
    const { subject, value, source, by } = entry.statement.predicate
    const bases = [...names].flatMap(([id, name]) => (id !== self && isMeant(value, id, name) ? [id] : []))
    const judged = judgeClaim(entry, { bases, quantisation, ...around })
    return [{ subject, value, source, by: by && named(by), ...eventOf(entry, named), ...judged }]
  })
}

function printedNames(entries: readonly Entry[]): (readonly [string, string])[] {
  return ofKind(entries, 'printed').flatMap(({ statement }) =>
    modelsIn(statement).map((id) => [id, statement.predicate.name] as const),
  )
}

/** A digest by eight digits at least, a name, or a name with its publisher's before it. */
function isMeant(value: string, id: string, name: string): boolean {
  const digits = value.replace(/^blake3:/, '')
  return name === value || name === value.split('/').at(-1) || (digits.length >= 8 && id === `blake3:${digits}`)
}

/** As the latest print says; undefined where there is none. */
function quantisationSaid(entries: readonly Entry[], model: string): Measured['quantisation'] {
  const printed = ofKind(entries, 'printed').filter(({ statement }) => modelsIn(statement).includes(model))
  return printed.at(-1)?.statement.predicate.quantisation
}

/** Who stands where, along all relations. */
function neighbours(self: string, relations: readonly Relation[]): Omit<Measured, 'bases' | 'quantisation'> {
  const ancestors = new Set<string>()
  const descendants = new Set<string>()
  const known = relations.filter(({ direction }) => direction === 'known')
  for (let size = -1; size !== ancestors.size + descendants.size; ) {
    size = ancestors.size + descendants.size
    for (const { child, parents } of known)
      for (const { id } of parents) {
        if (child === self || ancestors.has(child)) ancestors.add(id)
        if (id === self || descendants.has(id)) descendants.add(child)
      }
  }
  const relatives = relations
    .filter(({ direction }) => direction === 'undetermined')
    .flatMap(({ child, parents }) => [child, ...parents.map(({ id }) => id)])
    .filter((id) => id !== self)
  return { ancestors, descendants, relatives: new Set(relatives) }
}
