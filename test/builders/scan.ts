import { join } from 'node:path'
import { type ScanOptions, type ScanResult, scan } from '../../src/app/scan.ts'
import { scanReportOf } from '../../src/app/scan-report.ts'
import type { ScanReport } from '../../src/contract/scan.ts'
import { translator } from '../../src/report/language.ts'

export interface Scanned {
  result: ScanResult
  report: ScanReport
  /** Bytes that were to be read, and that were. */
  total: number
  read: number
}

/** Scans in this thread; the estate is beside the models unless one is named. */
export async function scanned(paths: string[], options: Partial<ScanOptions> = {}): Promise<Scanned> {
  let total = 0
  let read = 0
  const progress = {
    onPhase() {},
    onTotal(bytes: number) {
      total = bytes
    },
    onBytes(bytes: number) {
      read += bytes
    },
  }
  const estate = join(paths[0]!, '.yukue')
  const result = await scan({ paths, as: [], estate, threads: 0, ...options }, progress)
  return { result, report: scanReportOf(result, translator('en')), total, read }
}
