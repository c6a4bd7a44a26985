import type { Finding } from '../read/model-file.ts'
import type { KnownArtifact } from '../store/records.ts'
import { dtypeOf } from './model-summary.ts'
import { falseClaim } from './name-claims.ts'
import type { ReadArtifact } from './read-artifacts.ts'

/** Names of tensors that a finding tells of. */
const MAX_TOLD = 3

/** Hexadecimal digits of an id as people write it. */
const SHORT_ID = 12

/** An artifact with what its print, its name and what lay at its path before give to find, beside what its reader found. */
export function withFindings(artifact: ReadArtifact, former: KnownArtifact | undefined): ReadArtifact {
  const more = [...nonFinite(artifact), ...contradiction(artifact), ...changed(artifact, former)]
  return more.length === 0 ? artifact : { ...artifact, findings: [...artifact.findings, ...more] }
}

function nonFinite({ print }: ReadArtifact): Finding[] {
  const tensors = print.tensors.filter(({ standing, invariants }) => standing === 'weight' && invariants.nonFinite > 0)
  if (tensors.length === 0) return []
  const count = tensors.reduce((sum, { invariants }) => sum + invariants.nonFinite, 0)
  const names = tensors.slice(0, MAX_TOLD).map(({ name }) => name)
  const told = names.join(', ') + (tensors.length > names.length ? ', …' : '')
  return [
    {
      code: 'non-finite-weights',
      severity: 'medium',
      message: `${count} weights are not finite numbers: ${told}`,
      values: { names: told, tensors: tensors.length, count },
    },
  ]
}

function contradiction({ candidate, print }: ReadArtifact): Finding[] {
  const weights = print.tensors.filter(({ standing }) => standing === 'weight')
  const claim = print.adapter ? null : falseClaim(candidate.path, weights)
  if (claim === null) return []
  const found = mostly(weights.map((tensor) => ({ name: dtypeOf(tensor), count: tensor.invariants.count })))
  const message = `its name says ${claim}, its weights are ${found}`
  return [{ code: 'name-contradicts-content', severity: 'medium', message, values: { claim, found } }]
}

/** The number formats by the share of weights they hold, greatest first. */
function mostly(parts: { name: string; count: number }[]): string {
  const counts = new Map<string, number>()
  for (const { name, count } of parts) counts.set(name, (counts.get(name) ?? 0) + count)
  const total = parts.reduce((sum, { count }) => sum + count, 0)
  const largest = [...counts].sort(([, a], [, b]) => b - a).slice(0, MAX_TOLD)
  return largest.map(([name, count]) => `${name} (${Math.round((100 * count) / total)} %)`).join(', ')
}

function changed({ print }: ReadArtifact, former: KnownArtifact | undefined): Finding[] {
  if (former === undefined || former.model === print.id) return []
  const before = former.model.replace('blake3:', '').slice(0, SHORT_ID)
  const lastSeen = former.lastSeen.slice(0, 'YYYY-MM-DD'.length)
  const message = `another model (${before}) was here until ${lastSeen}`
  return [{ code: 'name-changed-bytes', severity: 'medium', message, values: { before, lastSeen } }]
}
