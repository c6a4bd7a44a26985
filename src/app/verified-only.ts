import type { TraceReport } from '../contract/trace.ts'

/**
 * A trace with nothing in it but what is verified: recomputed from bytes, or signed by everyone it names. What descends by
 * way of an unverified relation is left out with it.
 */
export function verifiedOnly(report: TraceReport): TraceReport {
  const isVerified = ({ status }: { status: string }) => status === 'verified'
  const ancestors = connected(report.model.id, report.ancestors, 'child')
  const descendants = connected(report.model.id, report.descendants, 'parent')
  const children = new Set(ancestors.map(({ relation }) => relation.child))
  return {
    ...report,
    ancestors,
    descendants,
    // by id only, nothing says what leads there
    moreDescendants: [],
    relatives: report.relatives.filter(({ relation }) => isVerified(relation)),
    origins: ancestors.map(({ model }) => model).filter(({ id }) => !children.has(id)),
    places: report.places.filter(isVerified),
    hops: report.hops.filter((hop) => isVerified(hop) && hop.confirmed),
    sites: report.sites.filter(isVerified),
    claims: report.claims.filter(isVerified),
    evaluations: report.evaluations.filter(isVerified),
    results: report.results.filter(isVerified),
    incidents: report.incidents.filter(isVerified),
    exposures: (report.exposures ?? []).filter(isVerified),
    // what an incident reaches rests on the word of whoever recorded it
    exposed: [],
    ...(report.holders ? { holders: report.holders.filter(isVerified) } : {}),
  }
}

type Step = TraceReport['ancestors'][number]

/** Steps that verified relations alone lead to. */
function connected(start: string, steps: readonly Step[], from: 'parent' | 'child'): Step[] {
  const reached = new Set([start])
  return steps.filter(({ relation, model }) => {
    const ends = from === 'child' ? [relation.child] : relation.parents.map(({ id }) => id)
    const leads = relation.status === 'verified' && ends.some((end) => reached.has(end))
    if (leads) reached.add(model.id)
    return leads
  })
}
