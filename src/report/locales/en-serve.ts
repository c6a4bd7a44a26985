/** The English texts of the server (en.ts). */
export const enServe = {
  serve: {
    cli: {
      description:
        'Serves the estate: a page for people and an HTTP API for programs, on this machine only unless told otherwise.',
      port: 'the port to listen on (default 8750; 0: any that is free)',
      host: 'the address to listen on (default 127.0.0.1). Others than this machine reach the server only with a token, and should come through a proxy that speaks TLS',
      allowHost: 'a name under which the server is reached, as a proxy passes it on (may be repeated)',
      roots:
        'a folder that may be scanned, and whose weights may be read, through the API (may be repeated; default: the working folder and what was scanned before)',
      requireToken: 'let nobody read without a token, on this machine neither',
    },
    token: {
      description: 'Tokens for the API: who may read, who may record, who may decide.',
      new: 'make a token and show it, this once',
      role: 'reader, recorder or steward (default reader)',
      expires: 'the day on which it ends',
      list: 'tokens with what they may do; never the tokens themselves',
      revoke: 'let a token in no more, by its id',
      made: 'Token {{id}} ({{role}}), shown only now:',
      keep: 'Send it as “Authorization: Bearer …”. Only its digest is kept here: when it is lost, revoke it and make another.',
      none: 'No tokens.',
      line: '{{id}}  {{role}}  {{name}}  made {{created}}  {{state}}',
      stands: 'stands',
      standsUntil: 'until {{day}}',
      revoked: 'revoked {{day}}',
      unused: 'never used',
      used: 'last used {{day}}',
    },
    listening: 'Serving {{estate}} at {{address}}',
    reading: 'On this machine everyone may read. To record or scan, make a token: yukue token new NAME --role recorder',
    tokensOnly: 'Nobody gets in without a token: yukue token new NAME --role reader',
    signIn: 'To sign in as a steward for as long as this server runs, open: {{address}}',
    stop: 'Stop with Ctrl+C.',
    stopping: 'Finishing what is under way …',
    noPages: 'The pages are not built (npm run build:web); the API is served without them.',
    error: {
      noSuchStatement: 'The log has no statement {{number}} of this kind.',
      outsideRoots: '{{path}} is outside the folders that this server may read. Start it with --roots to allow more.',
      noSuchToken: 'No token with the id {{token}} stands. yukue token list shows all.',
      noSuchJob: 'There is no job {{job}}. Finished jobs are kept until the server ends, the latest 100 of them.',
      portTaken: 'Port {{port}} of {{host}} cannot be used ({{reason}}). Choose another with --port.',
      refusedStatement: {
        'not-a-statement': 'The payload is no statement that this version knows (schema/predicates.schema.json).',
        'not-from-outside':
          'Statements of this kind are made by the estate itself: scans say what is where, keys are trusted with yukue key.',
        'bad-signature': 'A signature does not fit the payload: one or the other was changed.',
        'unknown-key': 'No key that stands here as a signer signed it. yukue key trust says whose key it is.',
        known: 'This statement stands in the log already.',
      },
    },
    field: {
      needed: 'This is needed.',
      takes: '“{{value}}” is not taken here. It takes {{takes}}.',
      refused: '“{{value}}” is not taken here.',
      twice: '“{{value}}” is given twice.',
    },
    problem: {
      'bad-request': {
        title: 'Not understood',
        detail: 'The request is not as the API describes it (/api). The fields at fault are named.',
      },
      'bad-json': { title: 'No JSON', detail: 'The body is not JSON text in UTF-8.' },
      unauthenticated: {
        title: 'Who are you?',
        detail: 'This takes a token: send it as “Authorization: Bearer …”, or sign in on the page.',
      },
      'bad-token': {
        title: 'Token not accepted',
        detail: 'The token is unknown, revoked or expired. A steward can make another with yukue token new.',
      },
      forbidden: { title: 'Not allowed', detail: 'This takes the role {{role}}; the token has less.' },
      'cross-site': {
        title: 'Request from another site',
        detail:
          'A page of another origin asked for a change. Changes are made from the server’s own pages, or with a token in the Authorization header.',
      },
      'wrong-host': {
        title: 'Unknown host name',
        detail:
          'The server does not answer to the name {{host}}. Start it with --allow-host NAME if this is on purpose.',
      },
      'not-found': { title: 'Not here', detail: 'There is nothing at this address. /api lists what there is.' },
      'not-allowed': { title: 'Method not allowed', detail: 'This address does not take {{method}}.' },
      'too-large': { title: 'Too large', detail: 'The body is larger than the {{limit}} bytes that are taken here.' },
      'unsupported-media': {
        title: 'Unsupported content',
        detail: 'The body has another media type or encoding than is taken here. Compressed bodies are not taken.',
      },
      'too-slow': { title: 'Too slow', detail: 'The body did not arrive in time. Send it again, or in smaller parts.' },
      'too-many': { title: 'Too many requests', detail: 'Wait {{seconds}} s, then try again.' },
      overloaded: {
        title: 'Overloaded',
        detail: 'As many requests as can be answered soon wait already. Try again in a moment.',
      },
      busy: { title: 'Busy', detail: 'As many jobs as are queued at most wait already. Try again when one is done.' },
      failed: {
        title: 'Could not be done',
        detail: 'Something went wrong that should not have; the server’s log says more ({{id}}).',
      },
      'command-refused': 'Could not be done',
    },
    reference: {
      title: 'Yukue API',
      intro:
        'Everything the command line can ask, over HTTP. The machine-readable description is OpenAPI 3.1: {{address}}. Errors are application/problem+json (RFC 9457), in the language of Accept-Language.',
      role: 'takes: {{role}}',
      parameters: 'Parameters',
      body: 'Body',
      answers: 'Answers',
      fields: 'Fields',
      contents: 'Contents',
    },
  },
} as const
