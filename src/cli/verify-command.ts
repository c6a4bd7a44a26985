import { verify } from '../app/verify.ts'
import { renderVerifyText } from '../report/verify-report.ts'
import type { CommandContext, CommonOptions } from './context.ts'
import { estateFolder, textOptions, writeJson } from './output.ts'
import { progressOn } from './progress.ts'
import { threadsFrom } from './threads.ts'

export interface VerifyFlags extends CommonOptions {
  as?: string[]
  deep?: boolean
  parent?: string
  threads?: string
}

/** What a verdict says to a script. */
const EXIT_CODES = { verified: 0, inferred: 0, disputed: 1, undecided: 2 } as const

export async function verifyCommand(model: string, flags: VerifyFlags, context: CommandContext): Promise<void> {
  const { t, streams } = context
  const progress = progressOn(streams.stderr, t, flags.quiet ?? false)
  const report = await verify(
    model,
    {
      estate: estateFolder(flags, streams),
      as: flags.as ?? [],
      threads: threadsFrom(flags.threads),
      deep: flags.deep ?? flags.parent !== undefined,
      parent: flags.parent ?? null,
    },
    progress,
  )
  progress.done()
  if (flags.json) writeJson(streams, report)
  else streams.stdout.write(renderVerifyText(report, textOptions(flags, context)))
  context.exit(EXIT_CODES[report.verdict])
}
