import { trace } from '../app/trace.ts'
import { verifiedOnly } from '../app/verified-only.ts'
import { renderTraceText } from '../report/trace-report.ts'
import type { CommandContext, CommonOptions } from './context.ts'
import { estateFolder, textOptions, writeJson } from './output.ts'

interface TraceFlags extends CommonOptions {
  asOf?: string
  holders?: boolean
  verified?: boolean
  results?: boolean
}

export async function traceCommand(model: string, flags: TraceFlags, context: CommandContext): Promise<void> {
  const options = { asOf: flags.asOf ?? null, holders: flags.holders ?? false, results: flags.results ?? false }
  const all = await trace(model, estateFolder(flags, context.streams), options)
  const report = flags.verified ? verifiedOnly(all) : all
  if (flags.json) writeJson(context.streams, report)
  else context.streams.stdout.write(renderTraceText(report, textOptions(flags, context)))
}
