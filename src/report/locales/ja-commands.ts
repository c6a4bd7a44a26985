import type { Catalogue } from './catalogue.ts'

/** The Japanese texts of the command line (ja.ts). */
export const jaCommands: Pick<Catalogue, 'progress' | 'cli'> = {
  progress: {
    searching: 'モデルを探しています',
    reading_other: '{{count, number}}件のモデルファイルを読み取っています',
    relating_other: '{{count, number}}件のモデルの関係を調べています',
    recording: '確認した内容を記録しています',
    bytes: '{{total}} MB中{{read}} MBを読み取り済み（{{rate}} MB/秒）',
    done: '{{seconds}}秒で完了しました',
    written: '{{path}}に書き出しました',
  },
  cli: {
    description: '公開後の事前学習済みAIモデルを統制します。複製の行方と、加えられた変更を明らかにします。',
    examples: '例：',
    heading: {
      usage: '使い方：',
      arguments: '引数：',
      options: 'オプション：',
      globalOptions: '共通オプション：',
      commands: 'コマンド：',
      default: '既定値',
      choices: '選択肢',
      environment: '環境変数',
    },
    global: {
      json: '結果をJSON形式で出力する',
      quiet: '進行状況を表示しない',
      lang: '表示言語（enまたはja）',
      estate: '記録を保存するフォルダ（既定は .yukue）',
      noColor: '色を使わない',
      version: 'バージョンを表示する',
      help: 'このヘルプを表示する',
      helpCommand: '各コマンドのヘルプを表示する',
    },
    scan: {
      description: 'モデルを探し、重みによって識別し、互いの関係を示します。',
      paths: '調べるファイルまたはフォルダ',
      strict: '読み取れないファイルがあれば終了コード1で終了する',
      page: '報告書を1つのHTMLファイルとしても書き出す',
      as: '生データのファイルを、指定した数値型と形状で読み取る（例："voices/*.bin=f32[512,256]"、複数回指定可）',
      threads: 'ファイルの読み取りに使うスレッドの数',
    },
    trace: {
      description: 'モデルの来歴、複製の所在、派生したモデルを示します。',
      model: 'パス、記録上の名称、または識別子の先頭数桁',
    },
    print: {
      description:
        'モデルの指紋（ダイジェスト、スケッチ、不変量。重みは含みません）を書き出すか、受け取った指紋を取り込みます。',
      model: 'パス、記録上の名称、または識別子の先頭数桁',
      share: '重みを復元できてしまう小さなテンソルのスケッチを除外する',
      out: 'NAME.yukueprintの代わりに、指定したファイルに書き出す',
      import: 'ファイル内の指紋を、ここでスキャンしたモデルと同様に記録する（複数回指定可）',
      wrote:
        '{{name}}（{{id}}）の指紋を{{path}}に書き出しました（テンソル{{tensors, number}}個、{{bytes, number}}バイト）。',
      leftOut_other: '小さなテンソル{{count, number}}個のスケッチは除外しました。',
      imported: '{{path}}から{{name}}（{{id}}）を取り込みました。',
    },
    diff: {
      description: '二つのモデルの間で何が変更されたかを、テンソルごとに示す。',
      parent: 'パス、プリントファイル、記録された名前、または識別子の先頭の数桁',
      child: '同様に、そこから作られたモデル',
      html: '結果を1つのHTMLページとしても書き出す',
    },
    verify: {
      description:
        'モデルを検査する。ファイルを記録と、申告内容を重みと照合し、--deepでは量子化された重みを親の重みと照合する。終了コードは0が確認済み、1が矛盾、2が判定不能。',
      model: 'パス、記録された名前、または識別子の先頭の数桁',
      deep: '親の重みから作り直して比較する',
      parent: '親のモデル（diffと同じ指定。既定は申告または記録されたもの）',
    },
    error: {
      badHint:
        '指定{{hint}}は使用できません（{{fault}}）。「パターン=型[形状]」の形で指定してください（例："*.bin=f32[512,256]"）。',
      badNumber: '{{option}}に{{value}}は指定できません。範囲内の整数を指定してください。',
      noSuchPath: '{{path}}が見つかりません。パスを確認してください。',
      nothingScanned: '読み取れるモデルが見つからず、スキャンできませんでした。',
      unknownModel: '{{model}}に該当するモデルの記録がありません。先にスキャンするか、パスを指定してください。',
      ambiguousModel_other:
        '{{model}}に一致するモデルが{{count, number}}件あります。識別子の桁数を増やして指定してください。',
      noModelGiven: 'モデルが指定されていません。モデルのファイルを指定するか、--importを使用してください。',
      noParentGiven: '{{model}}の親は申告も記録もされていません。--parentで指定してください。',
      noWeightsAtHand: '{{model}}はプリントのみで、重みが手元にありません。ファイルのパスを指定してください。',
      unreadableModel: '{{path}}を利用できません。{{reason}}',
      cannotWrite: '{{path}}に書き込めませんでした（{{reason}}）。',
      estateCorrupt:
        '{{path}}の記録が破損しています（{{message}}）。バックアップから復元するか、--estateで新しいフォルダを指定してスキャンしてください。',
      estateNewer:
        '{{path}}の記録は、より新しいバージョンで作成されています（{{message}}）。そのバージョンを使用してください。',
      estateBusy: '{{path}}の記録は別のプロセスが使用中です（{{message}}）。終了後に再度実行してください。',
      estateUnusable:
        '{{path}}の記録を使用できません（{{message}}）。フォルダと権限を確認するか、--estateで別のフォルダを指定してください。',
      unexpected: '予期しないエラーが発生しました：{{message}}',
    },
  },
}
