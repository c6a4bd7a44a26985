import { type Command, Option } from 'commander'
import { LANGUAGES } from '../report/language.ts'
import type { CommandContext } from './context.ts'

/** The options that every command takes. */
export function common(command: Command, { t }: CommandContext): Command {
  return command
    .option('--json', t('cli.global.json'))
    .option('-q, --quiet', t('cli.global.quiet'))
    .addOption(new Option('--lang <language>', t('cli.global.lang')).choices(LANGUAGES))
    .option('--estate <dir>', t('cli.global.estate'))
    .option('--passphrase-file <file>', t('cli.global.passphraseFile'))
    .option('--no-color', t('cli.global.noColor'))
    .helpOption('-h, --help', t('cli.global.help'))
    .exitOverride()
}

/** An option that may be given several times. */
export function repeatable(flags: string, text: string): Option {
  return new Option(flags, text).argParser((value, before: string[] | undefined) => [...(before ?? []), value])
}
