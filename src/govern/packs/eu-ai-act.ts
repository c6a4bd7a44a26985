import type { Pack } from '../rule.ts'

/**
 * Regulation (EU) 2024/1689 as amended by Regulation (EU) 2026/1744, which puts the duties for high-risk systems of Annex III off to 2
 * December 2027. Chapter V holds since 2 August 2025, Article 50 since 2 August 2026.
 */
const HIGH_RISK_FROM = '2027-12-02'
const AMENDED = 'as applicable under Regulation (EU) 2026/1744'

export const EU_AI_ACT: Pack = {
  name: 'eu-ai-act',
  title: { en: 'EU AI Act', ja: 'EU AI 法' },
  rules: [
    {
      id: 'eu-ai-act/provider-by-name',
      scope: 'site',
      source: `Regulation (EU) 2024/1689, Art. 25(1)(a), ${AMENDED}`,
      from: HIGH_RISK_FROM,
      until: null,
      applies: 'inUnion && highRisk && role == "deployer"',
      requires: '!rebranded',
      title: {
        en: 'Whoever puts their name on a high-risk system is its provider',
        ja: '高リスクシステムに自らの名称を付ける者は提供者となる',
      },
      reasons: {
        meets: {
          en: 'It is used under the name of its provider.',
          ja: '提供者の名称のまま使われています。',
        },
        departs: {
          en: 'It is used under a name or mark of the deployer, who is recorded as deployer only: under Art. 25(1)(a) the duties of a provider apply.',
          ja: '利用者の名称・商標で使われていますが、役割は利用者としか記録されていません。第25条1項(a)により提供者の義務が適用されます。',
        },
        undecided: {
          en: 'Whether the deployer has become the provider by its name cannot be told.',
          ja: '名称により利用者が提供者になったかどうか判断できません。',
        },
      },
      todo: {
        en: 'record the role provider and meet Art. 16, or use it under its provider’s name',
        ja: '役割を提供者として記録し第16条の義務を果たすか、提供者の名称で使う',
      },
    },
    {
      id: 'eu-ai-act/provider-by-modification',
      scope: 'site',
      source: `Regulation (EU) 2024/1689, Art. 25(1)(b), ${AMENDED}`,
      from: HIGH_RISK_FROM,
      until: null,
      applies: 'inUnion && highRisk && role == "deployer"',
      requires: '!deployerModified',
      title: {
        en: 'Whoever substantially modifies a high-risk system is its provider',
        ja: '高リスクシステムを実質的に変更する者は提供者となる',
      },
      reasons: {
        meets: {
          en: 'Whoever uses it has not modified the model, as far as its weights tell.',
          ja: '重みから分かる限り、使う者はモデルを改変していません。',
        },
        departs: {
          en: 'Whoever uses it has modified the model ({{changes}}) and is recorded as deployer only: under Art. 25(1)(b) the duties of a provider apply.',
          ja: '使う者がモデルを改変し({{changes}})、役割は利用者としか記録されていません。第25条1項(b)により提供者の義務が適用されます。',
        },
        undecided: {
          en: 'Whether the deployer has modified the model cannot be told.',
          ja: '利用者がモデルを改変したかどうか判断できません。',
        },
      },
      todo: {
        en: 'record the role provider and meet Art. 16, or put the approved model back in place',
        ja: '役割を提供者として記録し第16条の義務を果たすか、承認されたモデルに戻す',
      },
    },
    {
      id: 'eu-ai-act/provider-by-purpose',
      scope: 'site',
      source: `Regulation (EU) 2024/1689, Art. 25(1)(c), ${AMENDED}`,
      from: HIGH_RISK_FROM,
      until: null,
      applies: 'inUnion && highRisk && role == "deployer"',
      requires: '!purposeBecameHighRisk',
      title: {
        en: 'Whoever gives a system a high-risk purpose is its provider',
        ja: 'システムに高リスクの目的を与える者は提供者となる',
      },
      reasons: {
        meets: {
          en: 'The purpose ({{area}}) is one that the provider intends.',
          ja: '目的({{area}})は提供者が意図したものです。',
        },
        departs: {
          en: 'The purpose was changed to one of Annex III ({{area}}) by a deployer: under Art. 25(1)(c) the duties of a provider apply.',
          ja: '利用者が目的を附属書IIIのもの({{area}})に変えました。第25条1項(c)により提供者の義務が適用されます。',
        },
        undecided: {
          en: 'Whether the purpose has become high-risk here cannot be told.',
          ja: '目的がここで高リスクになったかどうか判断できません。',
        },
      },
      todo: {
        en: 'record the role provider and meet Art. 16, or return to the intended purpose',
        ja: '役割を提供者として記録し第16条の義務を果たすか、意図された目的に戻す',
      },
    },
    {
      id: 'eu-ai-act/high-risk',
      scope: 'site',
      source: `Regulation (EU) 2024/1689, Art. 6(2), Annex III (points 4 and 5(b) among them), Art. 43, ${AMENDED}`,
      from: HIGH_RISK_FROM,
      until: null,
      applies: 'inUnion && highRisk',
      requires: 'conformity',
      title: {
        en: 'A high-risk use has been assessed for conformity',
        ja: '高リスクの利用は適合性評価を受けている',
      },
      reasons: {
        meets: { en: 'Conformity for {{area}} is on record.', ja: '{{area}} の適合性評価が記録されています。' },
        departs: {
          en: 'The purpose ({{area}}) is high-risk under Annex III, and conformity was not assessed.',
          ja: '目的({{area}})は附属書IIIの高リスクですが、適合性評価が行われていません。',
        },
        undecided: {
          en: 'Whether this is a high-risk use assessed for conformity cannot be told.',
          ja: '適合性評価を受けた高リスクの利用かどうか判断できません。',
        },
      },
      todo: {
        en: 'have conformity assessed before it is used on',
        ja: '使い続ける前に適合性評価を受ける',
      },
    },
    {
      id: 'eu-ai-act/monitoring',
      scope: 'site',
      source: `Regulation (EU) 2024/1689, Art. 26(5), ${AMENDED}`,
      from: HIGH_RISK_FROM,
      until: null,
      applies: 'inUnion && highRisk',
      requires: 'monitored',
      title: {
        en: 'The operation of a high-risk system is monitored',
        ja: '高リスクシステムの運用が監視されている',
      },
      reasons: {
        meets: { en: 'Monitoring is on record.', ja: '監視が記録されています。' },
        departs: { en: 'The operation is not monitored.', ja: '運用が監視されていません。' },
        undecided: {
          en: 'Whether the operation has to be and is monitored cannot be told.',
          ja: '運用の監視について判断できません。',
        },
      },
      todo: { en: 'monitor the operation and record it', ja: '運用を監視し記録する' },
    },
    {
      id: 'eu-ai-act/logs',
      scope: 'site',
      source: `Regulation (EU) 2024/1689, Art. 26(6), ${AMENDED}`,
      from: HIGH_RISK_FROM,
      until: null,
      applies: 'inUnion && highRisk',
      requires: 'logRetentionMonths >= 6.0',
      title: { en: 'Logs are kept for six months at least', ja: 'ログを少なくとも6か月保存する' },
      reasons: {
        meets: {
          en: 'Logs are kept for {{logRetentionMonths}} months.',
          ja: 'ログは{{logRetentionMonths}}か月保存されます。',
        },
        departs: {
          en: 'Logs are kept for {{logRetentionMonths}} months; six are required.',
          ja: 'ログの保存は{{logRetentionMonths}}か月で、6か月が必要です。',
        },
        undecided: {
          en: 'For how long logs have to be and are kept cannot be told.',
          ja: 'ログの保存期間について判断できません。',
        },
      },
      todo: { en: 'keep logs for six months at least', ja: 'ログを少なくとも6か月保存する' },
    },
    {
      id: 'eu-ai-act/feedback-loops',
      scope: 'site',
      source: `Regulation (EU) 2024/1689, Art. 15(4), ${AMENDED}`,
      from: HIGH_RISK_FROM,
      until: null,
      applies: 'inUnion && highRisk',
      requires: '!feedbackMeasured || feedbackMitigated',
      title: {
        en: 'Feedback loops are countered',
        ja: 'フィードバックループに対策が取られている',
      },
      reasons: {
        meets: {
          en: 'No effect of decisions on later ones was measured, or it is countered.',
          ja: '判断が後の判断に及ぼす影響は測定されていないか、対策されています。',
        },
        departs: {
          en: 'Decisions were measured to feed back on later ones, and nothing counters it.',
          ja: '判断が後の判断に影響すると測定されましたが、対策がありません。',
        },
        undecided: {
          en: 'Whether decisions feed back, or whether that is countered, cannot be told.',
          ja: 'フィードバックの有無、または対策の有無を判断できません。',
        },
      },
      todo: { en: 'counter the feedback and record how', ja: 'フィードバックへの対策を取り、記録する' },
    },
    {
      id: 'eu-ai-act/transparency',
      scope: 'site',
      source: 'Regulation (EU) 2024/1689, Art. 50',
      from: '2026-08-02',
      until: null,
      applies: 'inUnion && meetsPeople',
      requires: 'transparency',
      title: {
        en: 'People are told that they deal with AI, and what it made is marked',
        ja: 'AI と接していることが知らされ、生成物に印が付いている',
      },
      reasons: {
        meets: { en: 'That people are told is on record.', ja: '知らせていることが記録されています。' },
        departs: { en: 'People are not told that they deal with AI.', ja: 'AI と接していることが知らされていません。' },
        undecided: {
          en: 'Whether people have to be and are told cannot be told.',
          ja: '知らせる義務とその履行について判断できません。',
        },
      },
      todo: { en: 'tell people, mark what is generated, and record it', ja: '知らせ、生成物に印を付け、記録する' },
    },
    {
      id: 'eu-ai-act/gpai-modifier',
      scope: 'model',
      source:
        'Regulation (EU) 2024/1689, Art. 3(63), 53(1); Commission guidelines C(2025) 5045, points 60–64: a third of the original’s training compute',
      from: '2025-08-02',
      until: null,
      applies: 'isDerived && generalPurpose && !onlyOutsideUnion',
      requires: '!modificationExceedsThird || gpaiDocumented',
      title: {
        en: 'Whoever modifies a general-purpose model by more than a third is its provider',
        ja: '汎用モデルを3分の1を超えて改変する者は提供者となる',
      },
      reasons: {
        meets: {
          en: 'The modifications together took {{modificationFlop}} FLOP, no more than a third of the original’s ({{originalFlop}}); or the provider’s documentation is kept.',
          ja: '改変の合計は {{modificationFlop}} FLOP で元({{originalFlop}})の3分の1以下か、提供者の文書が整っています。',
        },
        departs: {
          en: 'The modifications along the lineage together took more than a third of the original’s training compute ({{originalFlop}} FLOP; modifications {{modificationFlop}} FLOP), and the documentation of a provider is not on record.',
          ja: '系譜に沿った改変の合計が元の学習計算量の3分の1を超え(元 {{originalFlop}} FLOP、改変 {{modificationFlop}} FLOP)、提供者の文書が記録されていません。',
        },
        undecided: {
          en: 'Whether the modifications passed a third of the original’s training compute, and the duties are met, cannot be told.',
          ja: '改変が元の学習計算量の3分の1を超えたか、義務が果たされているか判断できません。',
        },
      },
      todo: {
        en: 'draw up the documentation under Art. 53(1) and record it: --claim gpai-documentation=yes',
        ja: '第53条1項の文書を作成し記録する: --claim gpai-documentation=yes',
      },
    },
  ],
}
