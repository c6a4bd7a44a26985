/** The English texts of audits and comparisons (en.ts). */
export const enAudit = {
  auditProgress: {
    opening: 'Opening the log',
    counting: 'Counting decisions',
    estimating: 'Estimating',
    done: 'Done in {{seconds}} s',
  },
  audit: {
    title: 'What these decisions did to people',
    subtitle: 'Rates, ratios and tests of one decision log. Figures describe; no law here sets a pass mark.',
    heading: {
      summary: 'Summary',
      findings: 'Findings',
      next: 'What to do next',
      notes: 'To read this rightly',
      leftOut: 'Rows left out',
      strata: 'Within {{column}}',
      errors: 'Errors, by group',
      sites: 'Sites',
      homogenisation: 'Refused everywhere',
      feedback: 'What the use of the model changed',
      timeline: 'Week by week',
      intersections: 'All attributes together',
      rates: 'Selection rates',
      ratios: 'Impact ratios',
      reading: 'How to read this',
      input: 'Input',
    },
    column: {
      category: 'category',
      n: 'decisions',
      selected: 'favourable',
      selectedOf: 'favourable of',
      deviations: 'SD',
      fisher: 'Fisher p',
      rate: 'rate',
      rateInterval: '95 % interval',
      ratio: 'impact ratio',
      ratioInterval: '95 % interval',
      p: 'adjusted p',
      shortfall: 'shortfall',
      site: 'site',
      model: 'model',
      difference: 'difference from parent site',
      odds: 'odds ratio',
      risk: 'risk ratio',
      chi: 'χ² (corrected)',
      fpr: 'false positive rate',
      fnr: 'false negative rate',
      ppv: 'precision',
      reason: 'reason',
      refusals: 'refusals',
      observed: 'observed',
      expected: 'expected if independent',
      cohort: 'adopted',
      period: 'period',
      effect: 'effect',
      check: 'check',
      score: 'score',
      scoringRate: 'scoring rate',
      file: 'file',
      digest: 'SHA-256',
    },
    reference: 'reference',
    excluded: 'left out of ratios',
    unbounded: 'no upper end',
    none: 'none',
    unknownRow: 'unknown',
    lead: {
      decisions_one: '{{count, number}} decision was judged; {{rate}} of all were favourable ({{column}} = {{value}}).',
      decisions_other:
        '{{count, number}} decisions were judged; {{rate}} of them were favourable ({{column}} = {{value}}).',
      scores_one: '{{count, number}} scored decision; rates are shares above the median {{column}}.',
      scores_other: '{{count, number}} scored decisions; rates are shares above the median {{column}}.',
      rows_one: '{{count, number}} row was read.',
      rows_other: '{{count, number}} rows were read.',
      window: 'From {{from}} to {{to}}.',
      lowest:
        'Of {{attribute}}, {{category}} was selected least often: {{rate}} against {{reference}} of {{base}}, a ratio of {{ratio}} (95 % interval {{low}} to {{high}}).',
      noFindings:
        'No difference beyond chance was found. That is no proof of equal treatment: see how wide the intervals are.',
      findings_one: '{{count, number}} finding is beyond chance, counting all that was tested.',
      findings_other: '{{count, number}} findings are beyond chance, counting all that was tested.',
    },
    severity: { high: 'high', medium: 'medium', low: 'low' },
    finding: {
      disparity:
        '{{where}}: selected in {{rate}} of {{n}} decisions, {{ratio}} times the highest rate and less often than all others together (adjusted p {{p}}). Equal rates would have meant {{shortfall}} more favourable decisions.',
      'strata-reverse':
        '{{where}}: the overall ratio is {{ratio}}, but within {{column}} the odds ratio is {{odds}} (p {{p}}): the other way round. The total mixes groups that differ in {{column}}.',
      'strata-explain':
        '{{where}}: the overall ratio is {{ratio}}; within {{column}} no difference beyond chance remains in that direction (odds ratio {{odds}}, p {{p}}).',
      'amplified-at-site':
        '{{site}}: the impact ratio of {{where}} is {{difference}} against the parent site (adjusted p {{p}}). The disparity is larger here.',
      'sites-differ':
        '{{where}}: the {{sites}} sites differ by more than chance (p {{p}}); {{share}} of the variation is between sites. One ratio for all of them misleads.',
      'refused-by-all':
        '{{share}} of subjects were refused by all {{deployers}} deployers; independent decisions would give {{expected}}. That is {{ratio}} times as many.',
      'shared-base':
        'Deployers that share a base model refuse the same people {{sharing}} times as often as independence says, others {{apart}} times.',
    },
    next: {
      disparity:
        'Look at what the decision for {{where}} rests on, and whether the same purpose can be reached with less difference. Ask for strata (--stratum) that may explain it.',
      'strata-reverse': 'Judge by the strata, and ask why groups are spread so unevenly over them.',
      'strata-explain': 'Ask whether the strata themselves were a fair choice, then judge within them.',
      'amplified-at-site': 'Compare what this site changed: threshold, inputs, people, version of the model.',
      'sites-differ': 'Report each site by itself, and audit the ones at the ends.',
      'refused-by-all': 'Give the people concerned a way that does not lead through the same model.',
      'shared-base': 'Ask deployers for a second opinion from a model of another origin.',
      none: 'Repeat the audit when more decisions are there, and after every change of the model: an audit never carries over.',
      general:
        'Keep this result with the model, the site and the window it is about; measure again after every change.',
    },
    note: {
      'unknown-category':
        '{{attribute}} is unknown in {{n}} decisions ({{share}}). They are in no rate; the bounds of the ratios say what they could change.',
      'small-categories':
        '{{attribute}}: fewer than {{limit}} decisions in {{count}} categories ({{names}}). Their intervals are wide.',
      'left-out-categories':
        '{{attribute}}: {{count}} categories below the least share take no part in ratios ({{names}}).',
      'ties-at-median': '{{attribute}}: {{n}} decisions have exactly the median score and count as not above it.',
      'repeated-subjects':
        'Some subjects appear more than once: intervals are by bootstrap over subjects, tests by the variance between subjects.',
      'selective-labels':
        'Outcomes are known of selected people only. Error rates that need the outcomes of the refused are not given.',
      'one-category': '{{attribute}} has one category only ({{category}}): there is nothing to compare it with.',
      'other-decisions': 'Everything but {{value}} counts as not favourable: {{values}}.',
      'similar-names':
        '{{attribute}} has both “{{first}}” and “{{second}}”. If they are one category, put that right and audit again.',
      'no-weeks': 'Too many combinations to tell weeks apart: there is no time line.',
      'stratum-missing': '{{n}} decisions are in no stratum: they count in the rates, not within strata.',
      'site-missing': '{{n}} decisions name no site: they count in the rates, not at any site.',
      'outcome-missing': '{{n}} decisions have no known outcome: they count in the rates, not in the error rates.',
      'subject-missing': '{{n}} rows name no subject: each counts as a person of its own.',
      'incomplete-subjects': '{{n}} subjects were not decided on by every deployer and are left out.',
    },
    leftOut: {
      'outside-window': 'outside the window',
      'time-missing': 'no time',
      'decision-missing': 'no decision',
      'score-missing': 'no score',
      'torn-line': 'last line cut off by a crash of the writer',
      'unit-missing': 'no unit',
      'outcome-missing': 'no outcome',
      'probability-missing': 'no probability',
      'holdout-missing': 'not said whether held back',
      'units-unbalanced': 'units not seen in every period',
      'units-already-adopted': 'units that adopted before the first period or after the last',
      'units-adoption-changes': 'units with more than one date of adoption',
    },
    heterogeneity:
      '{{where}}: pooled ratio {{pooled}}, Q p {{p}}, I² {{share}}; another such site would lie between {{low}} and {{high}}.',
    homogenisation:
      '{{subjects}} subjects, {{deployers}} deployers: {{observed}} refused by all, {{expected}} expected, ratio {{ratio}} ({{low}} to {{high}}).',
    grade: {
      A: 'A: randomised',
      B: 'B: threshold',
      C: 'C: staggered adoption',
      D: 'D: interrupted series with controls',
      E: 'E: association only',
      none: 'not identifiable from this log',
    },
    feedbackEstimate: 'Grade {{grade}}. {{estimand}}: {{estimate}} (95 % interval {{low}} to {{high}}).',
    feedbackAverages: 'Average over cohorts {{group}}, over time since adoption {{dynamic}}.',
    notIdentifiable: 'Not identifiable from this log.',
    feedback: {
      randomised: 'Chance decided: {{treated}} decisions one way, {{control}} the other.',
      discontinuity:
        'A threshold decided, and the density of the score does not jump there. {{below}} rows below and {{above}} above are within {{bandwidth}} of it.',
      staggered:
        '{{units}} units in {{cohorts}} cohorts adopted at different times; {{controls}} never did. Trends before adoption do not differ beyond chance.',
      interrupted:
        '{{units}} units adopted at once; {{controls}} controls did not. {{before}} periods before, {{after}} after.',
      'before-after':
        'Only before ({{before}} rows) and after ({{after}} rows) {{released}} are compared. Whatever else changed then is in the figure. A group that did not adopt (--unit, --adopted) or a randomised holdout (--holdout) would tell more.',
      'no-design':
        'The log has no randomised holdout or exploration (--holdout, --probability), no threshold on a score (--score, --threshold), no units that adopted at different times beside units that never did (--unit, --time, --adopted), and no date of release (--deployed). Any one of them would make an effect identifiable.',
      'no-outcome': 'No outcome is named (--outcome). Record what happened to people after the decision.',
      'no-exploration':
        'Every decision was certain: no row has a probability between 0 and 1 in both arms. Decide a small random share of cases independently of the model, and record the probability.',
      'probabilities-contradict':
        'The recorded probabilities do not fit the decisions that were taken. Record the probability with which the action that was taken was chosen.',
      'density-jumps':
        'The number of people jumps at the threshold (p {{p}}): they, or those who score them, know it. Those just above are not like those just below. A randomised share near the threshold would settle it.',
      'not-sharp':
        'The threshold does not decide: {{share}} of decisions fell on the other side. Record what overrode it, or the probability of each decision.',
      'too-few':
        'Too few {{what}}: {{have}} where at least {{need}} are needed. More of them would make it identifiable.',
      'no-controls':
        'Every unit adopted. Units that never did (0 or empty in the adoption column) are needed to say what would have happened anyway; keep a few back, or add sites that do not use the model.',
      'no-adoption':
        'No unit adopted within the log. The adoption column holds the first period of use; 0 or empty means never.',
      'pre-trends':
        'Those who adopted were on another path before they did (p {{p}}). Units that moved alike before, or a randomised holdout, would settle it.',
      deterministic:
        'The decision is a function of recorded columns: people with equal values never got different decisions, so there is nobody to compare. A random share decided otherwise (--probability), or a known threshold on a score (--score, --threshold), would make it identifiable.',
    },
    what: {
      arm: 'decisions in one arm',
      side: 'rows on one side of the threshold',
      values: 'different scores on one side of the threshold',
      reach: 'rows near the threshold',
      units: 'units in a cohort or among the controls',
      before: 'periods before adoption',
      after: 'periods after adoption',
      release: 'rows before or after release',
    },
    ll144: {
      title: 'Bias audit results (NYC Local Law 144 of 2021; 6 RCNY § 5-300 and following)',
      sex: 'Sex categories',
      race: 'Race/ethnicity categories',
      both: 'Intersectional categories',
      applicants: '# of applicants',
      selected: '# selected',
      selectionRate: 'selection rate',
      scoringRate: 'scoring rate',
      impactRatio: 'impact ratio',
      unknown_one:
        '{{count, number}} individual with an unknown category is not in the calculations above ({{attribute}}).',
      unknown_other:
        '{{count, number}} individuals with an unknown category are not in the calculations above ({{attribute}}).',
      auditDate: 'Date of the bias audit: {{date}}',
      source: 'Source and explanation of the data: {{source}}',
      distribution: 'Distribution date of the tool: {{date}}',
      notGiven: 'not given',
      excluded:
        'Categories below {{share}} of the data are left out of the impact ratios; their numbers and rates stay. Justification: {{justification}}',
      note: 'The law asks for these figures and sets no pass mark.',
    },
    read: {
      rate: 'Share of decisions in a category that were favourable.',
      ratio:
        'The rate divided by the highest rate. Below 1: selected less often. The interval says how far chance alone could move it.',
      p: 'How often chance alone would make such a difference between a category and all others, counting every category tested (Holm).',
      shortfall: 'Favourable decisions missing for the category to have had its expected number.',
      limit: 'A difference does not tell its cause, and no difference does not prove fairness.',
    },
  },
  simulation: {
    title: 'What retraining on its own decisions does (simulated, seed {{seed}})',
    urn: 'Sent where something was found before (Pólya urn, true rates {{first}} and {{second}}, {{days}} days, {{seeds}} runs):',
    urnPlain: 'plain: the first place ends with a share of {{mean}} (± {{error}})',
    urnCorrected: 'corrected for where it looked: {{mean}} (± {{error}})',
    retraining: 'Retrained on what it caused ({{rounds}} rounds): how strongly people and outcomes respond decides.',
    response: 'response {{response}}: weight {{weight}} after the last round, {{outcome}}',
    settles: 'settles near {{point}}',
    runsOff: 'still moving',
    selective: 'Outcomes seen of accepted people only; both groups repay alike ({{rounds}} rounds):',
    exploration: 'exploration {{share}}: accepted {{first}} and {{second}}, mean score moved by {{up}} and {{other}}',
  },
  compare: {
    subtitle:
      'How often the child answers otherwise than the parent, and for whom. Equal accuracy says nothing about single inputs.',
    all: 'all inputs',
    title: 'How behaviour changed',
    lead: 'On {{items}} inputs, {{negative}} that were right became wrong ({{negativeRate}}, 95 % interval {{low}} to {{high}}), and {{positive}} that were wrong became right ({{positiveRate}}).',
    accuracy: 'Right: {{parent}} before, {{child}} after. The difference is {{verdict}} (exact McNemar p {{p}}).',
    beyond: 'beyond chance',
    within: 'within chance',
    unlabelled:
      'On {{items}} inputs, {{flips}} answers changed ({{rate}}, 95 % interval {{low}} to {{high}}). Without the right answers (--truth) nobody can say which way.',
    hidden: 'Equal accuracy hides exchanges: {{flips}} answers changed.',
    groups: 'By {{attribute}}',
    flips: 'Answers that changed',
    column: {
      group: 'group',
      items: 'inputs',
      negative: 'right to wrong',
      positive: 'wrong to right',
      difference: 'change of the share right',
      p: 'p',
      key: 'input',
      parent: 'before',
      child: 'after',
      truth: 'right',
    },
    more_one: 'and {{count, number}} more; --json lists all',
    more_other: 'and {{count, number}} more; --json lists all',
    missing: '{{first}} inputs are only in the first, {{second}} only in the second; they are left out.',
    unanswered_one: '{{count, number}} input without a prediction or a right answer is left out.',
    unanswered_other: '{{count, number}} inputs without a prediction or a right answer are left out.',
    cost: '{{requests}} requests, {{tokens}} tokens, {{cost}}',
    noPrice: 'no price given (--price)',
    next: 'An audit of the parent does not hold for the child. Measure the child’s own decisions (yukue audit).',
    running: 'Asking {{name}}: {{done}} of {{total}} inputs',
  },
  logFault: {
    'no-such-column': '{{path}} has no column {{column}}. It has: {{columns}}.',
    'duplicate-column': '{{path}} has two columns named {{column}}. Rename one.',
    'empty-log': '{{path}} has no rows. Check the file, or how it was exported.',
    'unknown-log-format':
      '{{path}} is not a decision log that can be read. Give a .csv, .jsonl, .parquet or .duckdb file, or a folder of files of one kind.',
    'malformed-log': '{{path}}: {{reason}}. Repair the file or export it again.',
    'malformed-log-row': '{{path}}, row {{row}}: {{reason}}. Repair the row or export the file again.',
    'not-utf8':
      '{{path}}, row {{row}}, column {{column}}: byte {{offset}} is not UTF-8, so the file mixes encodings or has another. Save it as UTF-8.',
    'bad-value': '{{path}}, row {{row}}, column {{column}}: “{{value}}” is not {{expected}}.',
    'favourable-absent': '{{path}}, column {{column}}: no row has the value “{{value}}”. It has: {{values}}.',
    'favourable-ambiguous':
      '{{path}}, row {{row}}, column {{column}}: “{{other}}” may mean the same as “{{value}}”. Name every value that does (repeat the option), or make them one.',
    'too-many-cells':
      '{{path}}: the columns make more than {{limit, number}} combinations. Leave one out, or take one with fewer values (an age band in place of an age).',
    'option-needed': '{{because}} needs {{option}}.',
    'option-not-usable': '{{option}} does not take “{{value}}”. Give {{expected}}.',
    'option-twice': '{{option}} is given twice: “{{first}}” and “{{second}}”. Decide on one.',
    'duplicate-key':
      '{{path}}, row {{row}}, column {{column}}: “{{value}}” stands there a second time. Each input must have one row.',
    'nothing-in-common': '{{first}} and {{second}} have no input in common. Check the key column.',
    'engine-missing':
      '{{name}} is not installed or does not load here ({{reason}}). Install it with npm install {{name}}.',
    'model-not-runnable': '{{path}} could not be run: {{reason}}.',
    'endpoint-failed':
      '{{url}} gave no answer for input {{item}}: {{reason}}. What was answered is kept: the same command goes on from there.',
    expected: {
      format: 'a date as --time-format {{format}} says',
      date: 'a date as 2024-01-31 or 2024-01-31T09:30:00Z. Name another order with --time-format',
      number: 'a number',
      weight: 'a whole number of at least 0, as a weight is',
      probability: 'a probability between 0 and 1',
      period: 'a whole number or a date as 2024-01-31',
    },
  },
} as const
