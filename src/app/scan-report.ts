import type { ScanReport } from '../contract/scan.ts'
import type { Translate } from '../report/language.ts'
import { problemMessage } from '../report/problem-text.ts'
import type { ScanResult } from './scan.ts'
import { bytesOf, type SeenArtifact } from './seen-artifact.ts'

/** The result as the contract has it, largest models last named first, everything in an order that does not change by itself. */
export function scanReportOf({ models, lineage, empty, problems }: ScanResult, t: Translate): ScanReport {
  return {
    schema: 'yukue.scan/1',
    models: models.map(({ id, name, parameters, artifacts, tensors, dtypes, quantisation }) => ({
      id,
      name,
      parameters,
      artifacts: artifacts.map(artifactOf),
      tensors,
      dtypes,
      quantisation,
    })),
    relations: lineage.relations,
    lookAlikes: lineage.lookAlikes,
    findings: empty.map(({ path }) => ({
      path,
      code: 'no-weights',
      severity: 'low',
      message: t('finding.no-weights'),
    })),
    problems: problems.map((problem) => ({
      path: problem.path,
      code: problem.code,
      message: problemMessage(t, problem),
    })),
  }
}

function artifactOf(artifact: SeenArtifact): ScanReport['models'][number]['artifacts'][number] {
  const { path, format, layout, findings } = artifact
  const files = artifact.files.map(({ path, sha256, bytes }) => ({ path, sha256, bytes }))
  return { path, format, bytes: bytesOf(artifact), layout, files, findings }
}
