import type { Catalogue } from './catalogue.ts'

/** The Japanese texts of the server (ja.ts). */
export const jaServe: Pick<Catalogue, 'serve'> = {
  serve: {
    cli: {
      description:
        '台帳を公開します。人のための画面と、プログラムのためのHTTP APIです。指定がなければこのマシンからのみ利用できます。',
      port: '待ち受けるポート（既定8750。0は空いているもの）',
      host: '待ち受けるアドレス（既定127.0.0.1）。ほかのマシンからはトークンがなければ利用できません。TLSを扱うプロキシを前に置いてください',
      allowHost: 'プロキシが伝える、このサーバーの名前（複数指定可）',
      roots:
        'APIからスキャンし、重みを読んでよいフォルダー（複数指定可。既定は作業フォルダーと、これまでにスキャンした場所）',
      requireToken: 'このマシンからの閲覧にもトークンを求める',
    },
    token: {
      description: 'APIのトークン。閲覧、記録、決定ができる人を定めます。',
      new: 'トークンを作り、一度だけ表示する',
      role: 'reader（閲覧）、recorder（記録）、steward（管理）のいずれか（既定reader）',
      expires: '有効期限の日',
      list: 'トークンの一覧と権限（トークンそのものは表示されません）',
      revoke: 'IDで指定したトークンを無効にする',
      made: 'トークン{{id}}（{{role}}）。表示されるのは今だけです：',
      keep: '“Authorization: Bearer …”として送ってください。ここにはダイジェストだけが残ります。失くしたら無効にして作り直してください。',
      none: 'トークンはありません。',
      line: '{{id}}  {{role}}  {{name}}  作成{{created}}  {{state}}',
      stands: '有効',
      standsUntil: '{{day}}まで有効',
      revoked: '{{day}}に無効化',
      unused: '未使用',
      used: '最終使用{{day}}',
    },
    listening: '{{estate}}を{{address}}で公開しています',
    reading:
      'このマシンからは誰でも閲覧できます。記録やスキャンにはトークンを作ってください：yukue token new 名前 --role recorder',
    tokensOnly: 'トークンがなければ利用できません：yukue token new 名前 --role reader',
    signIn: 'このサーバーが動いている間、管理者としてサインインするには、次を開いてください：{{address}}',
    stop: 'Ctrl+Cで終了します。',
    stopping: '実行中の処理を終えています…',
    noPages: '画面がビルドされていません（npm run build:web）。APIだけを公開します。',
    error: {
      noSuchStatement: '記録{{number}}は台帳にないか、種類が違います。',
      outsideRoots:
        '{{path}}は、このサーバーが読んでよいフォルダーの外にあります。許すには--rootsを付けて起動してください。',
      noSuchToken: 'IDが{{token}}の有効なトークンはありません。yukue token listで一覧を見られます。',
      noSuchJob: 'ジョブ{{job}}はありません。終わったジョブは、サーバーの終了まで直近100件が残ります。',
      portTaken: '{{host}}のポート{{port}}は使えません（{{reason}}）。--portで別のポートを選んでください。',
      refusedStatement: {
        'not-a-statement': 'ペイロードが、この版の知る記録ではありません（schema/predicates.schema.json）。',
        'not-from-outside': 'この種類の記録は、スキャンやyukue keyによって台帳自身が作ります。',
        'bad-signature': '署名がペイロードと合いません。どちらかが変更されています。',
        'unknown-key':
          '署名者としてここで信頼されている有効な鍵の署名がありません。誰の鍵かはyukue key trustで登録します。',
        known: 'この記録はすでに台帳にあります。',
      },
    },
    field: {
      needed: '入力が必要です。',
      takes: '「{{value}}」は指定できません。指定できるのは次のとおりです：{{takes}}',
      refused: '「{{value}}」は指定できません。',
      twice: '「{{value}}」が重複しています。',
    },
    problem: {
      'bad-request': {
        title: '要求を解釈できません',
        detail: '要求がAPIの定め（/api）と異なります。誤りのある項目を示しています。',
      },
      'bad-json': { title: 'JSONではありません', detail: '本文がUTF-8のJSONではありません。' },
      unauthenticated: {
        title: '認証が必要です',
        detail: 'トークンが必要です。“Authorization: Bearer …”として送るか、画面でサインインしてください。',
      },
      'bad-token': {
        title: 'トークンが無効です',
        detail: '未登録、無効化済み、または期限切れのトークンです。管理者がyukue token newで作り直せます。',
      },
      forbidden: { title: '権限がありません', detail: 'これには{{role}}の権限が必要です。' },
      'cross-site': {
        title: '別のサイトからの要求です',
        detail:
          '別のオリジンの画面から変更が求められました。変更は、このサーバー自身の画面から、またはAuthorizationヘッダーのトークンで行います。',
      },
      'wrong-host': {
        title: '未知のホスト名です',
        detail:
          'このサーバーは{{host}}という名前では応答しません。意図したものなら--allow-host 名前を付けて起動してください。',
      },
      'not-found': { title: '見つかりません', detail: 'このアドレスには何もありません。/apiに一覧があります。' },
      'not-allowed': { title: '使えないメソッドです', detail: 'このアドレスでは{{method}}は使えません。' },
      'too-large': { title: '大きすぎます', detail: '本文が、ここで受け取れる{{limit}}バイトを超えています。' },
      'unsupported-media': {
        title: '受け取れない形式です',
        detail: '本文のメディア型または符号化が、ここで受け取れるものと異なります。圧縮された本文は受け取りません。',
      },
      'too-slow': {
        title: '遅すぎます',
        detail: '本文が時間内に届きませんでした。もう一度、または小さく分けて送ってください。',
      },
      'too-many': { title: '要求が多すぎます', detail: '{{seconds}}秒待ってから、もう一度お試しください。' },
      overloaded: {
        title: '混雑しています',
        detail: 'すぐに応答できる数のリクエストがすでに待っています。少し待ってからやり直してください。',
      },
      busy: {
        title: '混み合っています',
        detail: '待てるジョブの数に達しています。ひとつ終わってから、もう一度お試しください。',
      },
      failed: {
        title: '処理できませんでした',
        detail: '予期しない誤りが起きました。詳しくはサーバーのログにあります（{{id}}）。',
      },
      'command-refused': '処理できませんでした',
    },
    reference: {
      title: '行方（Yukue）のAPI',
      intro:
        'コマンドで尋ねられることのすべてを、HTTPで。機械可読な記述はOpenAPI 3.1：{{address}}。誤りはAccept-Languageの言語によるapplication/problem+json（RFC 9457）です。',
      role: '必要な権限：{{role}}',
      parameters: 'パラメーター',
      body: '本文',
      answers: '応答',
      fields: '項目',
      contents: '目次',
    },
  },
}
