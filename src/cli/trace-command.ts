import { trace } from '../app/trace.ts'
import { renderTraceText } from '../report/trace-report.ts'
import type { CommandContext, CommonOptions } from './context.ts'
import { estateFolder, textOptions, writeJson } from './output.ts'

export async function traceCommand(model: string, flags: CommonOptions, context: CommandContext): Promise<void> {
  const report = await trace(model, estateFolder(flags, context.streams))
  if (flags.json) writeJson(context.streams, report)
  else context.streams.stdout.write(renderTraceText(report, textOptions(flags, context)))
}
