import type { Command } from 'commander'
import type { CommandContext } from './context.ts'
import { common, repeatable } from './options.ts'

/** The server, and who may use it. */
export function addServeCommands(program: Command, context: CommandContext): void {
  const { t } = context
  const examples = (lines: readonly string[]) =>
    ['', t('cli.examples'), ...lines.map((line) => `  yukue ${line}`)].join('\n')
  common(program.command('serve'), context)
    .description(t('serve.cli.description'))
    .option('--port <n>', t('serve.cli.port'))
    .option('--host <address>', t('serve.cli.host'))
    .addOption(repeatable('--allow-host <name>', t('serve.cli.allowHost')))
    .addOption(repeatable('--roots <dir>', t('serve.cli.roots')))
    .option('--require-token', t('serve.cli.requireToken'))
    .option('--threads <n>', t('cli.scan.threads'))
    .action(async (options) => (await import('./serve-command.ts')).serveCommand(options, context))
    .addHelpText(
      'after',
      examples([
        'serve',
        'serve --port 9000 --roots /srv/models --require-token',
        'serve --host 0.0.0.0 --allow-host yukue.example.org',
      ]),
    )
  const token = program
    .command('token')
    .description(t('serve.token.description'))
    .helpCommand(false)
    .helpOption('-h, --help', t('cli.global.help'))
    .exitOverride()
    .configureOutput(program.configureOutput())
  common(token.command('new <name>'), context)
    .description(t('serve.token.new'))
    .option('--role <role>', t('serve.token.role'))
    .option('--expires <date>', t('serve.token.expires'))
    .action(async (name, options) => (await import('./token-command.ts')).newTokenCommand(name, options, context))
  common(token.command('list'), context)
    .description(t('serve.token.list'))
    .action(async (options) => (await import('./token-command.ts')).listTokensCommand(options, context))
  common(token.command('revoke <id>'), context)
    .description(t('serve.token.revoke'))
    .action(async (id, options) => (await import('./token-command.ts')).revokeTokenCommand(id, options, context))
  token.addHelpText(
    'after',
    examples(['token new ci --role recorder --expires 2027-03-31', 'token list', 'token revoke 3f9a1c0b52d7']),
  )
}
