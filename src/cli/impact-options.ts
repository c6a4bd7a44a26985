import type { TextKey } from '../report/language.ts'

/** The options of `audit` and `compare`; three dots after one that may be repeated. */
type OptionList = readonly (readonly [flags: string, text: TextKey])[]

export const AUDIT_OPTIONS: OptionList = [
  ['--decision <column>', 'cli.audit.decision'],
  ['--favourable <value>...', 'cli.audit.favourable'],
  ['--score <column>', 'cli.audit.score'],
  ['--group <column>...', 'cli.audit.group'],
  ['--stratum <column>', 'cli.audit.stratum'],
  ['--weight <column>', 'cli.audit.weight'],
  ['--subject <column>', 'cli.audit.subject'],
  ['--site <column>', 'cli.audit.site'],
  ['--parent-site <name>', 'cli.audit.parentSite'],
  ['--model <column>', 'cli.audit.model'],
  ['--time <column>', 'cli.audit.time'],
  ['--time-format <format>', 'cli.audit.timeFormat'],
  ['--from <day>', 'cli.audit.from'],
  ['--to <day>', 'cli.audit.to'],
  ['--outcome <column>', 'cli.audit.outcome'],
  ['--positive <value>...', 'cli.audit.positive'],
  ['--reference <attribute=category>...', 'cli.audit.reference'],
  ['--unknown <value>...', 'cli.audit.unknown'],
  ['--min-share <share>', 'cli.audit.minShare'],
  ['--justification <text>', 'cli.audit.justification'],
  ['--deployer <column>', 'cli.audit.deployer'],
  ['--base <deployer=model>...', 'cli.audit.base'],
  ['--effect', 'cli.audit.effect'],
  ['--holdout <column>', 'cli.audit.holdout'],
  ['--probability <column>', 'cli.audit.probability'],
  ['--threshold <number>', 'cli.audit.threshold'],
  ['--unit <column>', 'cli.audit.unit'],
  ['--adopted <column>', 'cli.audit.adopted'],
  ['--period <period>', 'cli.audit.period'],
  ['--deployed <day>...', 'cli.audit.deployed'],
  ['--feature <column>...', 'cli.audit.feature'],
  ['--map <file>', 'cli.audit.map'],
  ['--table <name>', 'cli.audit.table'],
  ['--report <kind>', 'cli.audit.report'],
  ['--audit-date <day>', 'cli.audit.auditDate'],
  ['--source <text>', 'cli.audit.source'],
  ['--distribution-date <day>', 'cli.audit.distributionDate'],
  ['--page <file>', 'cli.audit.page'],
  ['--simulate', 'cli.audit.simulate'],
  ['--seed <number>', 'cli.audit.seed'],
]

export const AUDIT_EXAMPLES = [
  'yukue audit hmda.csv --decision deny --favourable no --group afam',
  'yukue audit admissions.csv --decision admit --favourable Admitted --group gender --stratum dept --weight freq',
  'yukue audit scores.parquet --score score --group sex --group race --report ll144',
  'yukue audit mpdta.csv --effect --outcome lemp --unit countyreal --time year --adopted first.treat',
  'yukue audit --simulate --seed 7',
]

export const COMPARE_OPTIONS: OptionList = [
  ['--predictions <file...>', 'cli.compare.predictions'],
  ['--inputs <file>', 'cli.compare.inputs'],
  ['--key <column>', 'cli.compare.key'],
  ['--prediction <column>', 'cli.compare.prediction'],
  ['--truth <column>', 'cli.compare.truth'],
  ['--group <column>...', 'cli.compare.group'],
  ['--labels <list>', 'cli.compare.labels'],
  ['--prompt <template>', 'cli.compare.prompt'],
  ['--model <name>...', 'cli.compare.model'],
  ['--api-key-env <name>', 'cli.compare.apiKeyEnv'],
  ['--concurrency <number>', 'cli.compare.concurrency'],
  ['--price <list>', 'cli.compare.price'],
  ['--resume <file>', 'cli.compare.resume'],
]

export const COMPARE_EXAMPLES = [
  'yukue compare --predictions a.csv b.csv --key id --prediction label --truth truth --group sex',
  'yukue compare parent.onnx child.onnx --inputs cases.csv --key id --truth truth',
  'yukue compare http://a:8000/v1 http://b:8000/v1 --inputs cases.csv --key id --prompt "Approve? {text}" --labels yes,no',
]
