import { writeFileSync } from 'node:fs'
import { givenKey } from '../app/given-keys.ts'
import { knownKeys } from '../app/known-keys.ts'
import { modelAtHand } from '../app/passport-model.ts'
import { verifyPassport } from '../app/verify-passport.ts'
import { CommandError } from '../contract/command-error.ts'
import { MAX_PASSPORT_BYTES, PASSPORT_HEAD } from '../contract/passport.ts'
import { VERSION } from '../contract/version.ts'
import { chooseLanguage, type Language } from '../report/language.ts'
import { renderPassportPage } from '../report/passport-page.ts'
import { renderPassportText } from '../report/passport-text.ts'
import type { CommandContext, CommonOptions } from './context.ts'
import { headOf, readGiven } from './files.ts'
import { estateFolder, textOptions, writeJson } from './output.ts'
import { givenKeys } from './passport-command.ts'
import { threadsFrom } from './threads.ts'

export interface VerifyPassportFlags extends CommonOptions {
  model?: string
  key?: string[]
  page?: string
  as?: string[]
  bundle?: string
}

/** What a verdict says to a script: 0 verified, 1 disputed or refused, 2 nobody given vouches for it. */
const EXIT_CODES = { verified: 0, disputed: 1, refused: 1, undecided: 2 } as const

/** Whether a file is a passport, of whichever version. */
export function isPassport(path: string): boolean {
  return headOf(path, PASSPORT_HEAD.length) === PASSPORT_HEAD
}

/** `yukue verify PASSPORT` */
export async function verifyPassportCommand(
  path: string,
  flags: VerifyPassportFlags,
  context: CommandContext,
): Promise<void> {
  const { t, streams } = context
  const file = readGiven(path, MAX_PASSPORT_BYTES)
  const keys = givenKeys(flags.key)
  const trusted =
    keys.length > 0 ? new Set(keys.map((key) => givenKey(key).id)) : await knownKeys(estateFolder(flags, streams))
  const reading = { as: flags.as ?? [], threads: threadsFrom(undefined) }
  const model = flags.model === undefined ? null : await modelAtHand(flags.model, reading)
  const { report } = verifyPassport(file, { trusted, model })
  if (flags.page !== undefined) {
    const language = chooseLanguage(flags.lang as Language | undefined, streams.env)
    writePage(flags.page, renderPassportPage(report, { t, language, version: VERSION }))
  }
  if (flags.json) writeJson(streams, report)
  else streams.stdout.write(renderPassportText(report, textOptions(flags, context)))
  context.exit(EXIT_CODES[report.verdict])
}

function writePage(path: string, html: string): void {
  try {
    writeFileSync(path, html)
  } catch (error) {
    throw new CommandError({ code: 'cannot-write', path, reason: String(error) })
  }
}
