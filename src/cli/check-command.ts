import { type CheckOptions, checkModel, checkSite } from '../app/check.ts'
import type { CheckReport, Verdict } from '../contract/check.ts'
import { CommandError } from '../contract/command-error.ts'
import { VERSION } from '../contract/version.ts'
import { renderJunit } from '../report/check-junit.ts'
import { renderSarif } from '../report/check-sarif.ts'
import { renderCheckText } from '../report/check-text.ts'
import { chooseLanguage, LANGUAGES } from '../report/language.ts'
import { type CheckFlags, formatOf } from './check-flags.ts'
import type { CommandContext } from './context.ts'
import { readGiven } from './files.ts'
import { estateFolder, textOptions } from './output.ts'

/** A file of rules that is longer was not written by hand. */
const MAX_RULES_BYTES = 4 * 1024 * 1024

/** 0 meets, 1 departs, 2 could not decide. */
const EXIT_CODES: Record<Verdict, number> = { meets: 0, departs: 1, undecided: 2 }

/** `yukue check`: the gate. */
export async function checkCommand(flags: CheckFlags, context: CommandContext): Promise<void> {
  const { model, site, all = false } = flags
  if ([model !== undefined, site !== undefined, all].filter(Boolean).length !== 1)
    throw new CommandError({ code: 'no-check-subject' })
  const location = estateFolder(flags, context.streams)
  const options = optionsFrom(flags, context)
  if (all) return (await import('./check-all-command.ts')).checkAllCommand(location, options, flags, context)
  const report =
    site === undefined ? await checkModel(model ?? '', location, options) : await checkSite(site, location, options)
  context.streams.stdout.write(textIn(report, flags, context))
  context.exit(EXIT_CODES[report.verdict])
}

function optionsFrom(flags: CheckFlags, { streams }: CommandContext): CheckOptions {
  const chosen = LANGUAGES.find((language) => language === flags.lang)
  return {
    asOf: flags.asOf ?? null,
    packs: flags.pack ?? [],
    rules: (flags.rules ?? []).map((path) => readGiven(path, MAX_RULES_BYTES)),
    language: chooseLanguage(chosen, streams.env),
  }
}

function textIn(report: CheckReport, flags: CheckFlags, context: CommandContext): string {
  switch (formatOf(flags)) {
    case 'json':
      return `${JSON.stringify(report, null, 1)}\n`
    case 'sarif':
      return renderSarif([report], VERSION)
    case 'junit':
      return renderJunit([report])
    case 'text':
      return renderCheckText(report, textOptions(flags, context))
  }
}
