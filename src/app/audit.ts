import { CommandError } from '../contract/command-error.ts'
import { auditFigures } from '../observe/audit-figures.ts'
import { type Cells, countCells } from '../observe/cells.ts'
import { windowConditions } from '../observe/clusters.ts'
import type { DecisionLog } from '../observe/engine.ts'
import { calibration, errorRates } from '../observe/error-rates.ts'
import { checkMeaning, checkNamed } from '../observe/favourable.ts'
import { effectOf } from '../observe/feedback/effect.ts'
import { disparityFindings, homogenisationFindings, siteFindings, strataFindings } from '../observe/findings.ts'
import { homogenisation, refusalPatterns } from '../observe/homogenisation.ts'
import type { Impact } from '../observe/impact.ts'
import { notesOn } from '../observe/notes.ts'
import type { Question } from '../observe/question.ts'
import { acrossSites, adjustSites } from '../observe/sites.ts'
import { ask, expectAll, text } from '../observe/sql.ts'
import { stratified } from '../observe/strata.ts'
import { type Judgement, judge, missingIn } from '../observe/tally.ts'
import { timeline } from '../observe/timeline.ts'
import { type OpenLog, openLog } from '../store/decision-source.ts'
import { withLedger } from './audit-ledger.ts'
import type { AuditOptions, AuditProgress } from './audit-terms.ts'

export type { AuditOptions, AuditProgress }

/** What the decisions of one log did to people: rates, ratios, tests, and what their use feeds back. */
export async function audit(options: AuditOptions, progress: AuditProgress): Promise<Impact> {
  progress.onPhase('opening')
  const opened = await openLog(options.path, options.table)
  try {
    return await impactOf(opened, options, progress)
  } finally {
    await opened.log.engine.close()
  }
}

/** The same of a log that is open. */
export async function impactOf(given: OpenLog, asked: AuditOptions, progress: AuditProgress): Promise<Impact> {
  const { opened, options, fromLedger } =
    asked.ledger === null
      ? { opened: given, options: asked, fromLedger: null }
      : await withLedger(given, asked, asked.ledger)
  const { log, files, digest, torn } = opened
  progress.onPhase('counting')
  const rows = await rowsOf(log)
  const counted = isJudged(options.question) ? await countCells(log, options.question) : NOTHING_COUNTED
  const judgement = judge(counted.cells, options.question)
  await checkFavourable(log, options.question, counted)
  checkNamed(log, options.question, counted.cells)
  if (options.probability !== null) await expectAll(log, [{ name: options.probability, expected: 'probability' }])
  progress.onPhase('estimating')
  const figures = await auditFigures(log, options.question, judgement.cells)
  const effect = options.design === null ? null : await effectOf(log, options.design)
  const leftOut = leftOutOf(judgement, options.question)
  const impact = {
    input: { digest, files },
    rows,
    decisions: judgement.decisions,
    leftOut: [
      ...leftOut,
      ...(effect?.leftOut ?? []).filter(({ reason }) => !leftOut.some((known) => known.reason === reason)),
      ...(torn > 0 ? [{ reason: 'torn-line', n: torn }] : []),
    ],
    window: windowOf(counted, options.question),
    site: onlyOne(counted, 'site'),
    model: onlyOne(counted, 'model'),
    favourable: favourableOf(judgement, options.question, counted),
    minimumShare: options.question.minimumShare,
    attributes: figures.attributes,
    intersections: figures.intersections,
    intersectionsSummary: figures.intersectionsSummary,
    strata: strataOf(judgement, options.question, figures.disparities),
    errorRates: await calibration(log, options.question, errorRates(judgement.cells, options.question)),
    ...sitesOf(judgement, options.question, figures.disparities),
    homogenisation: await homogenisationOf(log, options),
    feedback: effect?.feedback ?? null,
    timeline: counted.weekly ? timeline(judgement.cells, options.question) : [],
    deployments: [...options.deployed].sort(),
    ...(fromLedger === null ? {} : { fromLedger }),
    seed: options.question.seed,
  }
  return {
    ...impact,
    findings: [
      ...disparityFindings(impact.attributes, impact.intersections),
      ...strataFindings(impact.strata, impact.attributes),
      ...siteFindings(impact),
      ...homogenisationFindings(impact.homogenisation),
    ],
    notes: notesOn(impact, {
      repeats: figures.repeats,
      weekly: counted.weekly || options.question.time === null,
      missing: { ...missingIn(judgement.cells, options.question), subject: await unnamed(log, options.question) },
    }),
  }
}

const NOTHING_COUNTED: Cells = { cells: [], weekly: false }

function isJudged({ decision, score, groups }: Question): boolean {
  return decision !== null || (score !== null && groups.length > 0)
}

async function rowsOf(log: DecisionLog): Promise<number> {
  const [row] = await log.engine.query(`SELECT COUNT(*) AS n FROM ${log.relation}`)
  const rows = Number(row?.['n'] ?? 0)
  if (rows === 0) throw new CommandError({ code: 'empty-log', path: log.name })
  return rows
}

/** Rows that name no subject. */
async function unnamed(log: DecisionLog, question: Question): Promise<number> {
  if (question.subject === null) return 0
  const conditions = [`${text(log, question.subject)} IS NULL`, ...windowConditions(log, question)]
  const [row] = await log.engine.query(`SELECT COUNT(*) AS n FROM ${log.relation} WHERE ${conditions.join(' AND ')}`)
  return Number(row?.['n'] ?? 0)
}

async function checkFavourable(log: DecisionLog, question: Question, { cells }: Cells): Promise<void> {
  const { decision, favourable, outcome, positive } = question
  if (decision !== null) await checkMeaning(log, decision, favourable, valuesOf(cells, 'decision'))
  if (outcome === null || positive.length === 0) return
  // without a decision no cells are counted, and the outcomes of an effect are looked up
  const outcomes = decision === null ? await valuesIn(log, outcome) : valuesOf(cells, 'outcome')
  await checkMeaning(log, outcome, positive, outcomes)
}

async function valuesIn(log: DecisionLog, name: string): Promise<string[]> {
  const rows = await ask(log, `SELECT DISTINCT ${text(log, name)} AS value FROM ${log.relation}`)
  return rows.flatMap(({ value }) => (value === null || value === undefined ? [] : [String(value).normalize('NFC')]))
}

function valuesOf(cells: Cells['cells'], role: 'decision' | 'outcome' | 'site' | 'model'): string[] {
  return [...new Set(cells.map((cell) => cell[role]))].filter((value) => value !== null)
}

function onlyOne({ cells }: Cells, role: 'site' | 'model'): string | null {
  const values = valuesOf(cells, role)
  return values.length === 1 ? values[0]! : null
}

function windowOf({ cells }: Cells, { from, to, time }: Question): Impact['window'] {
  if (time === null) return { from: null, to: null }
  const inside = cells.filter((cell) => cell.inside)
  const first = inside.flatMap((cell) => cell.from ?? []).sort()[0]
  const last = inside
    .flatMap((cell) => cell.to ?? [])
    .sort()
    .at(-1)
  return { from: from ?? first ?? null, to: to ?? last ?? null }
}

function favourableOf(
  { decisions, selected, cells }: Judgement,
  question: Question,
  counted: Cells,
): Impact['favourable'] {
  if (decisions === 0) return null
  if (question.decision === null)
    return question.score === null || counted.cells.length === 0
      ? null
      : { column: question.score, value: '> median', n: 0, rate: 0, others: [] }
  const value = question.favourable.join(' | ')
  const others = valuesOf(cells, 'decision').filter((other) => !question.favourable.includes(other))
  return { column: question.decision, value, n: selected, rate: selected / decisions, others: others.sort() }
}

/** In an audit of scores, rows without one are left out as well. */
function leftOutOf({ leftOut, cells }: Judgement, { decision, score }: Question): Impact['leftOut'] {
  if (decision !== null || score === null) return leftOut
  const missing = cells.reduce((sum, cell) => sum + cell.n - cell.scored, 0)
  return missing > 0 ? [...leftOut, { reason: 'score-missing', n: missing }] : leftOut
}

type Disparities = Awaited<ReturnType<typeof auditFigures>>['disparities']

function strataOf({ cells }: Judgement, question: Question, disparities: Disparities): Impact['strata'] {
  const { stratum, groups } = question
  if (stratum === null) return { column: null, mantelHaenszel: null }
  const mantelHaenszel = groups.flatMap((attribute, index) => stratified(cells, attribute, index, disparities[index]!))
  return { column: stratum, mantelHaenszel }
}

function sitesOf({ cells }: Judgement, question: Question, disparities: Disparities) {
  if (question.site === null) return { sites: [], heterogeneity: [] }
  const parts = question.groups.map((attribute, index) =>
    acrossSites(cells, attribute, index, disparities[index]!, question.parentSite),
  )
  return {
    sites: adjustSites(parts.flatMap(({ sites }) => sites)),
    heterogeneity: parts.flatMap(({ heterogeneity }) => heterogeneity),
  }
}

async function homogenisationOf(log: DecisionLog, { deployer, question, bases }: AuditOptions) {
  if (deployer === null) return null
  for (const [option, name] of [
    ['--subject', question.subject],
    ['--decision', question.decision],
  ] as const)
    if (name === null) throw new CommandError({ code: 'option-needed', option, because: '--deployer' })
  return homogenisation(await refusalPatterns(log, question, deployer), question, bases)
}
