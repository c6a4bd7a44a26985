import { PLACES_TOPIC } from '../ledger/statement.ts'
import type { Finding } from '../read/model-file.ts'
import type { Estate } from '../store/estate.ts'
import type { KnownArtifact } from '../store/records.ts'
import { isUnder } from '../store/rows.ts'
import { viewOf } from './ledger-view.ts'
import type { SeenArtifact } from './seen-artifact.ts'

/** Files that a finding tells of. */
const MAX_TOLD = 3

/** Artifacts whose side files are other than those on record, with the finding that says so. */
export function withSideFindings(
  artifacts: readonly SeenArtifact[],
  known: ReadonlyMap<string, KnownArtifact>,
): SeenArtifact[] {
  return artifacts.map((artifact) => {
    const former = known.get(artifact.absolutePath)
    // where the model itself is another, what lies beside it is the least of it
    if (former === undefined || former.model !== artifact.model) return artifact
    const names = changedSides(former, artifact)
    return names.length === 0 ? artifact : { ...artifact, findings: withFinding(artifact.findings, sideFinding(names)) }
  })
}

function changedSides(former: KnownArtifact, { sideFiles }: SeenArtifact): string[] {
  const before = new Map(former.sideFiles.map((side) => [side.path, side.sha256]))
  const now = new Map(sideFiles.map((side) => [side.absolutePath, side.sha256]))
  const paths = new Set([...before.keys(), ...now.keys()])
  return [...paths].filter((path) => before.get(path) !== now.get(path)).sort()
}

function sideFinding(paths: readonly string[]): Finding {
  const told = paths.slice(0, MAX_TOLD).map((path) => path.split(/[\\/]/).at(-1)!)
  const names = told.join(', ') + (paths.length > told.length ? ', …' : '')
  const message = `files beside it are other than they were: ${names}`
  return { code: 'side-files-changed', severity: 'medium', message, values: { names } }
}

function withFinding(findings: readonly Finding[], finding: Finding): Finding[] {
  return [...findings.filter(({ code }) => code !== finding.code), finding]
}

/**
 * Models with their copies marked that are where nobody has recorded one. Only once somebody records places at all: before that every copy would be one.
 * Not kept with the artifact, since a record made later ends it.
 */
export async function withPlaceFindings<T extends { artifacts: SeenArtifact[] }>(
  estate: Estate,
  models: readonly T[],
): Promise<T[]> {
  const view = await viewOf(estate, null)
  const places = (await view.about([PLACES_TOPIC])).flatMap(({ statement }) => {
    const isPlaced = statement.kind === 'custody' || statement.kind === 'deployed'
    return isPlaced && statement.predicate.place !== null ? [statement.predicate.place] : []
  })
  if (places.length === 0) return [...models]
  const judged = (artifact: SeenArtifact) => {
    if (places.some((place) => isUnder(artifact.absolutePath, place))) return artifact
    return { ...artifact, findings: withFinding(artifact.findings, UNRECORDED) }
  }
  return models.map((model) => ({ ...model, artifacts: model.artifacts.map(judged) }))
}

const UNRECORDED: Finding = {
  code: 'unrecorded-place',
  severity: 'medium',
  message: 'nobody has recorded that a copy is here',
  values: {},
}
