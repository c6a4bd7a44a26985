/**
 * The arrow rules: which folder may know which (docs/decisions/0001-pipeline-folders-and-arrow-rules.md).
 *
 * A stage names the folders whose values it may call and those of which it may know the types only. Everything under src/ that
 * is named in neither, and is not the stage itself, is out of bounds.
 */
const STAGES = [
  {
    folder: 'contract',
    values: [],
    types: [],
    reason: 'what enters and leaves is described on its own, so that any stage and the web UI can import it',
  },
  {
    folder: 'kernel',
    values: ['contract'],
    types: [],
    reason: 'arithmetic over bytes and prints knows nothing of formats, so that a second kernel can stand in for it',
  },
  {
    folder: 'read',
    values: ['contract'],
    types: [],
    reason: 'readers face hostile bytes; what they can reach is what a hostile file can reach',
  },
  {
    folder: 'identify',
    values: ['kernel', 'contract'],
    types: ['read'],
    reason: 'a print is made from a tensor directory, whatever format it came from',
  },
  {
    folder: 'relate',
    values: ['kernel', 'contract'],
    types: ['read', 'identify'],
    reason: 'relations come from prints alone: no weights, no files',
  },
  {
    folder: 'explain',
    values: ['kernel', 'contract'],
    types: ['read', 'identify', 'relate'],
    reason: 'a change is explained from values handed in, never by looking for files itself',
  },
  {
    folder: 'observe',
    values: ['kernel', 'contract'],
    types: [],
    reason: 'decisions are judged without knowing which model took them, so that lineage cannot colour the figures',
  },
  {
    folder: 'infer',
    values: ['contract'],
    types: [],
    reason:
      'models are run and endpoints asked without knowing what is made of the answers, so that a wish cannot reach them',
  },
  {
    folder: 'ledger',
    values: ['contract'],
    types: ['read', 'identify', 'relate', 'explain', 'observe'],
    reason: 'statements record values; computing them again is the business of the stages',
  },
  {
    folder: 'govern',
    values: ['contract'],
    types: ['read', 'identify', 'relate', 'explain', 'observe', 'ledger'],
    reason: 'a verdict follows from facts and a charter only, so that anyone can repeat it',
  },
  {
    folder: 'report',
    values: ['contract'],
    types: ['read', 'identify', 'relate', 'explain', 'observe', 'ledger', 'govern'],
    reason: 'a report shows values; a figure computed while reporting would be one no JSON reader sees',
  },
  {
    folder: 'store',
    values: ['contract'],
    types: ['read', 'identify', 'relate', 'explain', 'observe', 'infer', 'ledger', 'govern'],
    reason: 'the store keeps values and gives them back, so that a second store can stand in for it',
  },
]

const ADAPTERS = ['cli', 'server']

/**
 * The values stages meet in. The few constants and pure functions beside such a type (a stride, a bit width) belong to the type,
 * so calling them is no arrow between stages.
 */
const MEETING_PLACES = ['^src/read/model-file\\.ts$', '^src/identify/print\\.ts$', '^src/relate/lineage\\.ts$']

/** @param {string[]} folders */
const anyOf = (folders) => `^src/(${folders.join('|')})/`

/**
 * @param {{ folder: string, values: string[], types: string[], reason: string }} stage
 * @returns {import('dependency-cruiser').IForbiddenRuleType[]}
 */
function arrowsOf({ folder, values, types, reason }) {
  const from = { path: `^src/${folder}/` }
  const known = [folder, ...values, ...types]
  /** @type {import('dependency-cruiser').IForbiddenRuleType} */
  const unknown = {
    name: `${folder}-knows-only-${[...values, ...types].join('-') || 'itself'}`,
    comment: `src/${folder} may import ${[...values, ...types].join(', ') || 'nothing of src'}: ${reason}.`,
    severity: 'error',
    from,
    to: { path: '^src/', pathNot: anyOf(known) },
  }
  /** @type {import('dependency-cruiser').IForbiddenRuleType} */
  const called = {
    name: `${folder}-takes-types-only-of-${types.join('-')}`,
    comment: `src/${folder} may use \`import type\` of ${types.join(', ')}, nothing that runs: ${reason}.`,
    severity: 'error',
    from,
    to: { path: anyOf(types), pathNot: MEETING_PLACES, dependencyTypesNot: ['type-only'] },
  }
  return types.length > 0 ? [unknown, called] : [unknown]
}

/** @type {import('dependency-cruiser').IConfiguration & { forbidden: import('dependency-cruiser').IForbiddenRuleType[] }} */
export default {
  forbidden: [
    ...STAGES.flatMap(arrowsOf),
    {
      name: 'adapters-are-thin',
      comment:
        'src/cli and src/server turn arguments into a call of src/app and its result into output; a stage called from here ' +
        'would be wired in two places.',
      severity: 'error',
      from: { path: anyOf(ADAPTERS) },
      to: {
        path: '^src/',
        pathNot: anyOf([...ADAPTERS, 'app', 'contract', 'report']),
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'nothing-imports-an-adapter',
      comment:
        'What src/cli or src/server knows (arguments, streams, requests) must not be needed to run a command from code.',
      severity: 'error',
      from: { path: '^src/', pathNot: anyOf(ADAPTERS) },
      to: { path: anyOf(ADAPTERS) },
    },
    {
      name: 'one-adapter-does-not-import-another',
      comment: 'bin hands src/server to src/cli, so that each can be taken away.',
      severity: 'error',
      from: { path: '^src/(cli|server)/' },
      to: { path: anyOf(ADAPTERS), pathNot: '^src/$1/' },
    },
    {
      name: 'files-are-touched-in-four-places',
      comment:
        'node:fs stands only in read, store, cli and server: everything else gets bytes handed in, and can be tested and ' +
        'trusted without a disk. The one exception is the kernel loading its own wasm, which no input has a say in.',
      severity: 'error',
      from: { path: '^src/', pathNot: [anyOf(['read', 'store', ...ADAPTERS]), '^src/kernel/load\\.ts$'] },
      to: { path: '^(node:)?fs(/promises)?$' },
    },
    {
      name: 'one-file-knows-the-engine',
      comment:
        'Estimators say what to aggregate in SQL and an engine has two methods; whatever else is said to DuckDB stands in one ' +
        'adapter, so that a distributed SQL engine can take its place.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/store/duckdb-engine\\.ts$' },
      to: { path: 'node_modules/@duckdb/' },
    },
    {
      name: 'govern-has-no-world',
      comment: 'A verdict is a function of its arguments: no system module at all, and `now` is an argument.',
      severity: 'error',
      from: { path: '^src/govern/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'nothing-runs-another-program',
      comment:
        'Files are hostile and nothing found is ever run, so src has no use for child processes or for evaluating code.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(node:)?(child_process|vm|repl|cluster)$' },
    },
    {
      name: 'nothing-is-sent-anywhere',
      comment: 'SECURITY.md promises that no connection is opened to anywhere: only src/server listens.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/server/' },
      to: { path: '^(node:)?(net|tls|https?|http2|dgram|dns)(/promises)?$' },
    },
    {
      name: 'source-stands-alone',
      comment: 'What is published must not need what is not: tests, benchmarks, fuzz targets, the demo, the web build.',
      severity: 'error',
      from: { path: '^(src|bin)/' },
      to: { path: '^(test|bench|fuzz|demo|web|docs)/' },
    },
    {
      name: 'pages-know-the-contract-and-the-words',
      comment:
        'web/ asks the server and shows what it answers: of src it takes the types of the contract, and from src/report the ' +
        'catalogue and the sentences made of it, so that a page and the command line say the same in the same words.',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^src/', pathNot: anyOf(['contract', 'report']) },
    },
    {
      name: 'pages-take-types-only-of-contract',
      comment:
        'Schemas are checked at the border, which is the server; a page that brought them along would be twice the size. Lists and limits that stand apart from them are as well known to pages.',
      severity: 'error',
      from: { path: '^web/' },
      to: {
        path: anyOf(['contract']),
        pathNot: '^src/contract/(api-limits|claim-subjects|record-events)\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'no-development-dependency-at-run-time',
      comment: 'It would be missing after an install without development dependencies.',
      severity: 'error',
      from: { path: '^(src|bin)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'every-dependency-is-declared',
      comment: 'A package that is only there because another one brought it goes away with that one.',
      severity: 'error',
      from: { path: '^(src|bin)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'every-import-resolves',
      comment: 'An import that leads nowhere would otherwise be left out of every rule above.',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'no-cycle',
      comment: 'Modules in a cycle can only be understood, tested and replaced together.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-utils',
      comment: 'A name that says nothing collects what nobody finds again; name the file after what it does.',
      severity: 'error',
      from: {},
      to: { path: '/(util|utils|helper|helpers|common|misc)(/|[.]ts$)', pathNot: '^node_modules/' },
    },
  ],
  options: {
    // Type imports count: half of the rules are about them.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: ['^node_modules/', '^dist/'] },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
}
