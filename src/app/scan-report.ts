import type { ScanReport } from '../contract/scan.ts'
import type { Finding } from '../read/model-file.ts'
import { findingMessage } from '../report/finding-text.ts'
import type { Translate } from '../report/language.ts'
import { problemMessage } from '../report/problem-text.ts'
import { originOf } from './origin.ts'
import type { ScanResult } from './scan.ts'
import { bytesOf, type SeenArtifact } from './seen-artifact.ts'

/** The result as the contract has it, largest models last named first, everything in an order that does not change by itself. */
export function scanReportOf({ models, lineage, claims, empty, problems }: ScanResult, t: Translate): ScanReport {
  return {
    schema: 'yukue.scan/1',
    models: models.map(({ id, name, parameters, artifacts, tensors, dtypes, quantisation }) => ({
      id,
      name,
      parameters,
      artifacts: artifacts.map((artifact) => ({
        ...artifactOf(artifact, t),
        claims: claims.get(artifact.absolutePath) ?? [],
      })),
      tensors,
      dtypes,
      quantisation,
    })),
    relations: lineage.relations.map((relation) => withClaims(relation, models, claims)),
    lookAlikes: lineage.lookAlikes,
    findings: empty.flatMap(({ path, findings }) => [
      { path, code: 'no-weights', severity: 'low' as const, message: t('finding.no-weights') },
      ...findings.map((finding) => ({ path, ...shownIn(t, finding) })),
    ]),
    problems: problems.map((problem) => ({
      path: problem.path,
      code: problem.code,
      message: problemMessage(t, problem),
    })),
  }
}

/** What either end declares of the other stands beside the relation; it had no part in it. */
function withClaims(
  relation: ScanResult['lineage']['relations'][number],
  models: ScanResult['models'],
  claims: ScanResult['claims'],
): ScanReport['relations'][number] {
  const ends = [relation.child, ...relation.parents.map(({ id }) => id)]
  const told = models
    .filter(({ id }) => ends.includes(id))
    .flatMap(({ id, artifacts }) =>
      artifacts.flatMap(({ absolutePath }) => claims.get(absolutePath) ?? []).map((claim) => ({ id, claim })),
    )
    .filter(({ id, claim }) => claim.model !== null && claim.model !== id && ends.includes(claim.model))
  return told.length === 0 ? relation : { ...relation, claims: told.map(({ claim }) => claim) }
}

function shownIn(t: Translate, finding: Finding): Finding {
  return { ...finding, message: findingMessage(t, finding) }
}

function artifactOf(
  artifact: SeenArtifact,
  t: Translate,
): Omit<ScanReport['models'][number]['artifacts'][number], 'claims'> {
  const { path, format, layout } = artifact
  const findings = artifact.findings.map((finding) => shownIn(t, finding))
  const files = artifact.files.map(({ path, sha256, bytes }) => ({ path, sha256, bytes }))
  const sideFiles = artifact.sideFiles.map(({ role, path, sha256, bytes }) => ({ role, path, sha256, bytes }))
  const origin = originOf(artifact.absolutePath)
  return { path, format, bytes: bytesOf(artifact), layout, files, findings, sideFiles, origin }
}
