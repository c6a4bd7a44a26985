import { wholeFrom } from '../app/audit-options.ts'
import type { Serve } from '../app/live/serve-options.ts'
import { errorText } from '../report/error-text.ts'
import type { CommandContext, CommonOptions } from './context.ts'
import { estateFolder, signingFrom, writeJson } from './output.ts'
import { threadsFrom } from './threads.ts'

interface ServeFlags extends CommonOptions {
  port?: string
  host?: string
  allowHost?: string[]
  roots?: string[]
  requireToken?: boolean
  threads?: string
}

/** Read “yukue” on the keys of a telephone, and cut: taken by nothing that is registered. */
const DEFAULT_PORT = '8750'
const MAX_PORT = 65_535

/** Serves until it is told to stop. */
export async function serveCommand(flags: ServeFlags, context: CommandContext): Promise<void> {
  const { t, streams, serve } = context
  if (serve === undefined) throw new Error('no server was handed in')
  const serving = await started(serve, flags, context)
  const { address, ownToken, needsToken, hasPages } = serving
  const signIn = `${address}/#token=${ownToken}`
  if (flags.json) writeJson(streams, { schema: 'yukue.serving/1', address, signIn, needsToken, pages: hasPages })
  else {
    const lines = [
      t('serve.listening', { estate: estateFolder(flags, streams).replace(/:[^:@/]*@/, ':…@'), address }),
      needsToken ? t('serve.tokensOnly') : t('serve.reading'),
      t('serve.signIn', { address: signIn }),
      ...(hasPages ? [] : [t('serve.noPages')]),
      t('serve.stop'),
    ]
    streams.stdout.write(`${lines.join('\n')}\n`)
  }
  await stopSignal()
  if (!flags.quiet) streams.stderr.write(`${t('serve.stopping')}\n`)
  await serving.close()
}

function started(serve: Serve, flags: ServeFlags, { t, streams }: CommandContext) {
  return serve({
    host: flags.host ?? '127.0.0.1',
    port: wholeFrom('--port', flags.port ?? DEFAULT_PORT, MAX_PORT),
    estate: estateFolder(flags, streams),
    folder: streams.cwd(),
    roots: flags.roots ?? [],
    hosts: flags.allowHost ?? [],
    requireToken: flags.requireToken ?? false,
    threads: threadsFrom(flags.threads),
    signing: signingFrom(flags, streams),
    onFault: (id, error) => streams.stderr.write(`yukue: ${id}: ${errorText(t, error)}\n`),
  })
}

/** Resolves when the process is asked to end; asked twice, it ends at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
}
