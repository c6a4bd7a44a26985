import type { Ancestor, Fact, Facts, Gathered } from './facts.ts'
import { known, notKnown, READ, restingOn } from './known.ts'
import { measuredFacts } from './named-audits.ts'
import { computeFacts } from './named-compute.ts'
import { licenceFacts } from './named-licences.ts'
import { incidentFacts, safetyFacts } from './named-safety.ts'
import { siteFacts } from './named-use.ts'

/** The facts that rules may ask, drawn from what was gathered. What cannot be told is left unknown. */
export function withNamed(gathered: Gathered): Facts {
  return { ...gathered, named: Object.assign(modelFacts(gathered), measuredFacts(gathered)) }
}

/** The same of a model at one of its sites, where what holds of it anywhere is known already. */
export function withNamedAt(gathered: Gathered, { named }: Facts): Facts {
  return { ...gathered, named: Object.assign({}, named, measuredFacts(gathered), siteFacts(gathered)) }
}

/** Of a model wherever it is: the same at each of its sites. Not by spreading one after the other, which takes thirty times as long. */
function modelFacts(gathered: Gathered): Record<string, Fact> {
  return Object.assign(
    identityFacts(gathered),
    custodyFacts(gathered),
    licenceFacts(gathered),
    computeFacts(gathered),
    safetyFacts(gathered),
    incidentFacts(gathered),
  )
}

function identityFacts({ subject, parameters, ancestors, relatives }: Gathered): Record<string, Fact> {
  const isOpen = relatives.length > 0
  const parents = ancestors.filter(({ distance }) => distance === 1)
  return {
    name: known(subject.name, { status: 'declared', statements: [] }),
    ...(parameters === null ? {} : { parameters: known(parameters, READ) }),
    isDerived: ancestors.length > 0 ? known(true, restingOn(parents)) : isOpen ? notKnown() : known(false, READ),
    changes: isOpen ? notKnown() : known(changesOf(parents), restingOn(parents)),
    lineageChanges: isOpen ? notKnown() : known(changesOf(ancestors), restingOn(ancestors)),
  }
}

function changesOf(ancestors: readonly Ancestor[]): string[] {
  return [...new Set(ancestors.flatMap(({ changes }) => changes))].sort()
}

function custodyFacts({ holders, hops }: Gathered): Record<string, Fact> {
  const open = hops.filter(({ event, confirmed }) => event === 'handed-over' && !confirmed)
  return {
    holders: known(holders.length, holders.length > 0 ? restingOn(holders) : READ),
    unconfirmedHandOvers: known(
      open.length,
      open.length > 0 ? { status: 'verified', statements: open.map(({ statement }) => statement) } : READ,
    ),
  }
}
