/**
 * How well `relate` names what was done to generated models whose history is known (test/families). One row a kind and size:
 *
 *     npm run bench:families                               all kinds, 200 seeds each, then 10,209 pairs of strangers
 *     npm run bench:families -- --seeds 20 --first 1001    fewer seeds, from another one on
 *     npm run bench:families -- --only merged              kinds or sizes that contain this
 *     npm run bench:families -- --wrong                    what was said where it was not right
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    first: { type: 'string', default: '10001' },
    only: { type: 'string', default: '' },
    threads: { type: 'string', default: '2' },
    strangers: { type: 'string', default: '83' },
    wrong: { type: 'boolean', default: false },
  },
})

const threads = Number(values.threads)
const shares = Array.from({ length: threads }, (_, share) => runShare(share))
const results = await Promise.all(shares)
const rows = new Map()
for (const { cases } of results)
  for (const [key, row, found] of cases) {
    const sum = rows.get(key) ?? {
      right: 0,
      abstained: 0,
      wrong: 0,
      stated: 0,
      open: 0,
      reversed: 0,
      error: 0,
      found: [],
    }
    for (const name of ['right', 'abstained', 'wrong', 'stated', 'open', 'reversed']) sum[name] += row[name] ?? 0
    sum.error = Math.max(sum.error, row.error ?? 0)
    sum.found.push(...found)
    rows.set(key, sum)
  }
print('| change | size | right | wrong | abstained | direction stated | wrong | error at most |')
print('|---|---|---|---|---|---|---|---|')
for (const [key, row] of rows) {
  const [kind, size] = key.split('\t')
  print(
    `| ${kind} | ${size} | ${row.right} | ${row.wrong} | ${row.abstained} | ${row.stated} | ${row.reversed} | ${Number(row.error.toPrecision(2))} |`,
  )
  if (values.wrong) for (const line of row.found.slice(0, 3)) print(`      ${line}`)
}
for (const row of results.flatMap(({ strangers }) => strangers)) print(row)

/** @param {number} share */
function runShare(share) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./families/worker.mjs', import.meta.url), {
      workerData: {
        ...values,
        seeds: Number(values.seeds),
        first: Number(values.first),
        strangers: Number(values.strangers),
        share,
        threads,
        root: fileURLToPath(new URL('..', import.meta.url)),
      },
    })
    worker.on('message', resolve)
    worker.on('error', reject)
  })
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`)
}
