import { Command, Option } from 'commander'
import { VERSION } from '../contract/version.ts'
import { textOf } from '../report/language.ts'
import type { CommandContext } from './context.ts'
import { AUDIT_EXAMPLES, AUDIT_OPTIONS, COMPARE_EXAMPLES, COMPARE_OPTIONS } from './impact-options.ts'
import { common, repeatable } from './options.ts'
import { addCharterCommands } from './program-charter.ts'
import { addCheckCommand } from './program-check.ts'
import { addLedgerCommands } from './program-ledger.ts'
import { addPassportCommands } from './program-passport.ts'
import { addServeCommands } from './program-serve.ts'

/** What adds which commands. */
const PARTS: readonly { names: readonly string[]; add(program: Command, context: CommandContext): void }[] = [
  { names: ['scan'], add: addScan },
  { names: ['trace'], add: addTrace },
  { names: ['print'], add: addPrint },
  { names: ['diff'], add: addDiff },
  { names: ['audit'], add: addAudit },
  { names: ['compare'], add: addCompare },
  { names: ['check'], add: addCheckCommand },
  { names: ['record', 'site', 'key', 'witness', 'fsck', 'backup', 'restore'], add: addLedgerCommands },
  { names: ['passport', 'verify', 'sign', 'bom', 'card'], add: addPassportCommands },
  { names: ['serve', 'token'], add: addServeCommands },
  { names: ['charter', 'recall', 'dossier'], add: addCharterCommands },
]

/**
 * The commands; each loads its code only when it runs, so that help stays quick. Of one that is `asked` for by name only its own part is
 * made: wording the help of all of them takes longer than many a command.
 */
export function programFor(context: CommandContext, asked?: string): Command {
  const { t, streams } = context
  const program = new Command('yukue')
    .description(t('cli.description'))
    .version(VERSION, '-V, --version', t('cli.global.version'))
    .helpCommand('help [command]', t('cli.global.helpCommand'))
    .helpOption('-h, --help', t('cli.global.help'))
    // an option of a command is that command's: `charter show NAME --version 1` asks for a version of the charter
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => streams.stdout.write(text),
      writeErr: (text) => streams.stderr.write(text),
    })
  const own = PARTS.filter(({ names }) => asked !== undefined && names.includes(asked))
  for (const { add } of own.length > 0 ? own : PARTS) add(program, context)
  return program
}

function addScan(program: Command, context: CommandContext): void {
  const { t } = context
  common(program.command('scan <path...>'), context)
    .description(t('cli.scan.description'))
    .addOption(repeatable('--as <hint>', t('cli.scan.as')))
    .option('--page <file>', t('cli.scan.page'))
    .option('--strict', t('cli.scan.strict'))
    .option('--threads <n>', t('cli.scan.threads'))
    .action(async (paths, options) => (await import('./scan-command.ts')).scanCommand(paths, options, context))
    .addHelpText(
      'after',
      `\n${t('cli.examples')}\n  yukue scan models/\n  yukue scan . --as 'voices/*.bin=f32[512,256]' --page report.html\n  yukue scan models/ --json --strict > scan.json`,
    )
}

function addTrace(program: Command, context: CommandContext): void {
  const { t } = context
  common(program.command('trace <model>'), context)
    .description(t('cli.trace.description'))
    .option('--as-of <date>', t('cli.trace.asOf'))
    .option('--holders', t('cli.trace.holders'))
    .option('--verified', t('cli.trace.verified'))
    .option('--results', t('result.option.results'))
    .action(async (model, options) => (await import('./trace-command.ts')).traceCommand(model, options, context))
    .addHelpText(
      'after',
      `\n${t('cli.examples')}\n  yukue trace models/chat.safetensors\n  yukue trace 3f9a1c --json\n  yukue trace chat --holders --as-of 2026-04-01`,
    )
}

function addPrint(program: Command, context: CommandContext): void {
  const { t } = context
  common(program.command('print [model]'), context)
    .description(t('cli.print.description'))
    .option('-o, --out <file>', t('cli.print.out'))
    .option('--share', t('cli.print.share'))
    .addOption(repeatable('--import <file>', t('cli.print.import')))
    .addOption(repeatable('--as <hint>', t('cli.scan.as')))
    .action(async (model, options) => (await import('./print-command.ts')).printCommand(model, options, context))
    .addHelpText(
      'after',
      `\n${t('cli.examples')}\n  yukue print models/chat.safetensors --share -o chat.yukueprint\n  yukue print --import chat.yukueprint`,
    )
}

function addDiff(program: Command, context: CommandContext): void {
  const { t } = context
  common(program.command('diff <parent> <child>'), context)
    .description(t('cli.diff.description'))
    .option('--html <file>', t('cli.diff.html'))
    .addOption(repeatable('--as <hint>', t('cli.scan.as')))
    .option('--threads <n>', t('cli.scan.threads'))
    .action(async (parent, child, options) =>
      (await import('./diff-command.ts')).diffCommand(parent, child, options, context),
    )
    .addHelpText(
      'after',
      `\n${t('cli.examples')}\n  yukue diff models/base models/chat\n  yukue diff base.yukueprint chat.gguf --html diff.html\n  yukue diff 3f9a1c 81be02 --json`,
    )
}

function addAudit(program: Command, context: CommandContext): void {
  const { t } = context
  const command = common(program.command('audit [log]'), context).description(t('cli.audit.description'))
  for (const [flags, key] of AUDIT_OPTIONS)
    command.addOption(
      flags.endsWith('...') ? repeatable(flags.slice(0, -3), textOf(t, key)) : new Option(flags, textOf(t, key)),
    )
  command
    .action(async (log, options) => (await import('./audit-command.ts')).auditCommand(log, options, context))
    .addHelpText('after', `\n${t('cli.examples')}\n${AUDIT_EXAMPLES.map((line) => `  ${line}`).join('\n')}`)
}

function addCompare(program: Command, context: CommandContext): void {
  const { t } = context
  const command = common(program.command('compare [parent] [child]'), context).description(t('cli.compare.description'))
  for (const [flags, key] of COMPARE_OPTIONS)
    command.addOption(
      flags.endsWith('...') ? repeatable(flags.slice(0, -3), textOf(t, key)) : new Option(flags, textOf(t, key)),
    )
  command
    .action(async (parent, child, options) =>
      (await import('./compare-command.ts')).compareCommand(parent, child, options, context),
    )
    .addHelpText('after', `\n${t('cli.examples')}\n${COMPARE_EXAMPLES.map((line) => `  ${line}`).join('\n')}`)
}
