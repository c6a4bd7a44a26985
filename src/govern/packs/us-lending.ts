import type { Pack } from '../rule.ts'

/** The effects test of Regulation B was removed with effect from then; ratios stay what they are, measurements. */
const REMOVED = '2026-07-21'
const APPLIES = 'inUnitedStates && area == "credit"'

export const US_LENDING: Pack = {
  name: 'us-lending',
  title: { en: 'Lending in the United States', ja: '米国の融資' },
  rules: [
    {
      id: 'us-lending/effects-test',
      scope: 'site',
      source: '12 CFR Part 1002 (Regulation B), § 1002.6(a) and comment 6(a)-2, as in force until 20 July 2026',
      from: null,
      until: REMOVED,
      applies: APPLIES,
      requires: 'lowestImpactRatio >= 0.8',
      title: { en: 'No group is approved at less than four fifths', ja: '承認率が5分の4を下回る集団がない' },
      reasons: {
        meets: {
          en: 'The lowest impact ratio is {{lowestImpactRatio}} ({{lowestImpactGroup}}).',
          ja: 'インパクト比の最小値は {{lowestImpactRatio}}({{lowestImpactGroup}})です。',
        },
        departs: {
          en: 'The impact ratio of {{lowestImpactGroup}} is {{lowestImpactRatio}}, below four fifths: a business justification is owed.',
          ja: '{{lowestImpactGroup}} のインパクト比は {{lowestImpactRatio}} で5分の4を下回り、業務上の正当化が必要です。',
        },
        undecided: { en: 'No impact ratio can be compared.', ja: '比較できるインパクト比がありません。' },
      },
      todo: {
        en: 'justify the criterion or look for a less discriminatory one',
        ja: '基準を正当化するか、より差別的でない基準を探す',
      },
    },
    {
      id: 'us-lending/measured',
      scope: 'site',
      source:
        'Regulation B as amended with effect from 21 July 2026: no effects test; 12 CFR § 1002.4(a) (disparate treatment) stands',
      from: REMOVED,
      until: null,
      applies: APPLIES,
      requires: 'auditCoversModel && lowestImpactRatio >= 0.0',
      title: {
        en: 'Ratios by group are measured for the model in use',
        ja: '使用中のモデルについて集団別の比が測定されている',
      },
      reasons: {
        meets: {
          en: 'Measured: the lowest impact ratio is {{lowestImpactRatio}} ({{lowestImpactGroup}}). Federal law sets no threshold since 21 July 2026.',
          ja: '測定済み: インパクト比の最小値は {{lowestImpactRatio}}({{lowestImpactGroup}})。2026年7月21日以降、連邦法の閾値はありません。',
        },
        departs: {
          en: 'What was measured at this site is another model than the one in use.',
          ja: 'この現場で測定されたのは使用中のものとは別のモデルです。',
        },
        undecided: {
          en: 'Ratios by group of the model in use are not on record.',
          ja: '使用中のモデルの集団別の比が記録されていません。',
        },
      },
      todo: { en: 'measure the decisions of the model in use', ja: '使用中のモデルの判断を測定する' },
    },
    {
      id: 'us-lending/state-law',
      scope: 'site',
      source: 'State law on disparate impact in credit, which the federal amendment of 21 July 2026 leaves as it is',
      from: REMOVED,
      until: null,
      applies: APPLIES,
      requires: 'stateLawReviewed',
      title: { en: 'State law was reviewed', ja: '州法が確認されている' },
      reasons: {
        meets: { en: 'A review of state law is on record.', ja: '州法の確認が記録されています。' },
        departs: {
          en: 'State law was not reviewed, and may differ.',
          ja: '州法が確認されていません。連邦法と異なることがあります。',
        },
        undecided: {
          en: 'State law may differ; whether it was reviewed cannot be told.',
          ja: '州法は異なることがあり、確認されたかどうか判断できません。',
        },
      },
      todo: { en: 'have state law reviewed', ja: '州法を確認する' },
    },
  ],
}
