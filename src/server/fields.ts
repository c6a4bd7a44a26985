import japanese from 'zod/v4/locales/ja.js'
import type { ProblemDetails } from '../contract/api.ts'
import type { CommandError, CommandFault } from '../contract/command-error.ts'
import { errorText } from '../report/error-text.ts'
import type { Language, Translate } from '../report/language.ts'

type FieldFaults = NonNullable<ProblemDetails['errors']>

/** Fields that go by another name than the option of the command line. */
const RENAMED: Readonly<Record<string, string>> = {
  claim: 'claims',
  metric: 'metrics',
  notified: 'holders',
  minShare: 'minimumShare',
}

/** The field of a request that a command refused, where it is one field: whoever fills in a form finds the message beside it. */
export function fieldFaults(t: Translate, error: CommandError): FieldFaults | undefined {
  const { fault } = error
  switch (fault.code) {
    case 'unknown-model':
    case 'ambiguous-model':
      return [{ at: 'model', message: errorText(t, error) }]
    case 'unknown-site':
      return [{ at: 'site', message: errorText(t, error) }]
    case 'not-a-holder':
      return [{ at: 'holders', message: errorText(t, error) }]
    case 'missing-option':
    case 'option-needed':
    case 'bad-option':
    case 'bad-number':
    case 'option-not-usable':
    case 'option-twice':
      return ofOption(t, fault)
    default:
      return undefined
  }
}

function ofOption(t: Translate, fault: Extract<CommandFault, { option: string }>): FieldFaults | undefined {
  const at = fieldOf(fault.option)
  return at === null ? undefined : [{ at, message: optionMessage(t, fault) }]
}

/** `--time-format` as `timeFormat`; null where it is not one option. */
function fieldOf(option: string): string | null {
  const [, name] = /^(?:--)?([a-z][a-z-]*)$/.exec(option) ?? []
  if (name === undefined) return null
  const field = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
  return RENAMED[field] ?? field
}

function optionMessage(t: Translate, fault: Extract<CommandFault, { option: string }>): string {
  switch (fault.code) {
    case 'missing-option':
    case 'option-needed':
      return t('serve.field.needed')
    case 'bad-option':
      return fault.takes === undefined
        ? t('serve.field.refused', { value: fault.value })
        : t('serve.field.takes', { value: fault.value, takes: fault.takes })
    case 'option-not-usable':
      return t('serve.field.takes', { value: fault.value, takes: fault.expected })
    case 'option-twice':
      return t('serve.field.twice', { value: fault.second })
    default:
      return t('serve.field.refused', { value: fault.value })
  }
}

interface Issue {
  path: readonly PropertyKey[]
  message: string
}

const { localeError } = japanese()

/** What a schema finds wrong with a request, in the language asked for; schemas speak English. */
export function schemaFaults(issues: readonly Issue[], language: Language): FieldFaults {
  return issues.map((issue) => ({ at: issue.path.join('.'), message: messageIn(issue, language) }))
}

function messageIn(issue: Issue, language: Language): string {
  const said = language === 'ja' ? localeError(issue as Parameters<typeof localeError>[0]) : null
  return (typeof said === 'string' ? said : said?.message) ?? issue.message
}
