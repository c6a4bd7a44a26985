import { describe, expect, it } from 'vitest'
import type { FactValue } from '../../src/govern/facts.ts'
import { compiled, judge } from '../../src/govern/judge.ts'
import { PACKS } from '../../src/govern/packs/packs.ts'
import { factsOf } from '../builders/facts.ts'

type Values = Record<string, FactValue>

const { rules, faults } = compiled(PACKS)
const eu = { inUnion: true, highRisk: true, role: 'deployer', area: 'credit' }
const nyc = { inNewYorkCity: true, area: 'employment' }
const us = { inUnitedStates: true, area: 'credit', auditCoversModel: true }
const jp = { inJapan: true, actorNamed: true, role: 'deployer', highRisk: true, meetsPeople: true }
const gpai = { isDerived: true, generalPurpose: true, onlyOutsideUnion: false, gpaiDocumented: false }

/** Of each rule: facts by which it is met, what makes of them a departure, and the fact without which nothing is decided. */
const CASES: Record<string, [meets: Values, departs: Values, asked: string, asOf?: string]> = {
  'eu-ai-act/provider-by-name': [{ ...eu, rebranded: false }, { rebranded: true }, 'rebranded'],
  'eu-ai-act/provider-by-modification': [
    { ...eu, deployerModified: false },
    { deployerModified: true },
    'deployerModified',
  ],
  'eu-ai-act/provider-by-purpose': [
    { ...eu, purposeBecameHighRisk: false },
    { purposeBecameHighRisk: true },
    'purposeBecameHighRisk',
  ],
  'eu-ai-act/high-risk': [{ ...eu, conformity: true }, { conformity: false }, 'conformity'],
  'eu-ai-act/monitoring': [{ ...eu, monitored: true }, { monitored: false }, 'monitored'],
  'eu-ai-act/logs': [{ ...eu, logRetentionMonths: 6 }, { logRetentionMonths: 5.9 }, 'logRetentionMonths'],
  'eu-ai-act/feedback-loops': [
    { ...eu, feedbackMeasured: false },
    { feedbackMeasured: true, feedbackMitigated: false },
    'feedbackMeasured',
  ],
  'eu-ai-act/transparency': [
    { inUnion: true, meetsPeople: true, transparency: true },
    { transparency: false },
    'transparency',
  ],
  'eu-ai-act/gpai-modifier': [
    { ...gpai, modificationExceedsThird: false },
    { modificationExceedsThird: true },
    'modificationExceedsThird',
  ],
  'nyc-ll144/audit-age': [
    { ...nyc, auditOverAYear: false, auditCoversModel: true },
    { auditOverAYear: true },
    'auditOverAYear',
  ],
  'nyc-ll144/summary': [
    { ...nyc, auditSummaryPublished: true },
    { auditSummaryPublished: false },
    'auditSummaryPublished',
  ],
  'nyc-ll144/notice': [{ ...nyc, candidateNotice: true }, { candidateNotice: false }, 'candidateNotice'],
  'us-lending/effects-test': [
    { ...us, lowestImpactRatio: 0.8 },
    { lowestImpactRatio: 0.78997 },
    'lowestImpactRatio',
    '2026-07-20',
  ],
  'us-lending/measured': [{ ...us, lowestImpactRatio: 0.5 }, { auditCoversModel: false }, 'lowestImpactRatio'],
  'us-lending/state-law': [{ ...us, stateLawReviewed: true }, { stateLawReviewed: false }, 'stateLawReviewed'],
  'jp-guidelines/roles': [jp, { role: 'tester' }, 'role'],
  'jp-guidelines/role-fits': [{ ...jp, deployerModified: false }, { deployerModified: true }, 'deployerModified'],
  'jp-guidelines/purpose': [
    { ...jp, purpose: '検索', purposeBecameHighRisk: false },
    { purposeBecameHighRisk: true },
    'purpose',
  ],
  'jp-guidelines/oversight': [{ ...jp, humanOversight: true }, { humanOversight: false }, 'humanOversight'],
  'jp-guidelines/transparency': [{ ...jp, transparency: true }, { transparency: false }, 'transparency'],
  'licences/known': [{ licencesKnown: true }, { licencesKnown: false }, 'licencesKnown'],
  'licences/non-commercial': [
    { nonCommercialInherited: true, ownLicenceNonCommercial: true, commercialUse: false },
    { commercialUse: true },
    'commercialUse',
  ],
  'licences/no-derivatives': [
    { isDerived: true, noDerivativesInherited: false },
    { noDerivativesInherited: true },
    'noDerivativesInherited',
  ],
  'licences/compatible': [
    { isDerived: true, licencesCompatible: true },
    { licencesCompatible: false },
    'licencesCompatible',
  ],
  'licences/apache-notice': [{ apacheInherited: true, apacheNotice: true }, { apacheNotice: false }, 'apacheNotice'],
  'licences/attribution-notice': [
    { attributionInherited: true, attributionNotice: true },
    { attributionNotice: false },
    'attributionNotice',
  ],
  'licences/gemma-notice': [{ gemmaInherited: true, gemmaNotice: true }, { gemmaNotice: false }, 'gemmaNotice'],
  'licences/openrail-notice': [
    { openrailInherited: true, isDerived: true, openrailNotice: true },
    { openrailNotice: false },
    'openrailNotice',
  ],
  'licences/llama-notice': [{ llamaInherited: true, llamaNotice: true }, { llamaNotice: false }, 'llamaNotice'],
  'licences/llama-name': [
    { llamaInherited: true, nameBeginsLlama: true },
    { nameBeginsLlama: false },
    'nameBeginsLlama',
  ],
  'licences/openrail-use': [{ openrailInherited: true, area: 'conversation' }, { area: 'justice' }, 'area'],
  'licences/gemma-use': [{ gemmaInherited: true, area: 'conversation' }, { area: 'biometrics' }, 'area'],
  'safety/evaluated': [
    { safetyEvaluatedBefore: true, safetyEvaluated: true },
    { safetyEvaluated: false },
    'safetyEvaluated',
  ],
  'safety/ablated': [{ ablated: false }, { ablated: true }, 'ablated'],
  'safety/incidents': [{ openIncidents: 0 }, { openIncidents: 1 }, 'openIncidents'],
  'safety/exposed': [{ isDerived: true, inheritedIncidents: 0 }, { inheritedIncidents: 2 }, 'inheritedIncidents'],
  'safety/site-weights': [{ weightsAsApproved: true }, { weightsAsApproved: false }, 'weightsAsApproved'],
  'safety/site-files': [{ sideFilesAsApproved: true }, { sideFilesAsApproved: false }, 'sideFilesAsApproved'],
}

it('every expression of the packs fits the facts that there are', () => {
  expect(faults).toEqual([])
})

it('every rule of the packs has its cases', () => {
  expect(Object.keys(CASES).sort()).toEqual(rules.map(({ rule }) => rule.id).sort())
})

describe.each(rules.map((each) => [each.rule.id, each] as const))('%s', (id, each) => {
  const [meets, departs, asked, asOf] = CASES[id]!
  const site = each.rule.scope === 'site' ? 'desk' : null
  const told = (values: Values) => judge(factsOf(values, site, asOf), [each])[0]

  it('is met', () => {
    expect(told(meets)).toMatchObject({ verdict: 'meets', applies: true, todo: null })
  })

  it('departs', () => {
    expect(told({ ...meets, ...departs })).toMatchObject({
      verdict: 'departs',
      applies: true,
      todo: expect.any(String),
    })
  })

  it('is undecided without what it asks, and says what would settle it', () => {
    const { [asked]: _, ...rest } = meets
    expect(told(rest)).toMatchObject({
      verdict: 'undecided',
      reason: expect.stringContaining('Not known'),
      todo: expect.stringMatching(/./),
    })
  })

  it('speaks both languages', () => {
    const { title, reasons, todo } = each.rule
    for (const texts of [title, reasons.meets, reasons.departs, reasons.undecided, todo]) {
      expect(texts.ja).toMatch(/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u)
      expect(texts.en).toMatch(/[a-z]/)
    }
  })
})
