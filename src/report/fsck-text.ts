import type { Fault, FsckReport } from '../contract/fsck.ts'
import { FSCK_CODES } from '../contract/fsck.ts'
import { wrap } from './columns.ts'
import { shown } from './escape.ts'
import type { Translate } from './language.ts'
import type { TextOptions } from './text-context.ts'

/** Of each kind; the others are counted, and in the JSON. */
const MAX_LINES = 10

/** The result of `yukue fsck`. Ends with a line feed. */
export function renderFsckText(report: FsckReport, { t, width }: TextOptions): string {
  const { faults, more, size, readable, signatures, checkpoints } = report
  const lines: string[] = []
  for (const code of FSCK_CODES) {
    const own = faults.filter((fault) => fault.code === code)
    lines.push(...own.slice(0, MAX_LINES).map((fault) => `✗ ${faultText(t, fault)}`))
    const rest = (more[code] ?? 0) + Math.max(0, own.length - MAX_LINES)
    if (rest > 0) lines.push(`  ${t('fsck.more', { count: rest })}`)
  }
  if (faults.length > 0) lines.push(t('fsck.readable', { readable, size }))
  else lines.push(size === 0 ? t('fsck.empty') : t('fsck.whole', { count: size }))
  lines.push(t('fsck.checked', { signatures, checkpoints }))
  if (size > 0) lines.push(t('fsck.limit'))
  return `${lines.flatMap((line) => wrap(line, width)).join('\n')}\n`
}

function faultText(t: Translate, { code, at, detail }: Fault): string {
  return t(`fsck.fault.${code}`, { at: at ?? '–', detail: shown(detail ?? '–', 200) })
}
