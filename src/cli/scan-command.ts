import { scan } from '../app/scan.ts'
import { scanReportOf } from '../app/scan-report.ts'
import { CommandError } from '../contract/command-error.ts'
import { VERSION } from '../contract/version.ts'
import { chooseLanguage, type Language } from '../report/language.ts'
import { renderScanPage } from '../report/scan-page.ts'
import { renderScanText } from '../report/scan-report.ts'
import type { CommandContext, CommonOptions } from './context.ts'
import { estateFolder, signingFrom, textOptions, writeJson, writePage } from './output.ts'
import { progressOn } from './progress.ts'
import { threadsFrom } from './threads.ts'

interface ScanFlags extends CommonOptions {
  as?: string[]
  page?: string
  strict?: boolean
  threads?: string
}

export async function scanCommand(paths: string[], flags: ScanFlags, context: CommandContext): Promise<void> {
  const { t, streams } = context
  const progress = progressOn(streams.stderr, t, flags.quiet ?? false)
  const estate = estateFolder(flags, streams)
  const result = await scan(
    { paths, as: flags.as ?? [], estate, threads: threadsFrom(flags.threads), signing: signingFrom(flags, streams) },
    progress,
  )
  const report = scanReportOf(result, t)
  progress.done()
  if (flags.json) writeJson(streams, report)
  else streams.stdout.write(renderScanText(report, textOptions(flags, context)))
  if (flags.page) {
    const language = chooseLanguage(flags.lang as Language | undefined, streams.env)
    const generated = new Date().toISOString().replace('T', ' ').slice(0, 16)
    const page = renderScanPage(report, { t, language, generated: `${generated} UTC`, version: VERSION })
    writePage(flags.page, page, context, flags)
  }
  if (report.models.length === 0) throw new CommandError({ code: 'nothing-scanned' })
  context.exit(flags.strict && report.problems.length > 0 ? 1 : 0)
}
