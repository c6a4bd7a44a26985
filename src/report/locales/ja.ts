import type { Catalogue } from './catalogue.ts'
import { jaAudit } from './ja-audit.ts'
import { jaCharter } from './ja-charter.ts'
import { jaCheck } from './ja-check.ts'
import { jaCommands } from './ja-commands.ts'
import { jaDiff } from './ja-diff.ts'
import { jaDossier } from './ja-dossier.ts'
import { jaLedger } from './ja-ledger.ts'
import { jaPassport } from './ja-passport.ts'
import { jaResults } from './ja-results.ts'
import { jaServe } from './ja-serve.ts'
import { jaWeb } from './ja-web.ts'

/** The Japanese catalogue, for readers in risk, audit and business functions as much as for engineers. */
export const ja: Catalogue = {
  list: { separator: '、', colon: '：', note: '{{text}}（{{note}}）', sentences: '{{first}}{{second}}' },
  count: {
    files_other: 'ファイル{{count, number}}件',
    models_other: 'モデル{{count, number}}件',
    families_other: '系統{{count, number}}件',
    copies_other: '複製{{count, number}}件',
    problems_other: '問題{{count, number}}件',
    parameters_other: '{{count, number}}パラメータ',
    more_other: 'ほか{{count, number}}件（--jsonで全件を出力）',
  },
  change: {
    converted: {
      name: '形式変換',
      meaning: '重みは同一で、別の形式または配置で書き出されたものです。',
    },
    'converted-lossy': {
      name: '丸めを伴う形式変換',
      meaning: '重みがより狭い数値型に丸められています。出力がわずかに変わることがあります。',
    },
    quantised: {
      name: '量子化',
      meaning: '小型化のため、重みが粗い刻みの値に置き換えられています。出力が変わることがあります。',
    },
    'fine-tuned': {
      name: '微調整',
      meaning: '追加学習により、多くの重みがわずかに変化しています。挙動はあらゆる面で変わり得ます。',
    },
    'adapter-merged': {
      name: 'アダプター統合',
      meaning: '低ランクのアダプター（LoRA）が重みに組み込まれています。挙動を意図的に変える操作です。',
    },
    adapter: {
      name: 'アダプター',
      meaning: '基盤モデルと組み合わせて初めて機能する追加部品（LoRA）です。',
    },
    merged: {
      name: '統合（マージ）',
      meaning: '複数のモデルの重みを混ぜ合わせたものです。元の各モデルに付随する義務が及ぶ可能性があります。',
    },
    assembled: {
      name: '部分の組み合わせ',
      meaning: '異なるモデルから部分を丸ごと取り出し、つなぎ合わせたものです。',
    },
    pruned: {
      name: '枝刈り',
      meaning: '小型化や高速化のため、重みが削除されたかゼロに置き換えられています。',
    },
    extracted: {
      name: '部分抽出',
      meaning: 'より大きなモデルから一部（一つの分岐、出力層を除いた本体など）を取り出したものです。',
    },
    'layers-changed': {
      name: '層構成の変更',
      meaning: '層の削除、繰り返し、または挿入が行われています。',
    },
    'vocabulary-resized': {
      name: '語彙数の変更',
      meaning: 'モデルが扱うトークンの数が変更されています。',
    },
    'direction-ablated': {
      name: '特定方向の除去',
      meaning: 'モデル全体から特定の一方向が取り除かれています。安全上の拒否応答を無効にする際に使われる手法です。',
    },
    'configuration-changed': {
      name: '設定の変更',
      meaning: '重みは同一ですが、付属ファイル（ラベル、テンプレート、トークナイザー、しきい値）が異なります。',
    },
    permuted: {
      name: 'ニューロンの並べ替え',
      meaning: '同じニューロンの順序だけが入れ替わっています。計算結果は変わりません。',
    },
    unclear: {
      name: '変更内容は不明',
      meaning: '両モデルに関係はありますが、既知の変更だけでは差異を説明しきれません。',
    },
  },
  direction: {
    undetermined: '親子の向きは未確定',
    shownAbove: '前出',
    plausibleOrigin: '起点として最も有力（ファイルだけでは確定できません）',
    notHere: '今回の対象ファイルには含まれません',
    madeFrom: '「{{name}}」から作られたもの',
    relatedTo: '「{{name}}」と関係があるもの',
  },
  settle: {
    heading: '確定に必要なもの',
    general:
      'いずれかのモデルについての、公開または引き渡しの署名付き記録。あるいは、前後関係を示す同じ系統の第三のモデル。',
    converted:
      '重みが同一のため、どちらのファイルが先に書き出されたかは痕跡に残りません。いずれかのファイルについての、公開または引き渡しの署名付き記録があれば確定できます。',
    'fine-tuned':
      '追加学習は、その向きを示す痕跡を残しません。公開元の基盤モデルも併せてスキャンするか、いずれかのモデルを学習させた者の署名付き記録を入手してください。',
    'adapter-merged':
      'アダプターの加算と減算は見分けがつきません。アダプターのファイルそのもの、または統合を行った者の署名付き記録があれば確定できます。',
    extracted:
      '全体から一部を取り出した場合と、一部を基に全体を作った場合とは区別できません。いずれかのモデルについての署名付き記録、または以前の公開版があれば確定できます。',
    'configuration-changed':
      '重みが同一のため、どちらの設定が先かは重みからは分かりません。公開時の署名付き記録または変更履歴があれば確定できます。',
    permuted: '並べ替えは完全に元へ戻せるため、確定の根拠となるのは、公開または引き渡しの署名付き記録に限られます。',
  },
  status: {
    verified: { name: '検証済み', meaning: 'ファイルのバイト列から、この場で再計算して確認した事実です。' },
    attested: { name: '署名あり', meaning: '特定の当事者が署名によって表明した事実です。' },
    declared: { name: '申告', meaning: '入力された、または説明文から読み取った内容です。裏付けは取れていません。' },
    inferred: { name: '推定', meaning: '重みから統計的に導いた結論です。誤り率を併記します。' },
    disputed: { name: '矛盾あり', meaning: '二つの事実が互いに食い違っています。' },
  },
  relation: {
    similarity: '類似度 {{value}}',
    p: 'p = {{value}}',
    pBelow: 'p < {{value}}',
    pNone: 'pなし（統計にはテンソルが少なすぎるため）',
    mergedFrom: '統合元',
    parents: '元のモデル',
    weights: '重み',
    rank: 'アダプターのランク',
    alpha: 'アダプターのアルファ値',
    targets: '変更対象の層',
    method: '手法',
    base: '基盤モデル',
    layers: '層',
    cosine: '方向どうしの余弦',
    share: '取り除かれた割合',
    density: '残された変更の割合',
    which: '異なるファイル',
    artifacts: '場所',
    fits: '形が合うモデル',
    sparsity: 'ゼロの割合',
    map: '層の対応',
    rows: '語彙の行数',
    parts: '構成部分',
    declaredBase: '申告された基盤モデル（未確認）',
    scheme: '量子化方式',
    bits: '重み1個あたりのビット数',
    from: '変更前',
    to: '変更後',
    leftOut: '除外されたパラメータ数',
    added: '追加されたパラメータ数',
    frozen: '変化のない割合',
    residual: '説明できない残差',
    distance: '相対距離',
    baseAbsent: '基盤モデルは今回の対象ファイルに含まれません。',
  },
  finding: {
    'custom-op_other':
      '標準の演算子セットにない演算子が{{count, number}}種類必要です：{{operators}}。読み込みには外部のコードが必要になるため、その提供元を確認してください。',
    'name-changed-bytes':
      'この名前には以前、別のモデル（{{before}}）がありました（最終確認日 {{lastSeen}}）。そのモデルについての判断は、現在のモデルには当てはまりません。',
    'name-contradicts-content':
      '名前には「{{claim}}」とありますが、実際の重みは {{found}} です。想定とは異なるモデルである可能性があります。',
    'no-weights': 'このファイルには重みがありませんでした。',
    'side-files-changed': '付属ファイルが以前と異なります：{{names}}。重みを変えずに挙動を変えるものです。',
    'unrecorded-place':
      'この場所にある複製は、誰にも記録されていません。yukue record（received、copied、deployed）に--placeを付けて記録するか、設置者を確認してください。',
    'non-finite-weights_other':
      '有限の数でない重みが{{count, number}}個あります（テンソル{{tensors, number}}個：{{names}}）。出力が意味をなさないおそれがあります。',
    'shadowed-tensors':
      '{{file}}にある次のテンソルは、索引が指す別の分割ファイルにもあるため、対象から除外しました：{{names}}。',
    'unindexed-tensors':
      '{{file}}にある次のテンソルは索引に載っていませんが、分割ファイル全体を読み込むソフトウェアに合わせて対象に含めました：{{names}}。',
    'unread-packing_other':
      'このバージョンでは読めない形式で格納されたテンソルが{{count, number}}個あります（先頭は{{name}}）。これらは比較の対象外です。',
  },
  findingDetail: {
    'pickle-import': '読み込むとコードが実行されるおそれのあるpickleです：{{message}}',
    'broken-pickle': '途中で壊れたpickleですが、読み込むとその前にコードが実行されるおそれがあります：{{message}}',
    'object-array': 'Pythonオブジェクト（pickle）を含むNumPyファイルです：{{message}}',
    'keras-lambda': 'Keras外部のコードを実行する層やクラスが含まれています：{{message}}',
    'external-path': '別のファイルを参照しています（開いていません）：{{message}}',
    'unsafe-op': 'ファイルの読み書きやPythonの呼び出しを行う演算子が含まれています：{{message}}',
    'custom-layer': 'アプリ側のコードで計算される層が含まれています：{{message}}',
    'unclaimed-bytes': 'どのテンソルにも属さないバイト列があります：{{message}}',
    'unsupported-tensor-type': '読み取れない型のテンソルがあり、比較の対象外としました：{{message}}',
    unsupported: '読み取れない形式の重みがあり、比較の対象外としました：{{message}}',
    'unread-tensor': '重みとして扱わないテンソルがあります：{{message}}',
    'unknown-row-order': '注意機構の行の並び順が不明なため、元のモデルとの比較精度が下がります：{{message}}',
    'training-state': '最適化器の状態（学習時の情報）も含まれています：{{message}}',
  },
  severity: { high: '高', medium: '中', low: '低' },
  scan: {
    family_other: '系統{{number}}：{{name}}（モデル{{count, number}}件、{{files}}）',
    legend: '─▶ 上のモデルから作られたもの　╌? 関係はあるが、順序は未確定',
    lookAlikes: '見かけ上の一致：名称と形状は同じで、重みが異なるモデル',
    lookAlikeShared_other: '名称と形状が一致するテンソル{{count, number}}個、類似度 {{similarity}}',
    singles: '単独のモデル：ほかのモデルとの関係は見つかっていません',
    undetermined: '親子の向きが未確定の関係：確定に必要なもの',
    findings: '指摘事項',
    problems: '問題：結果に含まれないファイル',
    nothing: 'モデルは見つかりませんでした。',
    unsure_other: '向きが未確定の関係{{count, number}}件',
  },
  trace: {
    cameFrom: '来歴',
    descendants: '派生したモデル',
    relatives: '関係はあるが、親子の向きが未確定のモデル',
    places: '所在',
    noAncestors: '元となったモデルは判明していません。',
    noDescendants: '派生したモデルは判明していません。',
    noPlaces: '複製の記録はありません。',
    seen: '初回確認 {{first}}、最終確認 {{last}}',
    seenOnce: '確認 {{first}}',
    parentOf: '「{{name}}」の元となったモデル',
    unseen: '外部で提供されるモデル（重みはここでは確認されていません）',
  },
  page: {
    title: 'モデルスキャン報告書',
    subtitle: 'どのモデルがあり、どこから来て、何が加えられたか',
    generated: '作成日時 {{when}}　Yukue {{version}}',
    contents: '目次',
    summary: {
      heading: '概要',
      none: 'モデルは見つかりませんでした。',
      models_other: '{{files}}の実体は、{{count, number}}種類の異なるモデルです。',
      families_other: 'このうち{{members}}種類は{{count, number}}件の系統のいずれかに属し、互いに派生関係があります。',
      copies_other: '{{count, number}}件は、ほかのファイルと同じ重みを持つ複製です。',
    },
    figures: {
      files: 'ファイル',
      models: '異なるモデル',
      families: '系統',
      single: '単独のモデル',
      verified: '検証済みの関係',
      inferred: '推定された関係',
    },
    attention: {
      heading: 'ご確認いただきたい点',
      none: '特筆すべき点はありません。すべてのファイルを読み取り、指摘事項も、向きが未確定の関係もありませんでした。',
      problems_other: '{{count, number}}件のファイルは読み取れず、結果に含まれていません。',
      findings_other: '重大度「高」の指摘事項が{{count, number}}件あります。',
      lookAlikes_other:
        '外見は同じでも重みが異なるモデルの組が{{count, number}}組あります。一方の審査結果を他方に当てはめることはできません。',
      undetermined_other: '{{count, number}}件の関係では、どちらのモデルが先かをファイルだけからは判断できません。',
      ablated_other:
        '{{count, number}}件のモデルで、特定方向の除去が見つかりました。安全上の拒否応答を無効にする際に使われる手法です。',
    },
    families: {
      heading: '系統',
      intro: '系統とは、互いに派生関係のあるモデルの集まりです。派生したモデルは、元となったモデルの下に示しています。',
      none: '互いに関係のあるモデルは見つかりませんでした。',
      known: '実線と矢印：上のモデルから作られたもの。',
      undetermined: '破線と疑問符：関係はあるが、どちらが先かは未確定のもの。',
    },
    copies: {
      caption_other: '{{name}}の複製（{{count, number}}件）',
      path: 'パス',
      format: '形式',
      size: 'サイズ',
      sha256: 'SHA-256（先頭）',
    },
    relation: {
      similarity: '重みの類似度',
      chance: '偶然の一致である確率',
      chanceWords: '{{p}}。無関係なモデル同士がこれほど一致する確率の上限です。',
      chanceNone: '算出していません。テンソルが少なく統計を適用できないため、重みを直接比較して判定しました。',
      status: '事実の種別',
      direction: '親子の向き',
      directionKnown: '確定：上のモデルから作られています。',
      directionKnownElsewhere: '確定：「{{name}}」から作られています。',
    },
    lookAlikes: {
      heading: '見かけ上の一致',
      intro:
        '次の組は、名称と形状が一致していても、重みは一致しません。重みからは両者の関係が認められないため、一方の承認、ライセンス、試験結果を他方に引き継ぐことはできません。',
      caption: '外見が一致していても関係のないモデルの組',
      first: 'モデル',
      second: '外見が一致するモデル',
      shared: '名称と形状が一致するテンソル数',
      similarity: '重みの類似度',
    },
    singles: {
      heading: '単独のモデル',
      intro: '今回のスキャンでは、これらのモデルと関係のあるモデルは見つかりませんでした。',
    },
    findings: {
      heading: '指摘事項',
      intro: 'モデルの内部や付属ファイルで見つかった、確認を要する事項です。',
      caption: '指摘事項（重大度の高い順）',
      severity: '重大度',
      place: 'ファイル',
      message: '内容',
    },
    problems: {
      heading: '問題',
      intro: '次のファイルは結果に含まれていません。それぞれ、何が起きたかと対処方法を示します。',
      caption: '読み取れなかったファイル',
      place: 'ファイル',
      kind: '種類',
      message: '内容と対処方法',
    },
    reading: {
      heading: 'この報告書の読み方',
      status: '事実の種別',
      changes: '変更の種類',
      measures: '用語と指標',
      limits: '留意点',
      model: 'モデル',
      modelMeaning:
        'ひとまとまりの重みを指します。ファイル名、形式、分割のしかたが違っていても、重みが同じであれば同じモデルであり、その複製として扱います。',
      id: '識別子',
      idMeaning: '重みそのものから計算した値で、名称や形式に左右されません。先頭12桁を表示しています。',
      similarity: '類似度',
      similarityMeaning:
        '重みが等しければ1、別々に学習されたモデルではほぼ0になります。対応するテンソルのコサイン類似度を、大きさで重み付けした中央値です。',
      p: 'p',
      pMeaning:
        '無関係なモデル同士が偶然これほど一致する確率です。1e-12は1兆分の1を意味します。関係があることを示す値であり、どのような関係か、どちらが元かを示すものではありません。',
      limitWeights:
        '関係は重みから計算しています。重みを共有せずに挙動だけが似ているモデルは、この方法では見つかりません。',
      limitScope:
        '比較の対象は、スキャンしたファイルに限られます。対象に含まれない元のモデルを特定することはできません。',
      limitRounding: '後から行われた量子化の丸めより小さな変更は、検出できません。',
      limitDirection:
        '親子の向きが未確定の場合、本報告書での並び順は図示の都合によるもので、事実を示すものではありません。',
    },
    label: {
      parameters: 'パラメータ数',
      numberTypes: '数値型',
      copies: '複製',
      more_other: 'このほか{{count, number}}件は、ここでは省略しています。JSON形式の報告には全件が含まれます。',
    },
  },
  problem: {
    truncated: {
      title: 'ファイルが不完全',
      happened:
        'ファイルが途中で切れています。{{what}}には{{need, number}}バイトが必要ですが、ファイルは{{size, number}}バイトしかありません。',
      advice: 'ファイルを再度ダウンロードまたはコピーし、サイズを入手元と照合してください。',
    },
    malformed: {
      title: 'ファイルの破損または不正',
      happened: '{{offset, number}}バイト目で、ファイルが形式の規則に反しています（{{what}}：{{reason}}）。',
      advice:
        '入手元からファイルを取得し直してください。それでも解消しない場合は読み込まず、提供者に確認してください。',
    },
    limit: {
      title: '異常な大きさ',
      happened: '{{what}}が{{value}}となっており、上限の{{limit}}を超えています。',
      advice:
        '実在のモデルでこれほどの値が必要になることはありません。疑わしいファイルとして扱い、提供者に確認してください。',
    },
    unsupported: {
      title: '未対応',
      happened: 'このバージョンでは{{what}} {{value}}を読み取れません。',
      advice: 'safetensorsまたはONNXに変換してからスキャンするか、新しいバージョンを使用してください。',
    },
    'unsafe-path': {
      title: '危険なファイル名',
      happened: 'モデルが、自身のフォルダの外にあるファイル（{{name}}）を参照しています。',
      advice: 'このファイルは開いていません。提供者の説明を得るまで、このモデルを読み込まないでください。',
    },
    'missing-file': {
      title: 'ファイルの欠落',
      happened: 'モデルに必要なファイル（{{name}}）がありません。',
      advice: 'モデルと同じ場所にファイルを置き、再度スキャンしてください。',
    },
    'hint-mismatch': {
      title: '指定の不一致',
      happened: '指定{{hint}}には{{need, number}}バイトが必要ですが、ファイルは{{size, number}}バイトです。',
      advice: '--asで指定した形状または数値型を修正してください。',
    },
    'lfs-pointer': {
      title: '重みの代わりにポインター',
      happened: '{{bytes, number}}バイトの重みがあるべき場所に、git-LFSのポインターが置かれています。',
      advice: '該当のフォルダで「git lfs pull」を実行し、再度スキャンしてください。',
    },
    'crowded-folder': {
      title: 'ファイルの多すぎるフォルダー',
      happened: 'このフォルダーには{{limit, number}}個を超えるファイルがあるため、中身はどれも調べていません。',
      advice: 'モデルを別のフォルダーに移すか、一つずつ指定してください: yukue scan FOLDER/model …',
    },
    'link-loop': {
      title: 'リンクの循環',
      happened: 'リンクが上位のフォルダ（{{target}}）に戻っています。',
      advice: 'このリンクはたどっていません。リンクを削除するか、リンク先を直接スキャンしてください。',
    },
    unreadable: {
      title: 'アクセス不可',
      happened: 'オペレーティングシステムがアクセスを拒否しました（{{reason}}）。',
      advice: 'ファイルの有無と読み取り権限を確認し、再度スキャンしてください。',
    },
    changed: {
      title: '読み取り中の変更',
      happened: '読み取り中にファイルが変更されました（{{what}}）。',
      advice: '書き込みが終わるのを待ってから、再度スキャンしてください。',
    },
  },
  ...jaAudit,
  ...jaCharter,
  ...jaCheck,
  ...jaCommands,
  ...jaDiff,
  ...jaDossier,
  ...jaLedger,
  ...jaPassport,
  ...jaWeb,
  ...jaServe,
  ...jaResults,
}
