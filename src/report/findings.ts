import type { ScanReport } from '../contract/scan.ts'

export type PlacedFinding = ScanReport['findings'][number]

/** Most severe first. */
export const SEVERITIES = ['high', 'medium', 'low'] as const

/** Findings about models and about files without weights, most severe first. */
export function findingsOf(report: ScanReport): PlacedFinding[] {
  const artifacts = report.models.flatMap((model) => model.artifacts)
  const inModels = artifacts.flatMap(({ path, findings }) => findings.map((finding) => ({ ...finding, path })))
  const all = [...inModels, ...report.findings]
  return SEVERITIES.flatMap((severity) => all.filter((finding) => finding.severity === severity))
}
