import type { Command } from 'commander'
import type { CommandContext } from './context.ts'
import { common, repeatable } from './options.ts'

/** The commands by which a model's history leaves one house and enters another. */
export function addPassportCommands(program: Command, context: CommandContext): void {
  addPassport(program, context)
  addVerify(program, context)
  addSign(program, context)
  addExchange(program, context)
}

function examples({ t }: CommandContext, lines: readonly string[]): string {
  return ['', t('cli.examples'), ...lines.map((line) => `  yukue ${line}`)].join('\n')
}

function addPassport(program: Command, context: CommandContext): void {
  const { t } = context
  common(program.command('passport [model]'), context)
    .description(t('passport.cli.description'))
    .option('-o, --out <file>', t('passport.cli.out'))
    .addOption(repeatable('--key <key>', t('passport.cli.key')))
    .addOption(repeatable('--leave-out <kind>', t('passport.cli.leaveOut')))
    .option('--no-prints', t('passport.cli.noPrints'))
    .option('--share', t('passport.cli.share'))
    .option('--import <file>', t('passport.cli.import'))
    .action(async (model, options) => (await import('./passport-command.ts')).passportCommand(model, options, context))
    .addHelpText(
      'after',
      examples(context, [
        'passport models/chat.safetensors -o chat.yukuepassport',
        'passport chat --key vendor --leave-out observed --leave-out deployed',
        'passport --import chat.yukuepassport --key vendor.pub',
      ]),
    )
}

/** Whatever `yukue verify` is given is told apart by what it is: a passport by its first bytes, a bundle by --bundle, else a model. */
function addVerify(program: Command, context: CommandContext): void {
  const { t } = context
  common(program.command('verify <path>'), context)
    .description(`${t('cli.verify.description')} ${t('passport.cli.verifyDescription')}`)
    .option('--model <path>', t('passport.cli.verifyModel'))
    .addOption(repeatable('--key <key>', t('passport.cli.verifyKey')))
    .option('--bundle <file>', t('passport.cli.verifyBundle'))
    .option('--page <file>', t('passport.cli.page'))
    .option('--deep', t('cli.verify.deep'))
    .option('--parent <model>', t('cli.verify.parent'))
    .addOption(repeatable('--as <hint>', t('cli.scan.as')))
    .option('--threads <n>', t('cli.scan.threads'))
    .action(async (path, options) => (await import('./verify-dispatch.ts')).verifyAny(path, options, context))
    .addHelpText(
      'after',
      examples(context, [
        'verify models/chat',
        'verify --deep chat-Q8_0.gguf --parent models/chat',
        'verify chat.yukuepassport --key vendor.pub --model models/chat.safetensors',
        'verify chat.yukuepassport --key vendor.pub --page chat.html',
        'verify models/chat --bundle models/chat/model.sig --key vendor.pub.pem',
      ]),
    )
}

function addSign(program: Command, context: CommandContext): void {
  const { t } = context
  common(program.command('sign <path>'), context)
    .description(t('passport.cli.signDescription'))
    .option('--key <file>', t('passport.cli.signKey'))
    .option('--new-key', t('passport.cli.signNewKey'))
    .option('-o, --out <file>', t('passport.cli.signOut'))
    .option('--lineage', t('passport.cli.signLineage'))
    .action(async (path, options) => (await import('./sign-command.ts')).signCommand(path, options, context))
    .addHelpText(
      'after',
      examples(context, [
        'sign models/chat --key release.pem --new-key',
        'sign models/chat --key release.pem --lineage',
      ]),
    )
}

function addExchange(program: Command, context: CommandContext): void {
  const { t } = context
  common(program.command('bom <model>'), context)
    .description(t('passport.cli.bomDescription'))
    .option('-o, --out <file>', t('passport.cli.outFile'))
    .option('--import <file>', t('passport.cli.bomImport'))
    .action(async (model, options) => (await import('./exchange-command.ts')).bomCommand(model, options, context))
    .addHelpText('after', examples(context, ['bom chat -o chat.cdx.json', 'bom chat --import vendor.cdx.json']))
  common(program.command('card <model>'), context)
    .description(t('passport.cli.cardDescription'))
    .option('-o, --out <file>', t('passport.cli.outFile'))
    .option('--import <file>', t('passport.cli.cardImport'))
    .action(async (model, options) => (await import('./exchange-command.ts')).cardCommand(model, options, context))
    .addHelpText('after', examples(context, ['card chat', 'card chat --import models/chat/README.md']))
}
