/** The English texts of results on record (en.ts). */
export const enResults = {
  result: {
    heading: 'Results of audits, comparisons and simulations',
    kind: { audit: 'audit', comparison: 'comparison', simulation: 'simulation' },
    atSite: 'at {{site}}',
    noSite: 'at no one site',
    against: 'against {{name}}',
    window: '{{from}} to {{to}}',
    windowOpen: 'any time',
    n: { audit: '{{n}} decisions', comparison: '{{n}} inputs' },
    findings_one: '{{count, number}} finding',
    findings_other: '{{count, number}} findings',
    noFindings: 'no findings',
    figure: {
      rate: 'favourable {{value}}',
      'least-impact-ratio': 'least impact ratio {{value}} ({{where}})',
      effect: 'effect of use {{value}}, grade {{where}}',
      'refused-by-all': 'refused by all {{value}} times the expected share',
      'negative-flips': 'right became wrong {{value}}',
      'positive-flips': 'wrong became right {{value}}',
      flips: 'answers changed {{value}}',
      'urn-plain': 'urn {{value}}',
      'urn-corrected': 'urn, corrected {{value}}',
    },
    interval: '{{value}} [{{low}}, {{high}}]',
    withoutLists: 'not in the statement: {{lists}}',
    recorded: 'Entered as number {{number}} of the log: {{kind}} of {{model}} {{site}}.',
    note: {
      'log-names-other-model': 'The log of decisions names another model: {{said}}.',
      'log-names-other-site': 'The log of decisions names another site: {{said}}.',
      'unknown-site': 'No model is on record as in use at {{site}}. Enter it with yukue record deployed.',
      'not-deployed-there': 'This model is not on record as in use at {{site}}; the last one there is {{there}}.',
      'not-in-use-then':
        'This model is on record as in use at {{site}} from {{from}} to {{until}}, not in the time of these decisions.',
      'unknown-parent': 'The parent is not on record ({{parent}}): the statement does not name it.',
      'lists-left-out': 'The statement holds the result without these lists: {{lists}}.',
    },
    ledger: {
      heading: 'From the ledger',
      adopted: '{{site}}: in use from {{at}} on (statement {{statement}})',
      without:
        'No deployment on record: {{sites}}. They are taken for sites that never used it; what nobody entered is not there.',
      base: '{{deployer}}: base {{base}} (statement {{statement}})',
      nothing: 'Nothing on record about the sites and deployers of this log.',
    },
    option: {
      record: 'enter the result into the log, signed, as a statement about the model',
      model:
        'the model that the result is of: a path, a name, the beginning of an id, declared:… (default: what the log says, or the second model)',
      parent: 'the model that it is compared with (default: the first model)',
      site: 'the site that the result is of (default: what the log says)',
      key: 'which key signs (default: the estate’s own)',
      fromLedger:
        'take dates of adoption (--effect) and base models (--deployer) from the ledger: first deployment of the model’s family at each site, measured origin of each deployer’s model',
      results: 'with --json: results as a whole',
    },
  },
} as const
