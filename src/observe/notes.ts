import type { AuditAttribute, AuditReport } from '../contract/audit.ts'
import type { Impact, ImpactNote } from './impact.ts'

/** Below, an interval is too wide to act on. */
const SMALL_CATEGORY = 30

/** Names listed in a note. */
const SHOWN_NAMES = 6

interface Circumstances {
  /** A subject appears more than once. */
  repeats: boolean
  /** Weeks were told apart, or need not be. */
  weekly: boolean
  /** Decisions in which a column that a part of the audit rests on is empty. */
  missing: Readonly<Record<'stratum' | 'site' | 'outcome' | 'subject', number>>
}

/** What a reader must know to read the figures rightly. */
export function notesOn(
  impact: Omit<Impact, 'notes' | 'findings'>,
  { repeats, weekly, missing }: Circumstances,
): ImpactNote[] {
  return [
    ...impact.attributes.flatMap(attributeNotes),
    ...decisionNotes(impact),
    ...(repeats ? [{ code: 'repeated-subjects' as const, values: {} }] : []),
    ...(impact.errorRates.some(({ selectiveLabels }) => selectiveLabels)
      ? [{ code: 'selective-labels' as const, values: {} }]
      : []),
    ...missingNotes(missing),
    ...(weekly ? [] : [{ code: 'no-weeks' as const, values: {} }]),
    ...homogenisationNotes(impact.homogenisation),
  ]
}

function missingNotes(missing: Circumstances['missing']): ImpactNote[] {
  return (['stratum', 'site', 'outcome', 'subject'] as const).flatMap((role) =>
    missing[role] > 0 ? [{ code: `${role}-missing` as const, values: { n: missing[role] } }] : [],
  )
}

function attributeNotes(attribute: AuditAttribute): ImpactNote[] {
  const { attribute: name, categories, unknown, ties } = attribute
  const known = categories.reduce((sum, { n }) => sum + n, 0)
  const small = categories.filter(({ n, excluded }) => n < SMALL_CATEGORY && !excluded)
  const left = categories.filter(({ excluded }) => excluded)
  const listed = (some: typeof categories) =>
    some
      .slice(0, SHOWN_NAMES)
      .map(({ category }) => category)
      .join(', ')
  const similar = lookAlikes(categories.map(({ category }) => category))
  return [
    ...(unknown > 0
      ? [
          {
            code: 'unknown-category' as const,
            values: { attribute: name, n: unknown, share: unknown / (known + unknown) },
          },
        ]
      : []),
    ...(categories.length === 1
      ? [{ code: 'one-category' as const, values: { attribute: name, category: categories[0]!.category } }]
      : []),
    ...(small.length > 0
      ? [
          {
            code: 'small-categories' as const,
            values: { attribute: name, names: listed(small), count: small.length, limit: SMALL_CATEGORY },
          },
        ]
      : []),
    ...(left.length > 0
      ? [{ code: 'left-out-categories' as const, values: { attribute: name, names: listed(left), count: left.length } }]
      : []),
    ...(ties !== null && ties > 1 ? [{ code: 'ties-at-median' as const, values: { attribute: name, n: ties } }] : []),
    ...(similar
      ? [{ code: 'similar-names' as const, values: { attribute: name, first: similar[0], second: similar[1] } }]
      : []),
  ]
}

/** Two categories that differ only in case, width or space are probably one, spelt twice. */
function lookAlikes(names: readonly string[]): [string, string] | null {
  const seen = new Map<string, string>()
  for (const name of names) {
    const folded = name.normalize('NFKC').trim().replaceAll(/\s+/g, ' ').toLowerCase()
    const before = seen.get(folded)
    if (before !== undefined) return [before, name]
    seen.set(folded, name)
  }
  return null
}

function decisionNotes({ favourable }: Pick<Impact, 'favourable'>): ImpactNote[] {
  if (!favourable || favourable.others.length < 2) return []
  return [
    {
      code: 'other-decisions',
      values: { values: favourable.others.slice(0, SHOWN_NAMES).join(', '), value: favourable.value },
    },
  ]
}

function homogenisationNotes(result: AuditReport['homogenisation']): ImpactNote[] {
  return result && result.incomplete > 0 ? [{ code: 'incomplete-subjects', values: { n: result.incomplete } }] : []
}
