import type { ClaimSubject } from '../../contract/claim-subjects.ts'

/** What claims are of, in English. */
export const enClaims = {
  base: 'base',
  licence: 'licence',
  quantisation: 'quantisation',
  name: 'name',
  other: 'other',
  'training-flop': 'training compute (FLOP)',
  'general-purpose': 'general-purpose model',
  'systemic-risk': 'systemic risk',
  'gpai-documentation': 'documentation of a general-purpose model',
  'intended-purpose': 'intended purpose',
  commercial: 'commercial use',
  notice: 'notices passed on',
  'licence-decision': 'decision on licences',
  rebranded: 'used under another name or mark',
  monitoring: 'monitoring',
  'log-retention': 'retention of logs',
  conformity: 'conformity assessment',
  transparency: 'people are told',
  'human-oversight': 'human oversight',
  'feedback-loop': 'feedback loop',
  'audit-summary': 'published audit summary',
  'candidate-notice': 'notice to candidates',
  'state-law': 'review of state law',
} as const satisfies Record<ClaimSubject, string>

/** The English texts of `yukue check` (en.ts). */
export const enCheck = {
  check: {
    verdict: { meets: 'meets', departs: 'departs', undecided: 'undecided' },
    sign: { meets: '✓', departs: '✗', undecided: '?' },
    heading: '{{name}}, as of {{asOf}}: {{verdict}}',
    headingSite: 'Site {{name}}, as of {{asOf}}: {{verdict}}',
    all: 'As of {{asOf}}: {{departs, number}} depart, {{undecided, number}} undecided, {{meets, number}} meet',
    atSite: '{{title}} (site {{site}})',
    source: 'Source',
    todo: 'To do',
    who: 'Who',
    by: 'By',
    fact: '{{name}} = {{value}} ({{status}})',
    notApplicable_one: '{{count, number}} rule does not apply, or is not in force; --json lists it',
    notApplicable_other: '{{count, number}} rules do not apply, or are not in force; --json lists them',
    met_one: '{{count, number}} rule is met',
    met_other: '{{count, number}} rules are met',
    more_one: 'and {{count, number}} more that is not shown; check it by its name',
    more_other: 'and {{count, number}} more that are not shown; check them by their names',
    error: {
      unknownPack: 'there is no pack {{pack}}: name one of {{known}}',
      badRules:
        '{{path}} has rules that cannot be used; correct them as schema/rules.schema.json and docs/check.md say: {{faults}}',
      noSubject: 'say what to check: --model MODEL, --site SITE or --all, and one of them only',
    },
    nothing: 'No rule was asked: nothing is decided.',
    progress: {
      reading: 'reading the record: {{done, number}} of {{total, number}}',
      judging: 'judging: {{done, number}} of {{total, number}} models',
    },
  },
} as const
