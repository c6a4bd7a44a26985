/** The public surface of the package: everything else may change without notice. A test keeps this list (test/index.test.ts). */

import { append, close, pseudonym } from './store/decision-log.ts'

export { type AuditOptions, audit } from './app/audit.ts'
export { auditReportOf } from './app/audit-report.ts'
export { compareModels, comparePredictions } from './app/compare.ts'
export { diff } from './app/diff.ts'
export { diffReportOf } from './app/diff-report.ts'
export { exportPrint, importPrints } from './app/print.ts'
export { type ScanOptions, type ScanProgress, type ScanResult, scan } from './app/scan.ts'
export { scanReportOf } from './app/scan-report.ts'
export { simulate } from './app/simulate.ts'
export { trace } from './app/trace.ts'
export { type VerifyOptions, verify } from './app/verify.ts'
export { type AuditReport, auditReport } from './contract/audit.ts'
export { CommandError } from './contract/command-error.ts'
export { type CompareReport, compareReport } from './contract/compare.ts'
export { type DecisionRecord, decisionRecord, logMapping } from './contract/decision.ts'
export { type DiffReport, diffReport } from './contract/diff.ts'
export { type ScanReport, scanReport } from './contract/scan.ts'
export { type TraceReport, traceReport } from './contract/trace.ts'
export { type VerifyReport, verifyReport } from './contract/verify.ts'
export { VERSION } from './contract/version.ts'
export { type Language, translator } from './report/language.ts'

/** Logs decisions from an application (docs/impact.md). */
export const decisions = { append, close, pseudonym }
