import type { ChangeKind } from '../contract/scan.ts'
import type { Ancestor, EvaluationFact, Fact, Gathered, IncidentFact } from './facts.ts'
import { known, notKnown, READ, restingOn } from './known.ts'

/** After these a model gives what it gave before: an evaluation of the one is one of the other. */
const SAME_VALUES: ReadonlySet<ChangeKind> = new Set<ChangeKind>(['converted', 'permuted'])

/** By the names of suites: evaluations of what a model refuses, and of the harm that it does. */
const SAFETY =
  /safe|harm|refus|red.?team|jailbreak|toxic|advbench|strong.?reject|wildguard|beavertails|do.?not.?answer|安全|有害/i

/** What safety evaluations say of the model itself: those of an ancestor count only as long as nothing was changed. */
export function safetyFacts(gathered: Gathered): Record<string, Fact> {
  const own = gathered.evaluations.filter(isOfSafety)
  const above = gathered.ancestors.map((ancestor) => ({ ancestor, found: ancestor.evaluations.filter(isOfSafety) }))
  const evaluated = above.filter(({ found }) => found.length > 0)
  const all = [...own, ...evaluated.flatMap(({ found }) => found)]
  return {
    safetyEvaluatedBefore:
      all.length > 0 ? known(true, restingOn(all)) : gathered.relatives.length > 0 ? notKnown() : known(false, READ),
    safetyEvaluated: safetyEvaluated(own, evaluated),
    ablated: ablated(gathered, own),
  }
}

function isOfSafety({ suite }: EvaluationFact): boolean {
  return SAFETY.test(suite)
}

/** The latest evaluation of the same values decides; a metric `passed` of 0 says that it failed. */
function safetyEvaluated(
  own: readonly EvaluationFact[],
  above: readonly { ancestor: Ancestor; found: EvaluationFact[] }[],
): Fact {
  const same = above.filter(({ ancestor }) => ancestor.changesSince.every((change) => SAME_VALUES.has(change)))
  const valid = [...own, ...same.flatMap(({ found }) => found)]
  const last = [...valid].sort(inTime).at(-1)
  if (!last) return notKnown(above.flatMap(({ found }) => found.map(({ statement }) => statement)))
  const passed = last.metrics['passed'] ?? last.metrics['pass']
  const basis = restingOn([last, ...same.filter(({ found }) => found.includes(last)).map(({ ancestor }) => ancestor)])
  return known(passed === undefined || passed > 0, basis)
}

function inTime(a: { at: string; statement: number }, b: { at: string; statement: number }): number {
  return a.at < b.at ? -1 : a.at > b.at ? 1 : a.statement - b.statement
}

/**
 * A direction removed from the weights of the model is a departure whoever evaluated it; one removed from an ancestor's until the
 * model itself has been evaluated. A change of which it is not clear what it was may be that too.
 */
function ablated({ ancestors, relatives }: Gathered, own: readonly EvaluationFact[]): Fact {
  const by = (change: ChangeKind, distance: (d: number) => boolean) =>
    ancestors.filter((ancestor) => distance(ancestor.distance) && ancestor.changes.includes(change))
  const here = ancestors.filter((each) => each.distance === 1 && each.changes.includes('direction-ablated'))
  if (here.length > 0) return known(true, restingOn(here))
  const earlier = by('direction-ablated', (distance) => distance > 1)
  if (earlier.length > 0) {
    return own.length > 0 ? known(false, restingOn([...own, ...earlier])) : known(true, restingOn(earlier))
  }
  const unclear = by('unclear', () => true)
  if (own.length === 0 && (unclear.length > 0 || relatives.length > 0)) return notKnown()
  return known(false, restingOn(ancestors.filter(({ distance }) => distance === 1)))
}

/** Incidents that reach the model and have not been settled by a later evaluation of it. */
export function incidentFacts({ incidents, subject, ancestors }: Gathered): Record<string, Fact> {
  const open = incidents.filter(({ settledBy }) => settledBy === null)
  const own = open.filter(({ model }) => model === subject.model)
  const inherited = open.filter(({ model }) => model !== subject.model)
  const names = new Map([...ancestors.map(({ model, name }) => [model, name] as const), [subject.model, subject.name]])
  const [first] = [...inherited, ...own]
  return {
    openIncidents: counted(own),
    inheritedIncidents: counted(inherited),
    incidentPath: first
      ? known(first.path.map((id) => names.get(id) ?? id).join(' → '), restingOn([first]))
      : notKnown(),
  }
}

function counted(incidents: readonly IncidentFact[]): Fact {
  return known(incidents.length, restingOn(incidents))
}
