import type { AuditProgress } from '../app/audit.ts'
import type { ScanProgress } from '../app/scan.ts'
import type { Translate } from '../report/language.ts'
import type { Output } from './streams.ts'

/** Between two redrawings of the line. */
const REDRAW_MS = 100

/** Without a terminal a line is written only for each phase, so that logs stay short. */
export function progressOn(output: Output, t: Translate, quiet: boolean): ScanProgress & { done(): void } {
  if (quiet) return { onPhase() {}, onTotal() {}, onBytes() {}, done() {} }
  const started = Date.now()
  let total = 0
  let read = 0
  let readingSince = started
  let drawn = 0
  const clear = () => {
    if (output.isTTY) output.write('\r\u001b[K')
  }
  return {
    onPhase(phase, count) {
      clear()
      if (phase === 'reading') readingSince = Date.now()
      output.write(`${t(`progress.${phase}`, { count })}\n`)
    },
    onTotal(bytes) {
      total = bytes
    },
    onBytes(bytes) {
      read += bytes
      if (!output.isTTY || Date.now() - drawn < REDRAW_MS) return
      drawn = Date.now()
      const seconds = Math.max(0.001, (drawn - readingSince) / 1000)
      clear()
      output.write(
        t('progress.bytes', {
          read: megabytes(Math.min(read, total)),
          total: megabytes(total),
          rate: megabytes(read / seconds),
        }),
      )
    },
    done() {
      clear()
      const seconds = ((Date.now() - started) / 1000).toFixed(1)
      output.write(`${t('progress.done', { seconds })}\n`)
    },
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)
}

/** A line for each phase of an audit. */
export function phasesOn(output: Output, t: Translate, quiet: boolean): AuditProgress & { done(): void } {
  const started = Date.now()
  const write = (line: string) => {
    if (!quiet) output.write(`${line}\n`)
  }
  return {
    onPhase: (phase) => write(t(`auditProgress.${phase}`)),
    done: () => write(t('auditProgress.done', { seconds: ((Date.now() - started) / 1000).toFixed(1) })),
  }
}
