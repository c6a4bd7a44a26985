import type { Command } from 'commander'
import type { CommandContext } from './context.ts'
import { common, repeatable } from './options.ts'
import { examples, group } from './program-ledger.ts'

/** What is agreed for a model, and what follows from it. */
export function addCharterCommands(program: Command, context: CommandContext): void {
  addCharter(program, context)
  addRecall(program, context)
  addDossier(program, context)
}

function addCharter(program: Command, context: CommandContext): void {
  const { t } = context
  const charter = group(program, 'charter', context).description(t('charter.cli.description'))
  addInit(charter, context)
  common(charter.command('check <file>'), context)
    .description(t('charter.cli.check'))
    .option('--model <model>', t('charter.cli.heldModel'))
    .option('--site <site>', t('charter.cli.site'))
    .option('--as-of <date>', t('charter.cli.asOf'))
    .action(async (file, options) => (await import('./charter-command.ts')).checkCharterCommand(file, options, context))
  for (const name of ['record', 'sign'] as const)
    common(charter.command(`${name} <file>`), context)
      .description(t(`charter.cli.${name}`))
      .option('--key <name>', t('charter.cli.key'))
      .action(async (file, options) =>
        (await import('./charter-command.ts')).recordCharterCommand(file, options, context),
      )
  common(charter.command('list'), context)
    .description(t('charter.cli.list'))
    .option('--as-of <date>', t('charter.cli.asOf'))
    .action(async (options) => (await import('./charter-command.ts')).listChartersCommand(options, context))
  common(charter.command('show <name>'), context)
    .description(t('charter.cli.show'))
    .option('--version <number>', t('charter.cli.version'))
    .option('--as-of <date>', t('charter.cli.asOf'))
    .action(async (name, options) => (await import('./charter-command.ts')).showCharterCommand(name, options, context))
  common(charter.command('explain <charter>'), context)
    .description(t('charter.cli.explain'))
    .option('--model <model>', t('charter.cli.heldModel'))
    .option('--site <site>', t('charter.cli.site'))
    .option('--version <number>', t('charter.cli.version'))
    .option('--as-of <date>', t('charter.cli.asOf'))
    .option('--html <file>', t('charter.cli.html'))
    .action(async (name, options) =>
      (await import('./charter-command.ts')).explainCharterCommand(name, options, context),
    )
  charter.addHelpText(
    'after',
    examples(context, [
      "charter init --name loans --model chat --accountable 'Bank plc' --change quantised:4 --purpose 'credit scoring'",
      'charter check charter.yaml --model chat',
      'charter record charter.yaml --key bank',
      'charter list',
      'charter show loans --version 1',
      'charter explain loans --lang ja --html loans.html',
    ]),
  )
}

function addDossier(program: Command, context: CommandContext): void {
  const { t } = context
  common(program.command('dossier <subject>'), context)
    .description(t('dossier.cli.description'))
    .option('--html <file>', t('dossier.cli.html'))
    .option('-o, --out <file>', t('dossier.cli.out'))
    .action(async (subject, options) =>
      (await import('./dossier-command.ts')).dossierCommand(subject, options, context),
    )
    .addHelpText(
      'after',
      examples(context, [
        'dossier chat',
        'dossier site:loans --html loans.html --out loans.json',
        'dossier chat --lang ja',
      ]),
    )
}

function addRecall(program: Command, context: CommandContext): void {
  const { t } = context
  common(program.command('recall <model>'), context)
    .description(t('recall.cli.description'))
    .option('--incident <number>', t('recall.cli.incident'))
    .option('--letters <dir>', t('recall.cli.letters'))
    .addOption(repeatable('--notified <holder>', t('recall.cli.notified')))
    .option('--at <date>', t('recall.cli.at'))
    .option('--note <text>', t('recall.cli.note'))
    .option('--key <name>', t('recall.cli.key'))
    .action(async (model, options) => (await import('./recall-command.ts')).recallCommand(model, options, context))
    .addHelpText(
      'after',
      examples(context, [
        'recall chat',
        'recall chat --letters letters/ --lang ja',
        "recall chat --notified 'Bank plc' --note 'by e-mail'",
      ]),
    )
}

function addInit(charter: Command, context: CommandContext): void {
  const { t } = context
  common(charter.command('init'), context)
    .description(t('charter.cli.init'))
    .option('-o, --out <file>', t('charter.cli.out'))
    .option('--name <name>', t('charter.cli.name'))
    .option('--title <text>', t('charter.cli.title'))
    .addOption(repeatable('--model <model>', t('charter.cli.model')))
    .option('--accountable <name>', t('charter.cli.accountable'))
    .option('--from <date>', t('charter.cli.from'))
    .option('--until <date>', t('charter.cli.until'))
    .addOption(repeatable('--holder <actor>', t('charter.cli.holder')))
    .option('--confirmed', t('charter.cli.confirmed'))
    .addOption(repeatable('--change <change>', t('charter.cli.change')))
    .addOption(repeatable('--purpose <text>', t('charter.cli.purpose')))
    .addOption(repeatable('--refuse <text>', t('charter.cli.refuse')))
    .addOption(repeatable('--jurisdiction <code>', t('charter.cli.jurisdiction')))
    .addOption(repeatable('--group <column>', t('charter.cli.group')))
    .option('--impact-ratio <ratio>', t('charter.cli.impactRatio'))
    .option('--flips <share>', t('charter.cli.flips'))
    .option('--flips-by-group <share>', t('charter.cli.flipsByGroup'))
    .option('--audit-days <days>', t('charter.cli.auditDays'))
    .option('--evaluation-days <days>', t('charter.cli.evaluationDays'))
    .addOption(repeatable('--evidence <evidence>', t('charter.cli.evidence')))
    .addOption(repeatable('--contact <contact>', t('charter.cli.contact')))
    .addOption(repeatable('--rules <pack>', t('charter.cli.rules')))
    .option('--tell-days <days>', t('charter.cli.tellDays'))
    .option('--measure-again', t('charter.cli.measureAgain'))
    .option('--stop-from <severity>', t('charter.cli.stopFrom'))
    .option('--schema <file>', t('charter.cli.schema'))
    .action(async (options) => (await import('./charter-init.ts')).initCharterCommand(options, context))
}
