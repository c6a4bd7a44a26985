import type { Catalogue } from './catalogue.ts'

/** The Japanese texts of results on record (ja.ts). */
export const jaResults: Pick<Catalogue, 'result'> = {
  result: {
    heading: '監査・比較・シミュレーションの結果',
    kind: { audit: '監査', comparison: '比較', simulation: 'シミュレーション' },
    atSite: '拠点{{site}}',
    noSite: '拠点の指定なし',
    against: '{{name}}との比較',
    window: '{{from}}から{{to}}まで',
    windowOpen: '期間の指定なし',
    n: { audit: '決定{{n}}件', comparison: '入力{{n}}件' },
    findings_other: '指摘事項{{count, number}}件',
    noFindings: '指摘事項なし',
    figure: {
      rate: '有利な決定{{value}}',
      'least-impact-ratio': '最小の影響比{{value}}（{{where}}）',
      effect: '利用の効果{{value}}（等級{{where}}）',
      'refused-by-all': 'すべてに拒否された割合は期待値の{{value}}倍',
      'negative-flips': '正から誤{{value}}',
      'positive-flips': '誤から正{{value}}',
      flips: '変わった答え{{value}}',
      'urn-plain': '壺{{value}}',
      'urn-corrected': '壺（補正あり）{{value}}',
    },
    interval: '{{value}}［{{low}}〜{{high}}］',
    withoutLists: '記録に含まれない一覧：{{lists}}',
    recorded: '台帳の{{number}}番に記録しました（{{model}}の{{kind}}、{{site}}）。',
    note: {
      'log-names-other-model': '決定記録には別のモデルの名があります：{{said}}。',
      'log-names-other-site': '決定記録には別の拠点の名があります：{{said}}。',
      'unknown-site': '拠点{{site}}で使用中のモデルは記録されていません。yukue record deployedで記録してください。',
      'not-deployed-there':
        'このモデルは拠点{{site}}で使用中と記録されていません。最後に記録されたモデルは{{there}}です。',
      'not-in-use-then':
        'このモデルが拠点{{site}}で使用された記録は{{from}}から{{until}}までで、これらの決定の期間ではありません。',
      'unknown-parent': '親モデルは記録されていません（{{parent}}）。台帳にはその名を入れていません。',
      'lists-left-out': '台帳の結果には次の一覧が含まれません：{{lists}}。',
    },
    ledger: {
      heading: '台帳から',
      adopted: '{{site}}：{{at}}から使用（記録番号 {{statement}}）',
      without:
        '利用開始の記録なし：{{sites}}。一度も使用していない拠点として扱います。記録されていないことは台帳にはありません。',
      base: '{{deployer}}：基盤モデル{{base}}（記録番号 {{statement}}）',
      nothing: 'この記録の拠点と利用者については台帳に何もありません。',
    },
    option: {
      record: '結果を、モデルについての署名付きの記録として台帳に入れる',
      model:
        '結果の対象のモデル（パス、名前、識別子の始め、declared:…。省略時は決定記録にあるもの、または2番目のモデル）',
      parent: '比較の相手のモデル（省略時は1番目のモデル）',
      site: '結果の対象の拠点（省略時は決定記録にあるもの）',
      key: '署名に使う鍵（省略時は台帳自身の鍵）',
      fromLedger:
        '導入日（--effect）と基盤モデル（--deployer）を台帳から取る（拠点ごとの系統の最初の利用開始、各利用者のモデルの計測された起源）',
      results: '--jsonのとき、結果の全体を出力する',
    },
  },
}
