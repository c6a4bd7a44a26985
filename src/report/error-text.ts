import { CommandError, type CommandFault } from '../contract/command-error.ts'
import { charterFaultText } from './charter-fault-text.ts'
import { shown, visible } from './escape.ts'
import type { Translate } from './language.ts'
import { logFaultText } from './log-fault-text.ts'
import { problemMessage } from './problem-text.ts'

/** One line for a command that could not be carried out. */
export function errorText(t: Translate, error: unknown): string {
  if (error instanceof CommandError) return shown(faultText(t, error.fault), 2_000)
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return t('cli.error.unexpected', { message: message.split('\n').map(visible).join('\n') })
}

function faultText(t: Translate, fault: CommandFault): string {
  switch (fault.code) {
    case 'bad-hint':
      return t('cli.error.badHint', fault)
    case 'bad-number':
      return t('cli.error.badNumber', fault)
    case 'no-such-path':
      return t('cli.error.noSuchPath', fault)
    case 'nothing-scanned':
      return t('cli.error.nothingScanned')
    case 'unknown-model':
      return t('cli.error.unknownModel', fault)
    case 'ambiguous-model':
      return t('cli.error.ambiguousModel', fault)
    case 'no-model-given':
      return t('cli.error.noModelGiven')
    case 'no-parent-given':
      return t('cli.error.noParentGiven', fault)
    case 'no-weights-at-hand':
      return t('cli.error.noWeightsAtHand', fault)
    case 'unreadable-model':
      return t('cli.error.unreadableModel', { path: fault.problem.path, reason: problemMessage(t, fault.problem) })
    case 'cannot-write':
      return t('cli.error.cannotWrite', fault)
    case 'bad-option':
      return fault.takes === undefined
        ? t('cli.error.badValue', fault)
        : t('cli.error.badValueTakes', { ...fault, takes: fault.takes })
    case 'missing-option':
      return t('cli.error.missingOption', fault)
    case 'key-exists':
      return t('cli.error.keyExists', fault)
    case 'no-such-key':
      return t('cli.error.noSuchKey', fault)
    case 'locked-key':
      return t('cli.error.lockedKey', fault)
    case 'bad-key-file':
      return t('cli.error.badKeyFile', fault)
    case 'bad-file':
      return t(`cli.error.badFile.${fault.what}`, fault)
    case 'bad-given-file':
      return t(`passport.error.badFile.${fault.what}`, fault)
    case 'newer-passport':
      return t('passport.error.newer', fault)
    case 'refused-passport':
      return t(`passport.error.refused.${fault.why}`, fault)
    case 'empty-ledger':
      return t('cli.error.emptyLedger')
    case 'no-such-statement':
      return t('serve.error.noSuchStatement', fault)
    case 'outside-roots':
      return t('serve.error.outsideRoots', fault)
    case 'port-taken':
      return t('serve.error.portTaken', fault)
    case 'no-such-token':
      return t('serve.error.noSuchToken', fault)
    case 'no-such-job':
      return t('serve.error.noSuchJob', fault)
    case 'refused-statement':
      return t(`serve.error.refusedStatement.${fault.why}`)
    case 'unknown-site':
      return t('cli.error.unknownSite', fault)
    case 'bad-charter':
      return charterFaultText(t, fault.path, fault.fault)
    case 'unknown-charter':
      return t('charter.error.unknown', fault)
    case 'no-charter-version':
      return t('charter.error.noVersion', fault)
    case 'charter-not-in-force':
      return t('charter.error.notInForce', fault)
    case 'no-dossier-subject':
      return t('dossier.error.unknown', fault)
    case 'no-incident':
      return t('recall.error.noIncident', fault)
    case 'not-a-holder':
      return t('recall.error.notAHolder', fault)
    case 'cannot-ask':
      return t('charter.error.cannotAsk', fault)
    case 'unknown-pack':
      return t('check.error.unknownPack', { pack: fault.pack, known: fault.known.join(', ') })
    case 'bad-rules':
      return t('check.error.badRules', { path: fault.path, faults: fault.faults.slice(0, 20).join('; ') })
    case 'no-check-subject':
      return t('check.error.noSubject')
    case 'refused-receipt':
      return t(`cli.error.receipt.${fault.why}`, fault)
    case 'refused-checkpoint':
      return t(`cli.error.checkpoint.${fault.why}`, fault)
    case 'estate-not-empty':
      return t('cli.error.estateNotEmpty', fault)
    case 'cannot-read':
      return t('cli.error.cannotRead', fault)
    case 'estate-corrupt':
      return t('cli.error.estateCorrupt', fault)
    case 'estate-newer':
      return t('cli.error.estateNewer', fault)
    case 'estate-busy':
      return t('cli.error.estateBusy', fault)
    case 'estate-unusable':
      return t('cli.error.estateUnusable', fault)
    default:
      return logFaultText(t, fault)
  }
}
