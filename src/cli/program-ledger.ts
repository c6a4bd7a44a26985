import type { Command } from 'commander'
import { RECORD_EVENTS, type RecordEvent } from '../contract/record-events.ts'
import type { CommandContext } from './context.ts'
import { common, repeatable } from './options.ts'

/** The commands that write down and check what happened. */
export function addLedgerCommands(program: Command, context: CommandContext): void {
  addRecord(program, context)
  addSite(program, context)
  addKey(program, context)
  addWitness(program, context)
  addFsck(program, context)
  addBackup(program, context)
}

export function examples({ t }: CommandContext, lines: readonly string[]): string {
  return ['', t('cli.examples'), ...lines.map((line) => `  yukue ${line}`)].join('\n')
}

/** A command of commands; without one it prints its help. */
export function group(program: Command, name: string, context: CommandContext): Command {
  const { t } = context
  return program
    .command(name)
    .helpCommand(false)
    .helpOption('-h, --help', t('cli.global.help'))
    .exitOverride()
    .configureOutput(program.configureOutput())
}

function addRecord(program: Command, context: CommandContext): void {
  const { t } = context
  const record = group(program, 'record', context).description(t('cli.record.description'))
  for (const event of [...RECORD_EVENTS, 'offer'] as const)
    recordOptions(common(record.command(`${event} <model>`), context), event, context)
      .description(t(`cli.record.${event}`))
      .action(async (model, options) =>
        (await import('./record-command.ts')).recordCommand(event, model, options, context),
      )
  common(record.command('receipt <file>'), context)
    .description(t('cli.record.receipt'))
    .option('--model <model>', t('cli.record.model'))
    .option('--key <name>', t('cli.record.key'))
    .option('-o, --out <file>', t('cli.record.out'))
    .action(async (file, options) => (await import('./record-command.ts')).receiptCommand(file, options, context))
  record.addHelpText(
    'after',
    examples(context, [
      "record received models/chat.safetensors --from 'Vendor Ltd' --place models/",
      "record deployed chat --site loans --purpose 'credit scoring' --jurisdiction JP --role deployer --place /srv/loans",
      'record claimed chat --claim base=base-7b --claim licence=apache-2.0 --source card',
      "record offer chat --to 'Bank plc' --key vendor -o chat.offer.json",
      'record receipt chat.offer.json --key bank -o chat.receipt.json',
      "record incident 'declared:provider/assistant@2026-01' --severity high --text 'personal data in answers'",
    ]),
  )
}

function recordOptions(command: Command, event: RecordEvent | 'offer', context: CommandContext): Command {
  const { t } = context
  command
    .option('--at <date>', t('cli.record.at'))
    .option('--note <text>', t('cli.record.note'))
    .option('--key <name>', t('cli.record.key'))
    .option('-o, --out <file>', t('cli.record.out'))
  const isCustody = ['created', 'received', 'handed-over', 'copied', 'offer'].includes(event)
  if (isCustody) command.option('--from <actor>', t('cli.record.from')).option('--to <actor>', t('cli.record.to'))
  else command.option('--actor <actor>', t('cli.record.actor'))
  if (isCustody || event === 'deployed' || event === 'retired') command.option('--place <path>', t('cli.record.place'))
  if (event === 'deployed' || event === 'retired') command.option('--site <name>', t('cli.record.site'))
  switch (event) {
    case 'deployed':
      return command
        .option('--role <role>', t('cli.record.role'))
        .option('--purpose <text>', t('cli.record.purpose'))
        .option('--jurisdiction <code>', t('cli.record.jurisdiction'))
        .option('--until <date>', t('cli.record.until'))
    case 'claimed':
      return command
        .addOption(repeatable('--claim <claim>', t('cli.record.claim')))
        .option('--source <source>', t('cli.record.source'))
        .option('--site <name>', t('cli.record.site'))
    case 'evaluated':
    case 'audited':
      return command
        .option('--suite <name>', t('cli.record.suite'))
        .addOption(repeatable('--metric <metric>', t('cli.record.metric')))
        .option('--report <file>', t('cli.record.report'))
    case 'incident':
      return command
        .option('--severity <severity>', t('cli.record.severity'))
        .option('--text <text>', t('cli.record.text'))
        .option('--reference <text>', t('cli.record.reference'))
    default:
      return command
  }
}

function addSite(program: Command, context: CommandContext): void {
  const { t } = context
  common(program.command('site <name>'), context)
    .description(t('cli.site.description'))
    .action(async (name, options) => (await import('./estate-commands.ts')).siteCommand(name, options, context))
    .addHelpText('after', examples(context, ['site loans', 'site loans --json']))
}

function addKey(program: Command, context: CommandContext): void {
  const { t } = context
  const key = group(program, 'key', context).description(t('cli.key.description'))
  common(key.command('new <name>'), context)
    .description(t('cli.key.new'))
    .option('--actor <actor>', t('cli.key.actor'))
    .option('--role <role>', t('cli.record.role'))
    .option('--expires <date>', t('cli.key.expires'))
    .option('--protect <file>', t('cli.key.protect'))
    .action(async (name, options) => (await import('./key-command.ts')).newKeyCommand(name, options, context))
  common(key.command('show'), context)
    .description(t('cli.key.show'))
    .action(async (options) => (await import('./key-command.ts')).showKeysCommand(options, context))
  common(key.command('trust <key>'), context)
    .description(t('cli.key.trust'))
    .option('--actor <actor>', t('cli.key.actor'))
    .option('--role <role>', t('cli.record.role'))
    .option('--use <use>', t('cli.key.use'))
    .option('--expires <date>', t('cli.key.expires'))
    .action(async (given, options) => (await import('./key-command.ts')).trustKeyCommand(given, options, context))
  common(key.command('distrust <key>'), context)
    .description(t('cli.key.distrust'))
    .option('--reason <text>', t('cli.key.reason'))
    .action(async (given, options) => (await import('./key-command.ts')).distrustKeyCommand(given, options, context))
  key.addHelpText(
    'after',
    examples(context, [
      "key new vendor --actor 'Vendor Ltd' --role provider --expires 2027-12-31",
      'key show',
      "key trust bank+1f2e3d4c+AQ… --actor 'Bank plc'",
    ]),
  )
}

function addWitness(program: Command, context: CommandContext): void {
  const { t } = context
  const witness = group(program, 'witness', context).description(t('cli.witness.description'))
  common(witness.command('checkpoint'), context)
    .description(t('cli.witness.checkpoint'))
    .option('-o, --out <file>', t('cli.record.out'))
    .action(async (options) => (await import('./witness-command.ts')).checkpointCommand(options, context))
  common(witness.command('request'), context)
    .description(t('cli.witness.request'))
    .option('--from <size>', t('cli.witness.from'))
    .option('-o, --out <file>', t('cli.record.out'))
    .action(async (options) => (await import('./witness-command.ts')).requestCommand(options, context))
  common(witness.command('cosign <file>'), context)
    .description(t('cli.witness.cosign'))
    .option('--key <name>', t('cli.record.key'))
    .option('-o, --out <file>', t('cli.record.out'))
    .action(async (file, options) => (await import('./witness-command.ts')).cosignCommand(file, options, context))
  common(witness.command('accept <file>'), context)
    .description(t('cli.witness.accept'))
    .action(async (file, options) => (await import('./witness-command.ts')).acceptCommand(file, options, context))
  witness.addHelpText(
    'after',
    examples(context, [
      'witness checkpoint -o 2026-04-01.checkpoint',
      'witness request --from 0 -o request.txt',
      'witness cosign request.txt --key auditor -o cosigned.txt',
      'witness accept cosigned.txt',
    ]),
  )
}

function addFsck(program: Command, context: CommandContext): void {
  const { t } = context
  common(program.command('fsck'), context)
    .description(t('cli.fsck.description'))
    .addOption(repeatable('--checkpoint <file>', t('cli.fsck.checkpoint')))
    .option('--quick', t('cli.fsck.quick'))
    .action(async (options) => (await import('./estate-commands.ts')).fsckCommand(options, context))
    .addHelpText('after', examples(context, ['fsck', 'fsck --checkpoint 2026-04-01.checkpoint --json']))
}

function addBackup(program: Command, context: CommandContext): void {
  const { t } = context
  common(program.command('backup <file>'), context)
    .description(t('cli.backup.description'))
    .action(async (file, options) => (await import('./estate-commands.ts')).backupCommand(file, options, context))
    .addHelpText('after', examples(context, ['backup 2026-04-01.backup']))
  common(program.command('restore <file>'), context)
    .description(t('cli.restore.description'))
    .action(async (file, options) => (await import('./estate-commands.ts')).restoreCommand(file, options, context))
    .addHelpText('after', examples(context, ['restore 2026-04-01.backup --estate restored']))
}
