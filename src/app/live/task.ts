import { basename } from 'node:path'
import type { Job } from '../../contract/api-work.ts'
import type { ChecksReport } from '../../contract/check.ts'
import { CommandError } from '../../contract/command-error.ts'
import type { DiffReport } from '../../contract/diff.ts'
import { type Language, translator } from '../../report/language.ts'
import { type AuditSubject, auditForRecord } from '../audit-record.ts'
import { auditReportOf } from '../audit-report.ts'
import type { AuditOptions } from '../audit-terms.ts'
import { checkAll } from '../check-all.ts'
import { diff } from '../diff.ts'
import { diffReportOf } from '../diff-report.ts'
import { recordResult } from '../record-result.ts'
import { type ScanProgress, scan } from '../scan.ts'
import { scanReportOf } from '../scan-report.ts'
import { type DocumentTask, documentText } from './document.ts'

interface Common {
  /** Location of the estate, and the passphrase of its key. */
  estate: string
  passphrase: string | undefined
  threads: number
  /** Folders that may be read, as real paths. */
  within: readonly string[]
  /** Of the messages in the result. */
  language: Language
}

/** Work that takes too long to keep others waiting; plain values, as threads pass them. */
export type Task = Common &
  (
    | { kind: 'scan'; paths: string[]; as: string[] }
    | { kind: 'audit'; options: AuditOptions; of: AuditSubject }
    | { kind: 'diff'; parent: string; child: string }
    /** `now`: the day of today is its. */
    | { kind: 'check'; asOf: string | null; now: string }
    | DocumentTask
  )

export type TaskResult =
  | NonNullable<Job['result']>
  | { kind: 'diff'; report: DiffReport }
  | { kind: 'check'; report: ChecksReport }
  | { kind: 'document'; text: string }

export type TaskStep = { kind: 'phase'; phase: string } | { kind: 'total' | 'bytes'; bytes: number }

/** Does the work of a task in the calling thread. */
export async function doTask(task: Task, onStep: (step: TaskStep) => void): Promise<TaskResult> {
  const t = translator(task.language)
  const progress: ScanProgress = {
    onPhase: (phase) => onStep({ kind: 'phase', phase }),
    onTotal: (bytes) => onStep({ kind: 'total', bytes }),
    onBytes: (bytes) => onStep({ kind: 'bytes', bytes }),
  }
  const { estate, passphrase, threads, within } = task
  const signing = { passphrase }
  switch (task.kind) {
    case 'scan': {
      const { paths, as } = task
      const result = await scan({ paths, as, estate, threads, within, signing }, progress)
      const { models, relations, findings, problems } = scanReportOf(result, t)
      const artifacts = models.flatMap((model) => model.artifacts)
      const found = artifacts.reduce((sum, artifact) => sum + artifact.findings.length, findings.length)
      return { kind: 'scan', models: models.length, relations: relations.length, findings: found, problems }
    }
    case 'audit': {
      const { impact, said } = await auditForRecord(task.options, task.of, {
        onPhase: (phase) => onStep({ kind: 'phase', phase }),
      })
      const report = withoutFolders(auditReportOf(impact, t))
      if (impact.model === null)
        throw new CommandError({ code: 'option-needed', option: 'model', because: 'decisions' })
      const measurement = { result: report, model: impact.model, parent: null, site: impact.site, said }
      const { statement } = await recordResult(measurement, undefined, estate, signing)
      return { kind: 'audit', report, statements: [statement] }
    }
    case 'check': {
      const { asOf, now, language } = task
      const report = await checkAll(estate, { asOf, language, now: () => new Date(now) })
      return { kind: 'check', report }
    }
    case 'document':
      return { kind: 'document', text: await documentText(task, estate, task.language, t) }
    case 'diff': {
      const found = await diff(task.parent, task.child, { estate, as: [], threads, within }, progress)
      return { kind: 'diff', report: diffReportOf(found, t) }
    }
  }
}

/** Where an upload lay while it was read is nobody's business. */
function withoutFolders(report: ReturnType<typeof auditReportOf>) {
  const files = report.input.files.map((file) => ({ ...file, path: basename(file.path) }))
  return { ...report, input: { ...report.input, files } }
}
