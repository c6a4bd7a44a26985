import type { LogFault } from '../contract/log-fault.ts'
import { shown } from './escape.ts'
import type { Translate } from './language.ts'

/** A value from a log, in a sentence. */
const VALUE_CHARACTERS = 80

/** Why a decision log could not be used: what, where, what to do. */
export function logFaultText(t: Translate, fault: LogFault): string {
  switch (fault.code) {
    case 'no-such-column':
      return t('logFault.no-such-column', fault)
    case 'duplicate-column':
      return t('logFault.duplicate-column', fault)
    case 'empty-log':
      return t('logFault.empty-log', fault)
    case 'unknown-log-format':
      return t('logFault.unknown-log-format', fault)
    case 'malformed-log':
      return fault.row > 0 ? t('logFault.malformed-log-row', fault) : t('logFault.malformed-log', fault)
    case 'not-utf8':
      return t('logFault.not-utf8', fault)
    case 'bad-value': {
      const { format } = fault
      const expected =
        format === undefined ? t(`logFault.expected.${fault.expected}`) : t('logFault.expected.format', { format })
      return t('logFault.bad-value', { ...fault, value: shown(fault.value, VALUE_CHARACTERS), expected })
    }
    case 'favourable-absent':
      return t('logFault.favourable-absent', fault)
    case 'favourable-ambiguous':
      return t('logFault.favourable-ambiguous', fault)
    case 'too-many-cells':
      return t('logFault.too-many-cells', fault)
    case 'option-needed':
      return t('logFault.option-needed', fault)
    case 'option-not-usable':
      return t('logFault.option-not-usable', fault)
    case 'option-twice':
      return t('logFault.option-twice', fault)
    case 'duplicate-key':
      return t('logFault.duplicate-key', fault)
    case 'nothing-in-common':
      return t('logFault.nothing-in-common', fault)
    case 'engine-missing':
      return t('logFault.engine-missing', fault)
    case 'model-not-runnable':
      return t('logFault.model-not-runnable', fault)
    case 'endpoint-failed':
      return t('logFault.endpoint-failed', fault)
  }
}
