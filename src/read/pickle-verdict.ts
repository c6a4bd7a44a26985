import type { Finding } from './model-file.ts'
import type { Pickle } from './pickle.ts'
import { importFindings } from './pickle-imports.ts'

/**
 * What a pickle's imports give away. Throws its fault where there is nothing to say but that; where it also imports what
 * it should not, that was run before the fault, so the fault is one more finding.
 */
export function pickleFindings(pickle: Pickle, where: string, own?: (module: string) => boolean): Finding[] {
  const { fault, imports } = pickle
  const findings = importFindings(imports, where, own)
  if (fault === null) return findings
  if (findings.length === 0) throw fault
  const message = `${where} breaks off after its imports (${fault.problem.code}); programs that load it run them all the same`
  return [...findings, { code: 'broken-pickle', severity: 'medium', message }]
}
