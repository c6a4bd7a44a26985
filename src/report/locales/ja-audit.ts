import type { Catalogue } from './catalogue.ts'

/** The Japanese texts of audits and comparisons (ja.ts). */
export const jaAudit: Pick<Catalogue, 'auditProgress' | 'audit' | 'simulation' | 'compare' | 'logFault'> = {
  auditProgress: {
    opening: '記録を開いています',
    counting: '決定を集計しています',
    estimating: '推定しています',
    done: '{{seconds}}秒で完了しました',
  },
  audit: {
    title: '決定が人々にもたらしたこと',
    subtitle: '1つの決定記録の率、比、検定です。数値は事実を述べるもので、合格点を定める法令はありません。',
    heading: {
      summary: '要約',
      findings: '指摘事項',
      next: '次に行うこと',
      notes: '正しく読むために',
      leftOut: '除外した行',
      strata: '{{column}}ごとに見た場合',
      errors: '集団ごとの誤り',
      sites: '拠点',
      homogenisation: 'すべてで拒否された人',
      feedback: 'モデルの利用が変えたこと',
      timeline: '週ごとの推移',
      intersections: 'すべての属性の組み合わせ',
      rates: '選択率',
      ratios: '影響比',
      reading: '読み方',
      input: '入力',
    },
    column: {
      category: '区分',
      n: '決定数',
      selected: '有利な決定',
      selectedOf: '有利/決定',
      deviations: '標準偏差',
      fisher: 'フィッシャーp',
      rate: '率',
      rateInterval: '95 %区間',
      ratio: '影響比',
      ratioInterval: '95 %区間',
      p: '調整済みp値',
      shortfall: '不足数',
      site: '拠点',
      model: 'モデル',
      difference: '親拠点との差',
      odds: 'オッズ比',
      risk: 'リスク比',
      chi: 'χ²（補正あり）',
      fpr: '偽陽性率',
      fnr: '偽陰性率',
      ppv: '適合率',
      reason: '理由',
      refusals: '拒否の数',
      observed: '観測値',
      expected: '独立の場合の期待値',
      cohort: '導入時期',
      period: '時期',
      effect: '効果',
      check: '確認',
      score: 'スコア',
      scoringRate: '得点率',
      file: 'ファイル',
      digest: 'SHA-256値',
    },
    reference: '基準',
    excluded: '比から除外',
    unbounded: '上限なし',
    none: 'なし',
    unknownRow: '不明',
    lead: {
      decisions_other: '{{count, number}}件の決定を調べました。有利な決定は{{rate}}です（{{column}} = {{value}}）。',
      scores_other: '{{count, number}}件のスコアを調べました。率は{{column}}が中央値を上回る割合です。',
      rows_other: '{{count, number}}行を読み取りました。',
      window: '期間は{{from}}から{{to}}までです。',
      lowest:
        '{{attribute}}のうち最も選ばれにくいのは{{category}}で、率は{{rate}}です。{{reference}}の{{base}}に対する比は{{ratio}}（95 %区間 {{low}}〜{{high}}）です。',
      noFindings:
        '偶然を超える差は見つかりませんでした。これは平等な扱いの証明ではありません。区間の広さを確認してください。',
      findings_other: '検定したすべてを数えても偶然とは言えない指摘事項が{{count, number}}件あります。',
    },
    severity: { high: '高', medium: '中', low: '低' },
    finding: {
      disparity:
        '{{where}}：{{n}}件の決定のうち選ばれた率は{{rate}}で、最も高い率の{{ratio}}倍です。他のすべてを合わせた場合より低い率です（調整済みp値 {{p}}）。率が等しければ、有利な決定はあと{{shortfall}}件多かったはずです。',
      'strata-reverse':
        '{{where}}：全体の比は{{ratio}}ですが、{{column}}の中ではオッズ比が{{odds}}（p値 {{p}}）で、逆の向きです。全体の数値は{{column}}の異なる集団を混ぜています。',
      'strata-explain':
        '{{where}}：全体の比は{{ratio}}ですが、{{column}}の中では同じ向きの偶然を超える差は残りません（オッズ比 {{odds}}、p値 {{p}}）。',
      'amplified-at-site':
        '{{site}}：{{where}}の影響比は親拠点と比べて{{difference}}です（調整済みp値 {{p}}）。この拠点では格差が大きくなっています。',
      'sites-differ':
        '{{where}}：{{sites}}拠点の違いは偶然を超えています（p値 {{p}}）。ばらつきの{{share}}は拠点間のものです。1つの比で代表させると誤ります。',
      'refused-by-all':
        '{{deployers}}の利用者すべてに拒否された人は{{share}}です。独立した決定なら{{expected}}となるはずで、その{{ratio}}倍です。',
      'shared-base':
        '基盤モデルを共有する利用者同士が同じ人を拒否する割合は独立の場合の{{sharing}}倍、共有しない場合は{{apart}}倍です。',
    },
    next: {
      disparity:
        '{{where}}についての決定が何に基づくか、また同じ目的をより小さな差で達成できないかを調べてください。差を説明しうる層があれば--stratumで指定してください。',
      'strata-reverse': '層ごとに判断し、集団が層に偏っている理由を調べてください。',
      'strata-explain': '層の分け方そのものが公正だったかを確かめ、その上で層の中で判断してください。',
      'amplified-at-site': 'この拠点で変えたもの（しきい値、入力、対象者、モデルの版）を比べてください。',
      'sites-differ': '拠点ごとに報告し、両端の拠点を監査してください。',
      'refused-by-all': '該当する人に、同じモデルを通らない手段を用意してください。',
      'shared-base': '別の系統のモデルによる再判断を利用者に求めてください。',
      none: '決定が増えたとき、またモデルを変更するたびに監査を繰り返してください。監査の結果は引き継がれません。',
      general: 'この結果は、対象のモデル、拠点、期間とともに保管し、変更のたびに測り直してください。',
    },
    note: {
      'unknown-category':
        '{{attribute}}は{{n}}件（{{share}}）の決定で不明です。率には含めていません。影響の大きさは比の上下限に示しています。',
      'small-categories':
        '{{attribute}}：決定が{{limit}}件未満の区分が{{count}}個あります（{{names}}）。区間は広くなります。',
      'left-out-categories': '{{attribute}}：最低割合に満たない{{count}}個の区分は比に含めていません（{{names}}）。',
      'ties-at-median': '{{attribute}}：{{n}}件のスコアは中央値と等しく、上回らないものとして数えています。',
      'repeated-subjects':
        '同じ対象者が複数回現れます。区間は対象者単位のブートストラップ、検定は対象者間の分散によります。',
      'selective-labels': '結果が分かるのは選ばれた人だけです。拒否された人の結果を要する誤り率は示していません。',
      'one-category': '{{attribute}}には区分が1つ（{{category}}）しかなく、比べる相手がありません。',
      'other-decisions': '{{value}}以外はすべて有利でないものとして数えています：{{values}}。',
      'similar-names':
        '{{attribute}}に「{{first}}」と「{{second}}」があります。同じ区分であれば直してから監査し直してください。',
      'no-weeks': '組み合わせが多すぎるため週を区別できず、推移はありません。',
      'stratum-missing': '{{n}}件の決定は層が不明です。率には含めますが、層の中の比較には含めません。',
      'site-missing': '{{n}}件の決定は拠点が不明です。率には含めますが、拠点ごとの比較には含めません。',
      'outcome-missing': '{{n}}件の決定は結果が不明です。率には含めますが、誤り率には含めません。',
      'subject-missing': '{{n}}行は対象者が不明です。それぞれ別の人として数えます。',
      'incomplete-subjects': '{{n}}人は一部の利用者の決定がないため除外しました。',
    },
    leftOut: {
      'outside-window': '期間外',
      'time-missing': '時刻なし',
      'decision-missing': '決定なし',
      'score-missing': 'スコアなし',
      'torn-line': '書き込み中の異常終了で途切れた最後の行',
      'unit-missing': '単位なし',
      'outcome-missing': '結果なし',
      'probability-missing': '確率なし',
      'holdout-missing': '留保群かどうか不明',
      'units-unbalanced': '全期間にそろっていない単位',
      'units-already-adopted': '最初の期間より前、または最後の期間より後に導入した単位',
      'units-adoption-changes': '導入日が2つ以上ある単位',
    },
    heterogeneity:
      '{{where}}：統合した比は{{pooled}}、Q検定のp値は{{p}}、I²は{{share}}です。同様の拠点の比は{{low}}から{{high}}の間と見込まれます。',
    homogenisation:
      '対象者{{subjects}}人、利用者{{deployers}}：すべてに拒否された割合は{{observed}}、期待値は{{expected}}、比は{{ratio}}（{{low}}〜{{high}}）です。',
    grade: {
      A: 'A：無作為化',
      B: 'B：しきい値',
      C: 'C：段階的な導入',
      D: 'D：対照のある中断時系列',
      E: 'E：関連のみ',
      none: 'この記録からは識別できません',
    },
    feedbackEstimate: '等級{{grade}}。推定対象（{{estimand}}）：{{estimate}}（95 %区間 {{low}}〜{{high}}）。',
    feedbackAverages: '導入時期ごとの平均は{{group}}、導入後の経過ごとの平均は{{dynamic}}です。',
    notIdentifiable: 'この記録からは識別できません。',
    feedback: {
      randomised: '偶然によって決められています（一方に{{treated}}件、他方に{{control}}件）。',
      discontinuity:
        'しきい値で決められ、そこでスコアの密度に跳びはありません。{{bandwidth}}以内に、下側{{below}}行、上側{{above}}行があります。',
      staggered:
        '{{cohorts}}組の{{units}}単位が異なる時期に導入し、{{controls}}単位は導入していません。導入前の推移に偶然を超える違いはありません。',
      interrupted:
        '{{units}}単位が同時に導入し、対照の{{controls}}単位は導入していません。導入前は{{before}}期、導入後は{{after}}期です。',
      'before-after':
        '{{released}}の前（{{before}}行）と後（{{after}}行）を比べただけです。同じ時期の他の変化も含まれます。導入していない集団（--unit、--adopted）または無作為の留保群（--holdout）があれば、より確かになります。',
      'no-design':
        'この記録には、無作為の留保群や探索（--holdout、--probability）、スコアのしきい値（--score、--threshold）、導入時期の異なる単位と導入していない単位（--unit、--time、--adopted）、公開日（--deployed）のいずれもありません。どれか1つがあれば効果を識別できます。',
      'no-outcome': '結果の列が指定されていません（--outcome）。決定の後に人々に起きたことを記録してください。',
      'no-exploration':
        'すべての決定が確定的で、両群に0と1の間の確率を持つ行がありません。少数の件を無作為に、モデルによらず決定し、その確率を記録してください。',
      'probabilities-contradict':
        '記録された確率が実際の決定と合いません。取られた行動が選ばれた確率を記録してください。',
      'density-jumps':
        'しきい値で人数が跳んでいます（p値 {{p}}）。本人または採点者がしきい値を知っていて、すぐ上と下の人は比べられません。しきい値付近で無作為に決める一部の件があれば解決します。',
      'not-sharp':
        'しきい値どおりに決まっていません。{{share}}の決定が反対側です。何がそれを覆したか、または各決定の確率を記録してください。',
      'too-few': '{{what}}が足りません（{{have}}、必要数は{{need}}）。増えれば識別できます。',
      'no-controls':
        'すべての単位が導入しています。何もしなかった場合を知るには、導入していない単位（導入の列が0または空）が必要です。一部を導入せずに残すか、モデルを使わない拠点を加えてください。',
      'no-adoption':
        'この記録の中で導入した単位がありません。導入の列には利用開始の時期を入れます。0または空は導入なしを表します。',
      'pre-trends':
        '導入した単位は、導入前から異なる推移をたどっています（p値 {{p}}）。以前の推移が等しい単位、または無作為の留保群があれば解決します。',
      deterministic:
        '決定は記録された列の関数です。値の等しい人が異なる決定を受けたことがなく、比べる相手がいません。一部を無作為に決める（--probability）か、スコアの既知のしきい値（--score、--threshold）があれば識別できます。',
    },
    what: {
      arm: '一方の群の決定',
      side: 'しきい値の片側の行',
      values: 'しきい値の片側の異なるスコア',
      reach: 'しきい値付近の行',
      units: '導入群または対照の単位',
      before: '導入前の期間',
      after: '導入後の期間',
      release: '公開の前または後の行',
    },
    ll144: {
      title: 'バイアス監査の結果（ニューヨーク市 2021年ローカル法144号、6 RCNY § 5-300以下）',
      sex: '性別の区分',
      race: '人種・民族の区分',
      both: '組み合わせの区分',
      applicants: '応募者数',
      selected: '選択された数',
      selectionRate: '選択率',
      scoringRate: '得点率',
      impactRatio: '影響比',
      unknown_other: '区分が不明な{{count, number}}人は上の計算に含まれていません（{{attribute}}）。',
      auditDate: 'バイアス監査の日：{{date}}',
      source: 'データの出所と説明：{{source}}',
      distribution: 'ツールの配布日：{{date}}',
      notGiven: '記載なし',
      excluded:
        'データの{{share}}に満たない区分は影響比に含めていません。人数と率は示しています。理由：{{justification}}',
      note: '法令はこれらの数値を求めますが、合格点は定めていません。',
    },
    read: {
      rate: '区分の決定のうち、有利だったものの割合。',
      ratio:
        '率を最も高い率で割ったもの。1より小さければ選ばれにくかったことを示します。区間は偶然だけで動きうる範囲です。',
      p: '区分と他のすべてとの差が偶然だけで生じる確率。検定したすべての区分を数えています（ホルム法）。',
      shortfall: '期待される数に足りない有利な決定の数。',
      limit: '差は原因を示しません。差がないことも公正さの証明にはなりません。',
    },
  },
  simulation: {
    title: '自らの決定で再学習すると何が起きるか（シミュレーション、シード{{seed}}）',
    urn: '前に見つかった場所へ向かう場合（ポリアの壺、真の率{{first}}と{{second}}、{{days}}日、{{seeds}}回）：',
    urnPlain: 'そのまま：1番目の場所の割合は{{mean}}（± {{error}}）',
    urnCorrected: '見た場所の偏りを補正：{{mean}}（± {{error}}）',
    retraining: '自らが引き起こしたもので再学習する場合（{{rounds}}回）：応答の強さで決まります。',
    response: '応答{{response}}：最後の重みは{{weight}}、{{outcome}}',
    settles: '{{point}}付近に落ち着く',
    runsOff: '動き続けている',
    selective: '結果が分かるのは受け入れた人だけの場合。両集団の返済は等しい（{{rounds}}回）：',
    exploration: '探索{{share}}：受け入れ率は{{first}}と{{second}}、平均スコアの変化は{{up}}と{{other}}',
  },
  compare: {
    subtitle:
      '子モデルが親モデルと異なる答えを返す頻度と、その対象。正答率が等しくても個々の入力については何も言えません。',
    all: 'すべての入力',
    title: '振る舞いの変化',
    lead: '{{items}}件の入力のうち、正しかった{{negative}}件が誤りになり（{{negativeRate}}、95 %区間 {{low}}〜{{high}}）、誤っていた{{positive}}件が正しくなりました（{{positiveRate}}）。',
    accuracy: '正答率は{{parent}}から{{child}}になりました。差は{{verdict}}です（マクネマーの正確検定、p値 {{p}}）。',
    beyond: '偶然を超えるもの',
    within: '偶然の範囲内',
    unlabelled:
      '{{items}}件の入力のうち{{flips}}件の答えが変わりました（{{rate}}、95 %区間 {{low}}〜{{high}}）。正解（--truth）がなければ、どちらの向きかは分かりません。',
    hidden: '正答率が等しくても入れ替わりは隠れます。{{flips}}件の答えが変わりました。',
    groups: '{{attribute}}ごと',
    flips: '変わった答え',
    column: {
      group: '集団',
      items: '入力',
      negative: '正から誤',
      positive: '誤から正',
      difference: '正答率の変化',
      p: 'p値',
      key: '入力',
      parent: '前',
      child: '後',
      truth: '正解',
    },
    more_other: 'ほか{{count, number}}件。すべては--jsonで出力されます',
    missing: '1番目だけにある入力が{{first}}件、2番目だけにある入力が{{second}}件あり、除外しました。',
    unanswered_other: '予測または正解のない入力{{count, number}}件は除外しました。',
    cost: '要求{{requests}}回、{{tokens}}トークン、{{cost}}',
    noPrice: '単価の指定なし（--price）',
    next: '親モデルの監査は子モデルには当てはまりません。子モデル自身の決定を測ってください（yukue audit）。',
    running: '{{name}}に問い合わせています：{{total}}件中{{done}}件',
  },
  logFault: {
    'no-such-column': '{{path}}に列{{column}}がありません。ある列：{{columns}}。',
    'duplicate-column': '{{path}}に{{column}}という列が2つあります。一方の名前を変えてください。',
    'empty-log': '{{path}}に行がありません。ファイルまたは書き出し方を確認してください。',
    'unknown-log-format':
      '{{path}}は読み取れる決定記録ではありません。.csv、.jsonl、.parquet、.duckdbのファイル、または1種類のファイルのフォルダを指定してください。',
    'malformed-log': '{{path}}：{{reason}}。ファイルを直すか、書き出し直してください。',
    'malformed-log-row': '{{path}}の{{row}}行目：{{reason}}。行を直すか、ファイルを書き出し直してください。',
    'not-utf8':
      '{{path}}の{{row}}行目、列{{column}}：{{offset}}バイト目がUTF-8ではありません。文字コードが混ざっているか、別のものです。UTF-8で保存してください。',
    'bad-value': '{{path}}の{{row}}行目、列{{column}}：「{{value}}」は{{expected}}ではありません。',
    'favourable-absent': '{{path}}の列{{column}}に値「{{value}}」の行がありません。ある値：{{values}}。',
    'favourable-ambiguous':
      '{{path}}の{{row}}行目、列{{column}}：「{{other}}」は「{{value}}」と同じ意味かもしれません。同じ意味の値をすべて指定する（オプションを繰り返す）か、1つにそろえてください。',
    'too-many-cells':
      '{{path}}：列の組み合わせが{{limit, number}}を超えます。列を減らすか、値の少ない列（年齢の代わりに年代など）を使ってください。',
    'option-needed': '{{because}}には{{option}}が必要です。',
    'option-not-usable': '{{option}}に「{{value}}」は指定できません。{{expected}}を指定してください。',
    'option-twice': '{{option}}が「{{first}}」と「{{second}}」の2通りに指定されています。1つにしてください。',
    'duplicate-key': '{{path}}の{{row}}行目、列{{column}}：「{{value}}」が2回あります。入力ごとに1行にしてください。',
    'nothing-in-common': '{{first}}と{{second}}に共通する入力がありません。キーの列を確認してください。',
    'engine-missing':
      '{{name}}がインストールされていないか、読み込めません（{{reason}}）。npm install {{name}}でインストールしてください。',
    'model-not-runnable': '{{path}}を実行できませんでした（{{reason}}）。',
    'endpoint-failed':
      '{{url}}が入力{{item}}に答えませんでした（{{reason}}）。得られた答えは保存されています。同じコマンドで続きから再開します。',
    expected: {
      format: '--time-format {{format}}のとおりの日時',
      date: '2024-01-31や2024-01-31T09:30:00Zのような日時（他の並びは--time-formatで指定します）',
      number: '数値',
      weight: '重みに使える0以上の整数',
      probability: '0から1までの確率',
      period: '整数、または2024-01-31のような日付',
    },
  },
}
