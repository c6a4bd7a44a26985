import type { Pack } from '../rule.ts'

const APPLIES = 'inNewYorkCity && area == "employment"'
/** Enforced since then. */
const FROM = '2023-07-05'

export const NYC_LL144: Pack = {
  name: 'nyc-ll144',
  title: { en: 'New York City Local Law 144', ja: 'ニューヨーク市条例第144号' },
  rules: [
    {
      id: 'nyc-ll144/audit-age',
      scope: 'site',
      source: 'N.Y.C. Admin. Code § 20-871(a)(1); 6 RCNY § 5-301',
      from: FROM,
      until: null,
      applies: APPLIES,
      requires: '!auditOverAYear && auditCoversModel',
      title: {
        en: 'A bias audit was made no more than a year before use',
        ja: '利用前1年以内にバイアス監査が行われている',
      },
      reasons: {
        meets: {
          en: 'The last bias audit is of {{auditDay}}, {{auditAgeDays}} days ago.',
          ja: '最新のバイアス監査は{{auditDay}}({{auditAgeDays}}日前)です。',
        },
        departs: {
          en: 'The last bias audit of the model in use is of {{auditDay}}, {{auditAgeDays}} days ago: more than a year, or of another model.',
          ja: '使用中のモデルの最新のバイアス監査は{{auditDay}}({{auditAgeDays}}日前)で、1年を超えているか、別のモデルのものです。',
        },
        undecided: {
          en: 'Whether a bias audit of the year before use is needed and there is one cannot be told.',
          ja: '利用前1年以内のバイアス監査の要否と有無を判断できません。',
        },
      },
      todo: {
        en: 'have an independent bias audit made before it is used on',
        ja: '使い続ける前に独立したバイアス監査を受ける',
      },
    },
    {
      id: 'nyc-ll144/summary',
      scope: 'site',
      source: 'N.Y.C. Admin. Code § 20-871(a)(2); 6 RCNY § 5-303',
      from: FROM,
      until: null,
      applies: APPLIES,
      requires: 'auditSummaryPublished',
      title: { en: 'A summary of the audit is published', ja: '監査の要約が公表されている' },
      reasons: {
        meets: { en: 'A published summary is on record.', ja: '公表された要約が記録されています。' },
        departs: { en: 'No summary of the audit is published.', ja: '監査の要約が公表されていません。' },
        undecided: {
          en: 'Whether a summary has to be and is published cannot be told.',
          ja: '要約の公表について判断できません。',
        },
      },
      todo: { en: 'publish the summary and record its address', ja: '要約を公表し、その場所を記録する' },
    },
    {
      id: 'nyc-ll144/notice',
      scope: 'site',
      source: 'N.Y.C. Admin. Code § 20-871(b); 6 RCNY § 5-304',
      from: FROM,
      until: null,
      applies: APPLIES,
      requires: 'candidateNotice',
      title: {
        en: 'Candidates are notified ten business days before',
        ja: '候補者に10営業日前までに通知している',
      },
      reasons: {
        meets: { en: 'The notice to candidates is on record.', ja: '候補者への通知が記録されています。' },
        departs: {
          en: 'Candidates are not notified ten business days before.',
          ja: '候補者に10営業日前までに通知されていません。',
        },
        undecided: {
          en: 'Whether candidates have to be and are notified cannot be told.',
          ja: '候補者への通知について判断できません。',
        },
      },
      todo: { en: 'notify candidates ten business days before', ja: '候補者に10営業日前までに通知する' },
    },
  ],
}
