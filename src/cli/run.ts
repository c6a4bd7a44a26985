import { CommanderError } from 'commander'
import type { Serve } from '../app/live/serve-options.ts'
import { chooseLanguage, LANGUAGES, type Language, translator } from '../report/language.ts'
import { programFor } from './program.ts'
import type { Streams } from './streams.ts'

/** Runs one command line and returns the exit code: 0 done, 1 a departure or (with --strict) a problem, 2 could not be done. `serve`: what `yukue serve` starts. */
export async function run(args: string[], streams: Streams, serve?: Serve): Promise<number> {
  const t = translator(chooseLanguage(languageFlag(args), streams.env))
  let code = 0
  try {
    const exit = (result: number) => {
      code = result
    }
    const program = programFor({ t, streams, exit, serve }, args[0])
    await program.parseAsync(args, { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    // loaded late: schemas take longer to load than all of the help
    const { errorText } = await import('../report/error-text.ts')
    streams.stderr.write(`yukue: ${errorText(t, error)}\n`)
    return 2
  }
}

/** The language is needed before the arguments are parsed, for the help itself. */
function languageFlag(args: string[]): Language | undefined {
  const at = args.findLastIndex((arg) => arg === '--lang' || arg.startsWith('--lang='))
  const value = args[at]?.includes('=') ? args[at].slice('--lang='.length) : args[at + 1]
  return at < 0 ? undefined : LANGUAGES.find((language) => language === value)
}
