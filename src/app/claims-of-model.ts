import type { Claim } from '../contract/claims.ts'
import { PRINT_FORMAT } from '../contract/print.ts'
import type { Candidate } from '../read/artifact.ts'
import { discover } from '../read/discover.ts'
import { INSIDE } from '../read/member-name.ts'
import type { Estate } from '../store/estate.ts'
import type { KnownArtifact } from '../store/records.ts'
import { claimsOfArtifacts } from './claims.ts'
import { printsFrom } from './known-prints.ts'
import { liesWithin } from './lies-within.ts'

/** The artifact's file as it is found now; null where nothing, or something else, lies there. */
export function candidateOf({ path, format }: Pick<KnownArtifact, 'path' | 'format'>): Candidate | null {
  if (format === PRINT_FORMAT) return null
  const inside = path.indexOf(INSIDE)
  const { candidates } = discover([inside < 0 ? path : path.slice(0, inside)], [])
  return candidates.find(({ absolutePath }) => absolutePath === path) ?? null
}

/** What the artifacts of a model on record declare, as their files stand now; each declaration once. `within`: folders. */
export async function claimsOfModel(estate: Estate, model: string, within?: readonly string[]): Promise<Claim[]> {
  const there = (await estate.artifactsOf(model)).filter(({ gone }) => !gone)
  const artifacts = there.filter((artifact) => liesWithin(artifact, within))
  const candidates = artifacts.flatMap((artifact) => candidateOf(artifact) ?? [])
  const found = artifacts.map(({ path, sideFiles }) => ({
    absolutePath: path,
    model,
    sideFiles: sideFiles.map((side) => ({ ...side, absolutePath: side.path })),
  }))
  const claims = await claimsOfArtifacts(estate, candidates, found, printsFrom(estate, new Map()))
  const distinct = new Map([...claims.values()].flat().map((claim) => [`${claim.source}\0${claim.base}`, claim]))
  return [...distinct.values()]
}
