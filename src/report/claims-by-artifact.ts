import type { Claim } from '../contract/claims.ts'
import type { ScanReport } from '../contract/scan.ts'

/** Every claim with the artifact that makes it: disputed ones first, then those that are borne out. */
export function claimsByArtifact({ models }: Pick<ScanReport, 'models'>): { path: string; claim: Claim }[] {
  const all = models.flatMap(({ artifacts }) =>
    artifacts.flatMap(({ path, claims = [] }) => claims.map((claim) => ({ path, claim }))),
  )
  return ORDER.flatMap((verdict) => all.filter(({ claim }) => claim.verdict === verdict))
}

const ORDER: readonly Claim['verdict'][] = ['disputed', 'verified', 'undecided']
