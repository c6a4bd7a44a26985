import type { CheckOptions } from '../app/check.ts'
import { type CheckAllProgress, checkAll } from '../app/check-all.ts'
import type { ChecksReport } from '../contract/check.ts'
import { VERSION } from '../contract/version.ts'
import { renderJunit } from '../report/check-junit.ts'
import { renderSarif } from '../report/check-sarif.ts'
import { renderChecksText } from '../report/check-text.ts'
import { type CheckFlags, formatOf } from './check-flags.ts'
import type { CommandContext } from './context.ts'
import { textOptions } from './output.ts'

/** `yukue check --all` */
export async function checkAllCommand(
  location: string,
  options: CheckOptions,
  flags: CheckFlags,
  context: CommandContext,
): Promise<void> {
  const progress = progressOf(flags, context)
  const report = await checkAll(location, { ...options, progress })
  progress.done()
  context.streams.stdout.write(textIn(report, flags, context))
  context.exit({ meets: 0, departs: 1, undecided: 2 }[report.verdict])
}

function textIn(report: ChecksReport, flags: CheckFlags, context: CommandContext): string {
  switch (formatOf(flags)) {
    case 'json':
      return `${JSON.stringify(report, null, 1)}\n`
    case 'sarif':
      return renderSarif(report.checks, VERSION)
    case 'junit':
      return renderJunit(report.checks)
    case 'text':
      return renderChecksText(report, textOptions(flags, context))
  }
}

/** Between two redrawings of the line. */
const REDRAW_MS = 200

/** One line on a terminal; nothing where nobody watches. */
function progressOf({ quiet }: CheckFlags, { t, streams }: CommandContext): CheckAllProgress & { done(): void } {
  const { stderr } = streams
  if (quiet || !stderr.isTTY) return { done() {} }
  let drawn = 0
  const draw = (key: 'reading' | 'judging') => (done: number, total: number) => {
    if (Date.now() - drawn < REDRAW_MS) return
    drawn = Date.now()
    stderr.write(`\r\u001b[K${t(`check.progress.${key}`, { done, total })}`)
  }
  return { onRead: draw('reading'), onJudged: draw('judging'), done: () => void stderr.write('\r\u001b[K') }
}
