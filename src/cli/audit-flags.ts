import { readFileSync } from 'node:fs'
import type { AuditOptions } from '../app/audit.ts'
import { type AuditFlags as AskedFlags, auditOptionsFrom } from '../app/audit-options.ts'
import { CommandError } from '../contract/command-error.ts'
import { type LogMapping, logMapping } from '../contract/decision.ts'
import type { CommonOptions } from './context.ts'

export interface AuditFlags extends CommonOptions, AskedFlags {
  map?: string
  report?: string
  auditDate?: string
  source?: string
  distributionDate?: string
  page?: string
  simulate?: boolean
  fromLedger?: boolean
  record?: boolean
  recordModel?: string
  recordSite?: string
  /** Which key signs what is recorded. */
  key?: string
}

/** Flags and mapping file as one set of options. */
export function auditOptions(path: string, given: AuditFlags): AuditOptions {
  const ofEffect = EFFECT_OPTIONS.find((name) => given[name] !== undefined)
  if (ofEffect !== undefined && !given.effect)
    throw new CommandError({ code: 'option-needed', option: '--effect', because: `--${ofEffect}` })
  return auditOptionsFrom(path, given.map === undefined ? given : withMapping(given, readMapping(given.map)))
}

/** Those that say nothing without `--effect`. Of a mapping file they are parts of the record, asked for or not. */
const EFFECT_OPTIONS = ['holdout', 'threshold', 'unit', 'adopted', 'period', 'feature'] as const

function readMapping(path: string): LogMapping {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    throw new CommandError({ code: 'no-such-path', path })
  }
  try {
    return logMapping.parse(JSON.parse(text))
  } catch (error) {
    const reason = error instanceof Error && 'issues' in error ? mappingFault(error.issues) : String(error)
    throw new CommandError({ code: 'malformed-log', path, row: 0, reason })
  }
}

function mappingFault(issues: unknown): string {
  const [issue] = Array.isArray(issues) ? issues : []
  return `${issue?.path?.join('.') || 'mapping'}: ${issue?.message ?? 'not a mapping'}`
}

/** A flag that says something else than the mapping file is a mistake of one of them. */
function withMapping(flags: AuditFlags, mapping: LogMapping): AuditFlags {
  const merged: Record<string, unknown> = { ...flags }
  for (const [name, value] of Object.entries(mapping)) {
    const isList = ['favourable', 'group', 'positive'].includes(name)
    const wanted = isList ? [value].flat() : value
    const before = merged[name]
    if (before !== undefined && JSON.stringify(before) !== JSON.stringify(wanted))
      throw new CommandError({
        code: 'option-twice',
        option: `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
        first: [before].flat().join(', '),
        second: [wanted].flat().join(', '),
      })
    merged[name] = wanted
  }
  return merged as unknown as AuditFlags
}
