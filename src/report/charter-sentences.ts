import {
  type AllowedChange,
  CHARTER_SECTIONS,
  CHARTER_STEPS,
  type Charter,
  type CharterContact,
} from '../contract/charter.ts'
import { shown } from './escape.ts'
import { percentText } from './figures.ts'
import type { Translate } from './language.ts'

/** A matter of a charter in plain sentences. */
export interface CharterPart {
  heading: string
  lines: string[]
}

/** What a charter says, matter by matter; what it leaves open stands in `silentLine`. */
export function charterParts(charter: Charter, t: Translate): CharterPart[] {
  const parts = CHARTER_SECTIONS.map((section) => {
    return { heading: capital(t(`charter.section.${section}`)), lines: SAYINGS[section](charter, t) }
  })
  return parts.filter(({ lines }) => lines.length > 0)
}

/** For which models, since when, and who answers for it. */
export function charterHead({ models, accountable, inForce, note }: Charter, t: Translate): string[] {
  return [
    t('charter.says.models', { models: list(models, t) }),
    inForce?.from === undefined ? t('charter.says.fromSigned') : t('charter.says.from', { from: inForce.from }),
    ...(inForce?.until === undefined ? [] : [t('charter.says.until', { until: inForce.until })]),
    t('charter.says.accountable', { name: shown(accountable) }),
    ...noteLine(note, t),
  ]
}

/** The matters that a charter says nothing of; null where it speaks of all. */
export function silentLine(charter: Charter, t: Translate): string | null {
  const silent = CHARTER_SECTIONS.filter((section) => SAYINGS[section](charter, t).length === 0)
  if (silent.length === 0) return null
  return t('charter.silent', {
    sections: silent.map((section) => t(`charter.section.${section}`)).join(t('list.separator')),
  })
}

type Saying = (charter: Charter, t: Translate) => string[]

const SAYINGS: Record<(typeof CHARTER_SECTIONS)[number], Saying> = {
  holders({ holders }, t) {
    if (!holders) return []
    const names =
      holders.allowed.length === 0
        ? t('charter.says.noHolders')
        : t('charter.says.holders', { names: list(holders.allowed, t) })
    return [names, ...(holders.confirmed ? [t('charter.says.confirmed')] : []), ...noteLine(holders.note, t)]
  },
  changes({ changes }, t) {
    if (!changes) return []
    const rest = noteLine(changes.note, t)
    if (changes.allowed.length === 0) return [t('charter.says.noChanges'), ...rest]
    return [t('charter.says.changes'), ...changes.allowed.map((change) => `• ${changeLine(change, t)}`), ...rest]
  },
  uses({ uses }, t) {
    if (!uses) return []
    const { purposes, refused, jurisdictions, groups, note } = uses
    const lines: string[] = []
    if (purposes)
      lines.push(
        purposes.length === 0
          ? t('charter.says.noPurposes')
          : t('charter.says.purposes', { purposes: list(purposes, t) }),
      )
    if (refused?.length) lines.push(t('charter.says.refused', { purposes: list(refused, t) }))
    if (jurisdictions) lines.push(t('charter.says.jurisdictions', { places: list(jurisdictions, t) }))
    if (groups?.length) lines.push(t('charter.says.groups', { groups: list(groups, t) }))
    return [...lines, ...noteLine(note, t)]
  },
  limits({ limits }, t) {
    if (!limits) return []
    const { impactRatioAtLeast, flipsAtMost, flipsByGroupAtMost, auditAgeAtMostDays, evaluationAgeAtMostDays, note } =
      limits
    const lines: string[] = []
    if (impactRatioAtLeast !== undefined)
      lines.push(t('charter.says.impactRatio', { percent: percentText(impactRatioAtLeast) }))
    if (flipsAtMost !== undefined) lines.push(t('charter.says.flips', { percent: percentText(flipsAtMost) }))
    if (flipsByGroupAtMost !== undefined)
      lines.push(t('charter.says.flipsByGroup', { percent: percentText(flipsByGroupAtMost) }))
    if (auditAgeAtMostDays !== undefined) lines.push(t('charter.says.auditAge', { count: auditAgeAtMostDays }))
    if (evaluationAgeAtMostDays !== undefined)
      lines.push(t('charter.says.evaluationAge', { count: evaluationAgeAtMostDays }))
    return [...lines, ...noteLine(note, t)]
  },
  evidence({ evidence }, t) {
    if (!evidence) return []
    const lines = CHARTER_STEPS.flatMap((step) => {
      const wanted = evidence[step] ?? []
      if (wanted.length === 0) return []
      const names = wanted.map((each) => t(`charter.evidence.${each}`)).join(t('list.separator'))
      return [t('charter.says.evidence', { step: t(`charter.step.${step}`), evidence: names })]
    })
    return [...lines, ...noteLine(evidence.note, t)]
  },
  incidents({ incidents }, t) {
    if (!incidents) return []
    const { tellHoldersWithinDays, measureAgain, stopUseFrom, note } = incidents
    const lines: string[] = []
    if (tellHoldersWithinDays !== undefined) lines.push(t('charter.says.tellHolders', { count: tellHoldersWithinDays }))
    if (measureAgain) lines.push(t('charter.says.measureAgain'))
    if (stopUseFrom !== undefined) lines.push(t('charter.says.stopUse', { severity: t(`severity.${stopUseFrom}`) }))
    return [...lines, ...noteLine(note, t)]
  },
  contacts({ contacts = [] }, t) {
    return contacts.map((contact) => contactLine(contact, t))
  },
  rules({ rules = [] }, t) {
    return rules.length === 0 ? [] : [t('charter.says.rules', { rules: list(rules, t) })]
  },
}

function changeLine(allowed: AllowedChange, t: Translate): string {
  const change = t(`change.${allowed.kind}.name`)
  const line = changeExtent(allowed, change, t)
  return allowed.note === undefined ? line : t('list.note', { text: line, note: shown(allowed.note, 400) })
}

function changeExtent(allowed: AllowedChange, change: string, t: Translate): string {
  switch (allowed.kind) {
    case 'quantised':
      return allowed.bitsAtLeast === undefined
        ? t('charter.says.anyExtent', { change })
        : t('charter.says.bits', { change, bits: allowed.bitsAtLeast })
    case 'adapter':
    case 'adapter-merged': {
      const { rankAtMost: rank, on } = allowed
      const parts = on === undefined ? null : list(on, t)
      if (rank !== undefined && parts !== null) return t('charter.says.rankOn', { change, rank, parts })
      if (rank !== undefined) return t('charter.says.rank', { change, rank })
      return parts === null ? t('charter.says.anyExtent', { change }) : t('charter.says.on', { change, parts })
    }
    case 'merged':
      if (allowed.parents === 'commercial') return t('charter.says.mergedCommercial', { change })
      return t(allowed.parents === 'under-this-charter' ? 'charter.says.mergedOwn' : 'charter.says.mergedAny', {
        change,
      })
    case 'pruned':
      return allowed.sparsityAtMost === undefined
        ? t('charter.says.anyExtent', { change })
        : t('charter.says.sparsity', { change, percent: percentText(allowed.sparsityAtMost) })
    default:
      return t('charter.says.anyExtent', { change })
  }
}

function contactLine({ name, withinDays, reach, ...contact }: CharterContact, t: Translate): string {
  const matters = (contact.for ?? ['everything' as const]).map((matter) => t(`charter.matter.${matter}`))
  const line = t('charter.says.contact', {
    name: shown(name),
    matters: matters.join(t('list.separator')),
    count: withinDays,
  })
  return reach === undefined
    ? line
    : t('list.sentences', { first: line, second: t('charter.says.reach', { reach: shown(reach) }) })
}

function noteLine(note: string | undefined, t: Translate): string[] {
  return note === undefined ? [] : [t('charter.says.note', { note: shown(note, 2_000) })]
}

function list(names: readonly string[], t: Translate): string {
  return names.map((name) => shown(name)).join(t('list.separator'))
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
