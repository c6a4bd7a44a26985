import type { Verdict } from '../contract/check.ts'
import type { Facts, SiteFact } from '../govern/facts.ts'
import { type CompiledRule, namesRead, valuesOf } from '../govern/judge.ts'
import type { Sources } from './facts.ts'
import type { Judge } from './judge.ts'

/**
 * Verdicts about uses of which nothing is known but what their deployment says: the only one at its site, with no place to look at, no
 * measurement and no claim of its own, of a model that was never handed over or audited. Most of a million are such, and have a few texts
 * between them, so that rules are asked once for all that are alike. Whatever else there is to a site, it is judged by itself.
 */
export interface PlainSites {
  /** What gives the verdict about a site of a model, by `judged` where none is known of one that is alike. */
  ofModel(whole: Facts, judges: readonly Judge[]): (site: SiteFact, judged: () => Verdict | null) => Verdict | null
}

/** Beyond so many different sites remembering no longer pays. */
const MAX_KNOWN = 200_000

export function plainSites({ usesAt, recorded }: Sources): PlainSites {
  const known = new Map<string, Verdict | null>()
  const namesOf = namesByRules()
  const isPlain = ({ site, place }: SiteFact) =>
    place === null && usesAt.get(site)?.length === 1 && !recorded.measurements.has(site)
  return {
    ofModel(whole, judges) {
      const names = namesOf(judges.map((judge) => judge.rulesFor(whole)))
      const model = names === null ? null : modelText(whole, names)
      return (site, judged) => {
        if (model === null || !isPlain(site)) return judged()
        const key = `${model}${siteText(site)}`
        const before = known.get(key)
        if (before !== undefined) return before
        const verdict = judged()
        if (known.size >= MAX_KNOWN) known.clear()
        known.set(key, verdict)
        return verdict
      }
    },
  }
}

/** The facts that are read at sites; null where one is the site's name, or somebody goes by more than facts: then no two sites are alike. */
function namesByRules(): (rules: readonly (readonly CompiledRule[] | null)[]) => string[] | null {
  let last: { rules: readonly (readonly CompiledRule[] | null)[]; names: string[] | null } | null = null
  return (rules) => {
    // the same for nearly all models, since they are asked by the same packs
    if (last && last.rules.length === rules.length && last.rules.every((each, at) => each === rules[at]))
      return last.names
    const all = rules.some((each) => each === null) ? null : rules.flatMap((each) => each ?? [])
    const names = all && namesRead(all, 'site')
    last = { rules, names: names?.includes('site') ? null : names }
    return last.names
  }
}

/** All of a model that its plain sites are told apart by; null where it has none. Facts of a model are the same at each of its sites. */
function modelText(whole: Facts, names: readonly string[]): string | null {
  const { claims, hops, audits, ancestors, relatives } = whole
  if (hops.length > 0 || audits.length > 0 || claims.some(({ site }) => site !== null)) return null
  const said = claims.map(({ subject, value, source, by, status }) => [subject, value, source, by, status])
  const made = ancestors.flatMap(({ distance, changes, status }) => (distance === 1 ? [[changes, status]] : []))
  return `${valuesOf(whole, names)}${JSON.stringify([said, made, relatives.length > 0])}`
}

function siteText({ actor, role, purpose, jurisdiction, status }: SiteFact): string {
  return JSON.stringify([actor === null, role, purpose, jurisdiction, status])
}
