import { CommandError } from '../contract/command-error.ts'
import type { CompareReport } from '../contract/compare.ts'
import type { DecisionLog } from './engine.ts'
import type { PairCell } from './flips.ts'
import { ask, column, identifier, literal, text } from './sql.ts'

/** Columns of two files of predictions. */
export interface PairColumns {
  key: string
  prediction: string
  truth: string | null
  groups: readonly string[]
}

export interface Paired {
  cells: PairCell[]
  flipped: CompareReport['flipped']
  leftOut: CompareReport['leftOut']
}

/** More flipped inputs than a person looks through. */
const MAX_FLIPPED = 1_000

/** Pairs two files of predictions by their key. Both must be logs of one engine. */
export async function pairLogs(parent: DecisionLog, child: DecisionLog, columns: PairColumns): Promise<Paired> {
  for (const log of [parent, child]) {
    column(log, columns.prediction)
    await refuseDuplicates(log, columns.key)
  }
  const joined = joinedSql(parent, child, columns)
  const groups = columns.groups.map((_, index) => `g${index}`)
  const rows = await ask(
    parent,
    `SELECT pr, cr, changed, ${groups.map((name) => `${name}, `).join('')}COUNT(*) AS n FROM (${joined}) AS pairs ` +
      `WHERE p IS NOT NULL AND c IS NOT NULL GROUP BY pr, cr, changed${groups.map((name) => `, ${name}`).join('')}`,
  )
  if (rows.length === 0) throw new CommandError({ code: 'nothing-in-common', first: parent.name, second: child.name })
  const flipped = await parent.engine.query(
    `SELECT k, p, c, t FROM (${joined}) AS pairs WHERE p IS NOT NULL AND c IS NOT NULL AND changed ` +
      `ORDER BY CASE WHEN pr AND NOT cr THEN 0 WHEN cr AND NOT pr THEN 1 ELSE 2 END, k LIMIT ${MAX_FLIPPED}`,
  )
  return {
    cells: rows.map((row) => ({
      parentRight: flag(row['pr']),
      childRight: flag(row['cr']),
      changed: row['changed'] === true,
      groups: groups.map((name) => (row[name] === null ? null : String(row[name]).normalize('NFC'))),
      n: Number(row['n']),
    })),
    flipped: flipped.map((row) => ({
      key: String(row['k']),
      parent: String(row['p']),
      child: String(row['c']),
      truth: row['t'] === null ? null : String(row['t']),
    })),
    leftOut: await leftOutOf(parent, child, columns, joined),
  }
}

function flag(value: string | number | boolean | null | undefined): boolean | null {
  return typeof value === 'boolean' ? value : null
}

/** 1 and 1.0 are one answer. */
function same(a: string, b: string): string {
  return `(${a} = ${b} OR COALESCE(TRY_CAST(${a} AS DOUBLE) = TRY_CAST(${b} AS DOUBLE), FALSE))`
}

function joinedSql(parent: DecisionLog, child: DecisionLog, { key, prediction, truth, groups }: PairColumns): string {
  const from = (name: string) => {
    const inParent = parent.columns.some((known) => known.name === name)
    if (!inParent) column(child, name)
    return `NULLIF(CAST(${inParent ? 'a' : 'b'}.${identifier(name)} AS VARCHAR), '')`
  }
  const of = (side: 'a' | 'b', name: string) => `NULLIF(CAST(${side}.${identifier(name)} AS VARCHAR), '')`
  const parts = [
    `${of('a', key)} AS k`,
    `${of('a', prediction)} AS p`,
    `${of('b', prediction)} AS c`,
    `${truth === null ? 'NULL' : from(truth)} AS t`,
    ...groups.map((name, index) => `${from(name)} AS g${index}`),
  ]
  const pairs = `SELECT ${parts.join(', ')} FROM ${parent.relation} AS a JOIN ${child.relation} AS b ON ${of('a', key)} = ${of('b', key)}`
  const right = (answer: string) =>
    truth === null ? 'NULL' : `CASE WHEN t IS NULL THEN NULL ELSE ${same(answer, 't')} END`
  const known = truth === null ? '' : ' WHERE t IS NOT NULL'
  return `SELECT *, ${right('p')} AS pr, ${right('c')} AS cr, NOT ${same('p', 'c')} AS changed FROM (${pairs}) AS joined${known}`
}

async function refuseDuplicates(log: DecisionLog, key: string): Promise<void> {
  const [row] = await log.engine.query(
    `SELECT ${text(log, key)} AS k FROM ${log.relation} WHERE ${text(log, key)} IS NOT NULL GROUP BY 1 HAVING COUNT(*) > 1 ORDER BY 1 LIMIT 1`,
  )
  if (!row) return
  const value = String(row['k'])
  const places = await log.engine.query(
    `SELECT place FROM (SELECT ROW_NUMBER() OVER () AS place, ${text(log, key)} AS k FROM ${log.relation}) AS placed WHERE k = ${literal(value)} ORDER BY place LIMIT 2`,
  )
  throw new CommandError({
    code: 'duplicate-key',
    path: log.name,
    row: Number(places[1]?.['place'] ?? 0),
    column: key,
    value,
  })
}

async function leftOutOf(parent: DecisionLog, child: DecisionLog, columns: PairColumns, joined: string) {
  const total = async (log: DecisionLog) =>
    Number((await log.engine.query(`SELECT COUNT(*) AS n FROM ${log.relation}`))[0]?.['n'] ?? 0)
  const [row] = await parent.engine.query(
    `SELECT COUNT(*) AS n, COUNT(*) FILTER (WHERE p IS NULL OR c IS NULL) AS empty FROM (${joined}) AS pairs`,
  )
  const [pairs] = await parent.engine.query(
    `SELECT COUNT(*) AS n FROM ${parent.relation} AS a JOIN ${child.relation} AS b ON ` +
      `NULLIF(CAST(a.${identifier(columns.key)} AS VARCHAR), '') = NULLIF(CAST(b.${identifier(columns.key)} AS VARCHAR), '')`,
  )
  const paired = Number(pairs?.['n'] ?? 0)
  const reasons = [
    { reason: 'only-in-parent', n: (await total(parent)) - paired },
    { reason: 'only-in-child', n: (await total(child)) - paired },
    { reason: 'truth-missing', n: paired - Number(row?.['n'] ?? 0) },
    { reason: 'prediction-missing', n: Number(row?.['empty'] ?? 0) },
  ]
  return reasons.filter(({ n }) => n > 0)
}
