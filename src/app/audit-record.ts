import type { DecisionLog } from '../observe/engine.ts'
import type { Impact } from '../observe/impact.ts'
import type { Question } from '../observe/question.ts'
import { ask, text } from '../observe/sql.ts'
import { openLog } from '../store/decision-source.ts'
import { impactOf } from './audit.ts'
import type { AuditOptions, AuditProgress } from './audit-terms.ts'

/** Which model and which site a result is of. */
export interface AuditSubject {
  model: string | null
  site: string | null
}

const ROLES: readonly (keyof AuditSubject)[] = ['model', 'site']

/** An audit that is to go on record: what it is of as named, and, where nothing is named, as the log says itself. */
export async function auditForRecord(
  options: AuditOptions,
  given: AuditSubject,
  progress: AuditProgress,
): Promise<{ impact: Impact; said: AuditSubject }> {
  progress.onPhase('opening')
  const opened = await openLog(options.path, options.table)
  try {
    const { question, named } = namedIn(opened.log, options.question, given)
    const impact = await impactOf(opened, { ...options, question }, progress)
    const said = {
      model: impact.model ?? (question.model === null ? await onlyValue(opened.log, 'model') : null),
      site: impact.site ?? (question.site === null ? await onlyValue(opened.log, 'site') : null),
    }
    return { impact: { ...impact, model: named.model ?? said.model, site: named.site ?? said.site }, said }
  } finally {
    await opened.log.engine.close()
  }
}

/** A name in place of the column of models or sites (`--model`, `--site`) that is no column of the log is the model or site itself. */
function namedIn({ columns }: DecisionLog, asked: Question, given: AuditSubject) {
  const [question, named] = [{ ...asked }, { ...given }]
  for (const role of ROLES) {
    const name = question[role]
    const isCompared = role === 'site' && question.parentSite !== null
    if (name === null || isCompared || named[role] !== null || columns.some((known) => known.name === name)) continue
    named[role] = name
    question[role] = null
  }
  return { question, named }
}

/** What the decision record's own column says, where it says one thing only. */
async function onlyValue(log: DecisionLog, role: keyof AuditSubject): Promise<string | null> {
  if (!log.columns.some(({ name }) => name === role)) return null
  const value = text(log, role)
  const [row] = await ask(log, `SELECT MIN(${value}) AS first, MAX(${value}) AS last FROM ${log.relation}`)
  const [first, last] = [row?.['first'] ?? null, row?.['last'] ?? null]
  return first !== null && first === last ? String(first).normalize('NFC') : null
}
