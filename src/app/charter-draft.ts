import {
  type AllowedChange,
  CHARTER_STEPS,
  type Charter,
  type CharterContact,
  CONTACT_MATTERS,
  EVIDENCE,
  INCIDENT_SEVERITIES,
} from '../contract/charter.ts'
import { CommandError } from '../contract/command-error.ts'

/** A charter's matters as typed: as options of a command, or as answers to questions. */
export interface CharterWords {
  name?: string | undefined
  title?: string | undefined
  model?: string[] | undefined
  accountable?: string | undefined
  from?: string | undefined
  until?: string | undefined
  holder?: string[] | undefined
  confirmed?: boolean | undefined
  change?: string[] | undefined
  purpose?: string[] | undefined
  refuse?: string[] | undefined
  jurisdiction?: string[] | undefined
  group?: string[] | undefined
  impactRatio?: string | undefined
  flips?: string | undefined
  flipsByGroup?: string | undefined
  auditDays?: string | undefined
  evaluationDays?: string | undefined
  evidence?: string[] | undefined
  contact?: string[] | undefined
  rules?: string[] | undefined
  tellDays?: string | undefined
  measureAgain?: boolean | undefined
  stopFrom?: string | undefined
}

/** What a charter is made from: at least its name, its models and who answers for it. */
export function draftFrom(words: CharterWords): Omit<Charter, 'schema'> {
  const { name, title, model, accountable } = words
  if (name === undefined) throw new CommandError({ code: 'missing-option', option: '--name' })
  if (model === undefined || model.length === 0) throw new CommandError({ code: 'missing-option', option: '--model' })
  if (accountable === undefined) throw new CommandError({ code: 'missing-option', option: '--accountable' })
  return { name, ...given({ title }), models: model, accountable, ...sectionsFrom(words) }
}

/** What single answers come to; each is refused by itself where it cannot be read. */
export function sectionsFrom(words: CharterWords): Omit<Charter, 'schema' | 'name' | 'models' | 'accountable'> {
  const { holder, confirmed, change } = words
  return given({
    inForce: section({ from: words.from, until: words.until }),
    holders: holder === undefined ? undefined : { allowed: holder, ...given({ confirmed }) },
    changes: change === undefined ? undefined : { allowed: change.flatMap(changesFrom) },
    uses: section({
      purposes: words.purpose,
      refused: words.refuse,
      jurisdictions: words.jurisdiction,
      groups: words.group,
    }),
    limits: section({
      impactRatioAtLeast: numberFrom('--impact-ratio', words.impactRatio),
      flipsAtMost: numberFrom('--flips', words.flips),
      flipsByGroupAtMost: numberFrom('--flips-by-group', words.flipsByGroup),
      auditAgeAtMostDays: numberFrom('--audit-days', words.auditDays),
      evaluationAgeAtMostDays: numberFrom('--evaluation-days', words.evaluationDays),
    }),
    evidence: words.evidence === undefined ? undefined : evidenceFrom(words.evidence),
    contacts: words.contact?.map(contactFrom),
    rules: words.rules,
    incidents: section({
      tellHoldersWithinDays: numberFrom('--tell-days', words.tellDays),
      measureAgain: words.measureAgain,
      stopUseFrom: words.stopFrom === undefined ? undefined : oneOf('--stop-from', words.stopFrom, INCIDENT_SEVERITIES),
    }),
  })
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

function given<T extends object>(values: T): Given<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>
}

/** Undefined where nothing in it is said. */
function section<T extends object>(values: T): Given<T> | undefined {
  const said = given(values)
  return Object.keys(said).length === 0 ? undefined : said
}

function numberFrom(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new CommandError({ code: 'bad-number', option, value: text })
  return value
}

function oneOf<const T extends string>(option: string, value: string, values: readonly T[]): T {
  const found = values.find((each) => each === value.trim())
  if (found === undefined) throw new CommandError({ code: 'bad-option', option, value, takes: values.join(', ') })
  return found
}

/** `none`, or a kind with its limit behind colons: `quantised:4`, `adapter-merged:16:q_proj,v_proj`, `merged:commercial`, `pruned:0.5`. */
function changesFrom(text: string): AllowedChange[] {
  const [kind = '', first, second] = text.split(':').map((part) => part.trim())
  if (kind === 'none') return []
  const limit = first === '' ? undefined : first
  switch (kind) {
    case 'quantised':
      return [{ kind, ...given({ bitsAtLeast: numberFrom('--change', limit) }) }]
    case 'adapter':
    case 'adapter-merged': {
      const on = second?.split(',').map((part) => part.trim())
      return [{ kind, ...given({ rankAtMost: numberFrom('--change', limit), on }) }]
    }
    case 'merged': {
      const parents =
        limit === undefined ? undefined : oneOf('--change', limit, ['any', 'commercial', 'under-this-charter'])
      return [{ kind, ...given({ parents }) }]
    }
    case 'pruned':
      return [{ kind, ...given({ sparsityAtMost: numberFrom('--change', limit) }) }]
    default:
      // the charter is read again before it is written, and names kinds that there are not
      return [{ kind } as AllowedChange]
  }
}

/** `build:evaluation,licence` */
function evidenceFrom(texts: readonly string[]): NonNullable<Charter['evidence']> {
  const evidence: NonNullable<Charter['evidence']> = {}
  for (const text of texts) {
    const [step = '', names = ''] = text.split(':')
    const wanted = names.split(',').map((name) => oneOf('--evidence', name, EVIDENCE))
    const known = oneOf('--evidence', step, CHARTER_STEPS)
    evidence[known] = [...(evidence[known] ?? []), ...wanted]
  }
  return evidence
}

/** `Head of Risk:5`, `Head of Risk:5:incident,departure` */
function contactFrom(text: string): CharterContact {
  const [, name = '', within = '', matters] = /^(.+?):\s*(\d+)(?::(.*))?$/su.exec(text) ?? []
  if (name.trim() === '') throw new CommandError({ code: 'bad-option', option: '--contact', value: text })
  const matter = matters?.split(',').map((each) => oneOf('--contact', each, CONTACT_MATTERS))
  return { name: name.trim(), ...(matter ? { for: matter } : {}), withinDays: Number(within) }
}
