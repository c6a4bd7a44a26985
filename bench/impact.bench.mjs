/**
 * An audit of 50 million decisions beside the bare GROUP BY that it rests on, in turn, in one run; and the same figures from
 * Fairlearn's MetricFrame on a million rows of it. Run after `npm run build`:
 *
 *     npm run bench:impact                       50 million rows × 8 columns, Parquet
 *     npm run bench:impact -- --rows 1000000     quick
 *     npm run bench:impact -- --fairlearn        with Fairlearn (python3 with venv, pip from PyPI)
 *
 * Bars: at most 1.5 × the GROUP BY, at most 2 GiB, equal to Fairlearn to 1e-9.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DuckDBInstance } from '@duckdb/node-api'

const BIN = fileURLToPath(new URL('../bin/yukue.js', import.meta.url))
const ROUNDS = 3

const QUESTION = '--decision action --favourable approved --group sex --group race --group age --time time'.split(' ')

const MEASURED = `
const report = (started) => {
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1024)
  process.stdout.write(JSON.stringify({ seconds: (performance.now() - started) / 1000, megabytes }) + '\\n')
}`

/** The counts that the audit needs, from the same engine, with nothing done to them. */
const BARE = `${MEASURED}
const started = performance.now()
const { DuckDBInstance } = await import('@duckdb/node-api')
const instance = await DuckDBInstance.create(':memory:')
const connection = await instance.connect()
const result = await connection.runAndReadAll("SELECT sex, race, age, DATE_TRUNC('week', time) AS week, action, COUNT(*) AS n FROM read_parquet('" + process.argv[1] + "') GROUP BY ALL")
if (result.getRowsJS().length === 0) throw new Error('no rows')
report(started)`

const AUDIT = `${MEASURED}
const started = performance.now()
const { run } = await import('./dist/src/cli/run.js')
const sink = { write() {}, isTTY: false }
const code = await run(['audit', process.argv[1], ...${JSON.stringify(QUESTION)}, '--json', '--quiet'], { stdout: sink, stderr: process.stderr, env: {}, cwd: () => process.cwd() })
if (code !== 0) throw new Error('the audit failed')
report(started)`

const FAIRLEARN = `
import json, sys, time
import pandas
from fairlearn.metrics import MetricFrame, selection_rate
start = time.perf_counter()
data = pandas.read_parquet(sys.argv[1])
reading = time.perf_counter() - start
start = time.perf_counter()
chosen = (data['action'] == 'approved').astype(int)
frame = MetricFrame(metrics=selection_rate, y_true=chosen, y_pred=chosen, sensitive_features=data[['sex', 'race', 'age']])
rates = {'|'.join(key): rate for key, rate in frame.by_group.items()}
print(json.dumps({'rates': rates, 'seconds': time.perf_counter() - start, 'reading': reading}))
`
const rows = Number(argument('--rows') ?? 50_000_000)
const folder = mkdtempSync(join(tmpdir(), 'yukue-impact-bench-'))

try {
  const file = join(folder, 'decisions.parquet')
  await generate(file, rows)
  print(
    `${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(2)}, Node ${process.version}; ${rows.toLocaleString('en-GB')} rows × 8 columns, ${(statSync(file).size / 1e6).toFixed(0)} MB Parquet`,
  )
  const ratios = []
  for (let round = 0; round <= ROUNDS; round++) {
    const bare = child('bare', file)
    const audited = child('audit', file)
    if (round === 0) continue
    ratios.push(audited.seconds / bare.seconds)
    print(
      `GROUP BY ${bare.seconds.toFixed(2)} s, ${bare.megabytes} MiB; audit ${audited.seconds.toFixed(2)} s, ${audited.megabytes} MiB; ${ratios.at(-1)?.toFixed(2)} ×`,
    )
  }
  print(`median ${median(ratios).toFixed(2)} × the GROUP BY (bar 1.5)`)
  if (process.argv.includes('--fairlearn')) await besideFairlearn(file)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/**
 * Decisions as a lender would log them: three attributes, a site, a model, a time, a score, an action.
 *
 * @param {string} file
 * @param {number} count
 */
async function generate(file, count) {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '1500MB' })
  const connection = await instance.connect()
  await connection.run('SELECT SETSEED(0.5)')
  await connection.run(`COPY (
    SELECT CASE WHEN a < 0.48 THEN 'F' WHEN a < 0.99 THEN 'M' ELSE 'X' END AS sex,
      CASE WHEN b < 0.55 THEN 'white' WHEN b < 0.7 THEN 'black' WHEN b < 0.88 THEN 'hispanic' ELSE 'asian' END AS race,
      CASE WHEN c < 0.3 THEN '18-34' WHEN c < 0.7 THEN '35-54' ELSE '55+' END AS age,
      'site ' || (i % 20) AS site, 'model-' || (i % 3) AS model,
      TIMESTAMP '2024-01-01' + INTERVAL (CAST(d * 31536000 AS BIGINT)) SECOND AS time,
      ROUND(d, 3) AS score,
      CASE WHEN a + b + c + d > 1.6 THEN 'approved' ELSE 'denied' END AS action
    FROM (SELECT i, RANDOM() AS a, RANDOM() AS b, RANDOM() AS c, RANDOM() AS d FROM RANGE(${count}) AS t(i))
  ) TO '${file}' (FORMAT PARQUET)`)
  connection.closeSync()
  instance.closeSync()
}

/**
 * Each run is a process of its own, so that neither finds the other's memory.
 *
 * @param {'bare' | 'audit'} what
 * @param {string} file
 */
function child(what, file) {
  const script = what === 'bare' ? BARE : AUDIT
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script, file], {
    encoding: 'utf8',
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    maxBuffer: 1 << 28,
  })
  if (status !== 0) throw new Error(stderr)
  const { seconds, megabytes } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
  return { seconds: Number(seconds), megabytes: Number(megabytes) }
}

/** @param {string} flag */
function argument(flag) {
  const at = process.argv.indexOf(flag)
  return at < 0 ? undefined : process.argv[at + 1]
}

/** @param {string} file */
async function besideFairlearn(file) {
  const sample = join(folder, 'sample.parquet')
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(`COPY (SELECT * FROM read_parquet('${file}') LIMIT 1000000) TO '${sample}' (FORMAT PARQUET)`)
  connection.closeSync()
  instance.closeSync()
  const environment = join(folder, 'venv')
  execFileSync('python3', ['-m', 'venv', environment])
  execFileSync(join(environment, 'bin/pip'), ['-q', 'install', 'fairlearn', 'pyarrow'], { stdio: 'ignore' })
  const python = join(folder, 'fairlearn_rates.py')
  writeFileSync(python, FAIRLEARN)
  const theirs = JSON.parse(execFileSync(join(environment, 'bin/python'), [python, sample], { encoding: 'utf8' }))
  const started = performance.now()
  const json = execFileSync(process.execPath, [BIN, 'audit', sample, ...QUESTION, '--json', '--quiet'], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  const seconds = (performance.now() - started) / 1000
  let worst = 0
  for (const { cell, rate } of JSON.parse(json).intersections)
    worst = Math.max(worst, Math.abs(rate - theirs.rates[`${cell.sex}|${cell.race}|${cell.age}`]))
  print(
    `1,000,000 rows: ours ${seconds.toFixed(2)} s whole process, all statistics; Fairlearn's MetricFrame ${theirs.seconds.toFixed(2)} s (reading ${theirs.reading.toFixed(2)} s); largest difference of a rate ${worst.toExponential(1)}`,
  )
  if (worst > 1e-9) throw new Error('the rates differ')
}

/** @param {number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`)
}
