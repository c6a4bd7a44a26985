import { remembered } from './remembered.ts'

/** What a licence asks of whoever passes a model on, or uses it; by what the texts that cards and files name licences by. */
export type LicenceTerm =
  | 'permissive'
  | 'apache'
  | 'attribution'
  | 'non-commercial'
  | 'no-derivatives'
  | 'copyleft'
  | 'llama'
  | 'gemma'
  | 'openrail'
  | 'unread'

const TERMS: readonly [RegExp, readonly LicenceTerm[]][] = [
  // Gemma 4 came under Apache-2.0; 1 to 3 under terms of their own
  [/gemma[- _]?([4-9]|\d\d)/, ['apache']],
  [/gemma/, ['gemma']],
  [/open[- _]?rail|creativeml/, ['openrail']],
  // of before 3: its terms ask for no name and no badge; the first Llama was for research
  [/llama[- _]?(1|one)\b|^llama$/, ['non-commercial']],
  [/llama[- _]?2/, ['permissive']],
  [/llama/, ['llama']],
  [/apache/, ['apache']],
  [/\b(mit|bsd|isc|cc0|unlicense|zlib|wtfpl|public domain|0bsd|boost|bsl-1\.0|mit-0)\b/, ['permissive']],
  [/\b[al]?gpl/, ['copyleft']],
  [/mpl|epl|eupl/, ['copyleft']],
  [/cdla-permissive|odc-by|\bpddl\b/, ['attribution']],
]

const NON_COMMERCIAL =
  /(^|[^a-z])nc([^a-z]|$)|non-?\s?commercial|research[- _](only|use)|academic|mistral[- _](ai[- _])?research|\bmrl\b|\bmnpl\b|非商用|非営利|研究目的/

/**
 * The terms of a licence as it was named: an SPDX expression, a hub's tag, or a title. Of licences to choose from (`OR`), the
 * one that asks least. `unread` where nothing is known of a licence by that name.
 */
export const termsOf = remembered((value): readonly LicenceTerm[] => {
  const choices = value
    .toLowerCase()
    .split(/\s+or\s+/)
    .map((choice) => choice.split(/\s+(?:and|with)\s+|\s*[,;+]\s*/).flatMap(termsOfOne))
  return [...new Set<LicenceTerm>(choices.sort((a, b) => burden(a) - burden(b))[0] ?? ['unread'])]
})

function termsOfOne(name: string): LicenceTerm[] {
  const terms: LicenceTerm[] = []
  if (NON_COMMERCIAL.test(name)) terms.push('non-commercial')
  if (/^cc[- ]?by|creative commons/.test(name) && !/^cc0/.test(name)) {
    terms.push('attribution')
    if (/\bsa\b|share-?alike/.test(name)) terms.push('copyleft')
    if (/\bnd\b|no-?deriv/.test(name)) terms.push('no-derivatives')
    return terms
  }
  const known = TERMS.find(([pattern]) => pattern.test(name))?.[1]
  if (known) terms.push(...known)
  return terms.length > 0 ? terms : ['unread']
}

const BURDENS: Record<LicenceTerm, number> = {
  permissive: 0,
  apache: 1,
  attribution: 2,
  llama: 4,
  gemma: 5,
  openrail: 5,
  copyleft: 6,
  'no-derivatives': 8,
  'non-commercial': 9,
  unread: 20,
}

function burden(terms: readonly LicenceTerm[]): number {
  return terms.reduce((sum, term) => sum + BURDENS[term], 0)
}

/** Terms that cannot all be kept at once in one work: copyleft forbids restrictions beyond its own. */
const CONFLICTS: readonly [LicenceTerm, LicenceTerm][] = [
  ['copyleft', 'llama'],
  ['copyleft', 'gemma'],
  ['copyleft', 'openrail'],
  ['copyleft', 'non-commercial'],
]

/** Two of these terms that stand against each other; null where none do. What one licence says of itself is no conflict. */
export function conflictIn(licences: readonly (readonly LicenceTerm[])[]): [LicenceTerm, LicenceTerm] | null {
  // ten thousand ancestors have a handful of different licences between them
  const different = [...new Map(licences.map((terms) => [[...terms].sort().join(), terms])).values()]
  for (const [at, one] of different.entries())
    for (const other of different.slice(at + 1)) {
      const found = CONFLICTS.find(
        ([a, b]) =>
          (one.includes(a) && other.includes(b) && !other.includes(a)) ||
          (one.includes(b) && other.includes(a) && !one.includes(a)),
      )
      if (found) return found
    }
  return null
}
