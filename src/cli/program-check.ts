import { type Command, Option } from 'commander'
import type { CommandContext } from './context.ts'
import { common, repeatable } from './options.ts'

/** The formats of `yukue check`; beside them `--json`. */
const FORMATS = ['text', 'json', 'sarif', 'junit']

/** The gate for build servers and deployment. */
export function addCheckCommand(program: Command, context: CommandContext): void {
  const { t } = context
  common(program.command('check'), context)
    .description(t('cli.check.description'))
    .option('--model <model>', t('cli.check.model'))
    .option('--site <name>', t('cli.check.site'))
    .option('--all', t('cli.check.all'))
    .option('--as-of <date>', t('cli.check.asOf'))
    .addOption(repeatable('--pack <name>', t('cli.check.pack')))
    .addOption(repeatable('--rules <file>', t('cli.check.rules')))
    .addOption(new Option('--format <format>', t('cli.check.format')).choices(FORMATS))
    .action(async (options) => (await import('./check-command.ts')).checkCommand(options, context))
    .addHelpText(
      'after',
      [
        '',
        t('cli.examples'),
        ...[
          'check --model models/chat.safetensors',
          'check --site loans --as-of 2027-12-02 --pack eu-ai-act',
          'check --all --format sarif > yukue.sarif',
          'check --model chat --rules company.rules.yaml --json',
        ].map((line) => `  yukue ${line}`),
      ].join('\n'),
    )
}
