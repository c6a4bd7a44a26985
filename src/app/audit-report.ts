import type { AuditReport } from '../contract/audit.ts'
import type { Impact } from '../observe/impact.ts'
import { feedbackText, findingText, noteText } from '../report/impact-sentences.ts'
import type { Translate } from '../report/language.ts'

/** The result of `yukue audit --json`: the values, with their sentences in the language chosen. */
export function auditReportOf(impact: Impact, t: Translate): AuditReport {
  const { feedback, findings, notes, ...figures } = impact
  return {
    schema: 'yukue.audit/1',
    ...figures,
    feedback: feedback === null ? null : withReason(feedback, t),
    findings: findings.map((finding) => ({ ...finding, text: findingText(t, finding) })),
    notes: notes.map((note) => ({ code: note.code, text: noteText(t, note) })),
  }
}

function withReason(feedback: NonNullable<Impact['feedback']>, t: Translate): AuditReport['feedback'] {
  const { values: _, ...rest } = feedback
  return { ...rest, reason: feedbackText(t, feedback) }
}
