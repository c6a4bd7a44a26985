import type { ClaimSubject } from '../../contract/claim-subjects.ts'
import type { Catalogue } from './catalogue.ts'

/** What claims are of, in Japanese. */
export const jaClaims = {
  base: '基盤モデル',
  licence: 'ライセンス',
  quantisation: '量子化',
  name: '名称',
  other: 'その他',
  'training-flop': '学習計算量(FLOP)',
  'general-purpose': '汎用モデル',
  'systemic-risk': 'システミックリスク',
  'gpai-documentation': '汎用モデルの文書',
  'intended-purpose': '意図された目的',
  commercial: '商用利用',
  notice: '引き渡される通知',
  'licence-decision': 'ライセンスについての判断',
  rebranded: '別の名称・商標での利用',
  monitoring: '監視',
  'log-retention': 'ログの保存期間',
  conformity: '適合性評価',
  transparency: '利用者への告知',
  'human-oversight': '人による監督',
  'feedback-loop': 'フィードバックループ',
  'audit-summary': '公表された監査の要約',
  'candidate-notice': '候補者への通知',
  'state-law': '州法の確認',
} satisfies Record<ClaimSubject, string>

/** The Japanese texts of `yukue check` (ja.ts). */
export const jaCheck: Pick<Catalogue, 'check'> = {
  check: {
    verdict: { meets: '適合', departs: '逸脱', undecided: '判断不能' },
    sign: { meets: '✓', departs: '✗', undecided: '?' },
    heading: '{{name}}({{asOf}} 時点): {{verdict}}',
    headingSite: '現場 {{name}}({{asOf}} 時点): {{verdict}}',
    all: '{{asOf}} 時点: 逸脱 {{departs, number}}、判断不能 {{undecided, number}}、適合 {{meets, number}}',
    atSite: '{{title}}(現場 {{site}})',
    source: '根拠',
    todo: '対応',
    who: '担当',
    by: '期限',
    fact: '{{name}} = {{value}}({{status}})',
    notApplicable_other: '適用されない、または施行されていない規則 {{count, number}} 件(--json で一覧)',
    met_other: '満たされている規則 {{count, number}} 件',
    more_other: '表示していないもの {{count, number}} 件(名前を指定して確認)',
    error: {
      unknownPack: '{{pack}} という規則集はありません。次のいずれかを指定してください: {{known}}',
      badRules:
        '{{path}} の規則は使えません。schema/rules.schema.json と docs/check.md に従って直してください: {{faults}}',
      noSubject: '確認する対象を --model モデル、--site 現場、--all のいずれか一つで指定してください',
    },
    nothing: '問われた規則がありません。何も判断されていません。',
    progress: {
      reading: '記録の読み取り: {{done, number}} / {{total, number}}',
      judging: '判断中: {{done, number}} / {{total, number}} モデル',
    },
  },
}
