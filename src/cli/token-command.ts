import { listTokens, newToken, revokeToken } from '../app/live/tokens.ts'
import type { TokenReport } from '../contract/api-work.ts'
import { renderTokensText } from '../report/token-text.ts'
import type { CommandContext, CommonOptions } from './context.ts'
import { estateFolder, textOptions, writeJson } from './output.ts'

interface TokenFlags extends CommonOptions {
  role?: string
  expires?: string
}

export async function newTokenCommand(name: string, flags: TokenFlags, context: CommandContext): Promise<void> {
  const { t, streams } = context
  const { role, expires } = flags
  const made = await newToken({ name, role, expires }, estateFolder(flags, streams))
  if (flags.json) return writeJson(streams, { schema: 'yukue.token/1', ...made })
  streams.stderr.write(`${t('serve.token.made', { id: made.id, role: made.role })}\n`)
  // alone on its line and stream, so that it can go straight to a file or another program
  streams.stdout.write(`${made.token}\n`)
  streams.stderr.write(`${t('serve.token.keep')}\n`)
}

export async function listTokensCommand(flags: TokenFlags, context: CommandContext): Promise<void> {
  show(await listTokens(estateFolder(flags, context.streams)), flags, context)
}

export async function revokeTokenCommand(id: string, flags: TokenFlags, context: CommandContext): Promise<void> {
  show(await revokeToken(id, estateFolder(flags, context.streams)), flags, context)
}

function show(report: TokenReport, flags: TokenFlags, context: CommandContext): void {
  if (flags.json) writeJson(context.streams, report)
  else context.streams.stdout.write(renderTokensText(report, textOptions(flags, context)))
}
