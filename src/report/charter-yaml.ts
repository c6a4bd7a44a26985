import { stringify } from 'yaml'
import { CHARTER_SCHEMA, type Charter } from '../contract/charter.ts'
import type { Translate } from './language.ts'

/** What is known of a charter when it is first written. */
export type CharterDraft = Omit<Charter, 'schema'>

/** What a section looks like, for those that are left to be filled in by hand. */
const EXAMPLES: { [K in keyof CharterDraft]?: NonNullable<CharterDraft[K]> } = {
  inForce: { from: '2026-01-01', until: '2027-12-31' },
  holders: { allowed: ['Bank plc', 'team:Risk models'], confirmed: true },
  changes: {
    allowed: [
      { kind: 'converted' },
      { kind: 'quantised', bitsAtLeast: 4 },
      { kind: 'adapter-merged', rankAtMost: 16, on: ['q_proj', 'v_proj'] },
      { kind: 'merged', parents: 'commercial' },
    ],
  },
  uses: { purposes: ['credit scoring'], refused: ['hiring'], jurisdictions: ['JP'], groups: ['sex', 'age'] },
  limits: { impactRatioAtLeast: 0.8, flipsAtMost: 0.02, flipsByGroupAtMost: 0.03, auditAgeAtMostDays: 365 },
  evidence: { build: ['origin', 'licence', 'evaluation'], distribution: ['confirmed-hand-over'], operation: ['audit'] },
  incidents: { tellHoldersWithinDays: 3, measureAgain: true, stopUseFrom: 'high' },
  contacts: [{ name: 'Head of Risk', for: ['departure', 'incident'], withinDays: 5, reach: 'risk@example.com' }],
  rules: ['eu-ai-act', 'licences'],
}

const ORDER = ['inForce', 'holders', 'changes', 'uses', 'limits', 'evidence', 'incidents', 'contacts', 'rules'] as const

/**
 * A charter as commented YAML. What nobody has decided stands in comments, so that the file says what could be agreed without agreeing to
 * it. `schema`: path of the JSON Schema, for editors.
 */
export function renderCharterYaml(draft: CharterDraft, { t, schema }: { t: Translate; schema: string }): string {
  const { name, title, models, accountable } = draft
  const blocks = [
    [
      `# yaml-language-server: $schema=${schema}`,
      ...comment(t('charter.comment.head')),
      ...comment(t('charter.comment.next')),
    ],
    [yaml({ schema: CHARTER_SCHEMA })],
    [...comment(t('charter.comment.name')), yaml(title === undefined ? { name } : { name, title })],
    [...comment(t('charter.comment.models')), yaml({ models })],
    [...comment(t('charter.comment.accountable')), yaml({ accountable })],
    ...ORDER.map((section) => [...comment(t(`charter.comment.${section}`)), sectionText(section, draft)]),
  ]
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function sectionText(section: (typeof ORDER)[number], draft: CharterDraft): string {
  const agreed = draft[section]
  if (agreed !== undefined) return yaml({ [section]: agreed })
  return yaml({ [section]: EXAMPLES[section] }).replace(/^/gm, '# ')
}

function yaml(value: unknown): string {
  return stringify(value, { lineWidth: 0 }).trimEnd()
}

function comment(text: string): string[] {
  return text.split('\n').map((line) => `# ${line}`)
}
