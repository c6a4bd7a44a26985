import type { AuditReport } from '../contract/audit.ts'
import { CommandError } from '../contract/command-error.ts'
import { type Deployment, deploymentsFrom } from '../ledger/sites.ts'
import { DEPLOYMENTS_TOPIC } from '../ledger/statement.ts'
import type { DecisionLog } from '../observe/engine.ts'
import type { Design } from '../observe/feedback/feedback.ts'
import { ask, expectAll, literal, text } from '../observe/sql.ts'
import type { OpenLog } from '../store/decision-source.ts'
import type { Estate } from '../store/estate.ts'
import type { AuditOptions, LedgerSource } from './audit-terms.ts'
import { findAt } from './find-model.ts'
import { type LedgerView, viewOf } from './ledger-view.ts'
import { withEstate } from './with-estate.ts'

export type FromLedger = NonNullable<AuditReport['fromLedger']>

/** Sites or deployers of one log; more are no sites. */
const MAX_NAMES = 10_000

/** Relations followed from one model. */
const MAX_STEPS = 10_000

/** The column that the ledger's dates of adoption are put in, beside those of the log. */
const ADOPTED = 'adopted (ledger)'

/**
 * The same log and options, with what the ledger says filled in where nothing was given: when each site adopted the model's family, on
 * which days it went into use, and which base model each deployer's model comes from.
 */
export async function withLedger(
  opened: OpenLog,
  options: AuditOptions,
  source: LedgerSource,
): Promise<{ opened: OpenLog; options: AuditOptions; fromLedger: FromLedger }> {
  const { log } = opened
  const { question, design, deployer } = options
  const siteColumn = question.site ?? design?.unit ?? (log.columns.some(({ name }) => name === 'site') ? 'site' : null)
  const sites = siteColumn === null ? [] : await namesIn(log, siteColumn)
  const deployers = deployer === null ? [] : await namesIn(log, deployer)
  const reference = source.model ?? (await onlyModel(log, question.model))
  const fromLedger = await withEstate(source.location, async (estate) => {
    const view = await viewOf(estate, null)
    const all = deploymentsFrom(await view.about([DEPLOYMENTS_TOPIC], ['deployed', 'retired']))
    const bases = await basesOf(estate, view, all, deployers)
    // only dates need to know which model is meant
    if (reference === null && design === null) return { model: null, adopted: [], without: [], deployments: [], bases }
    if (reference === null)
      throw new CommandError({ code: 'option-needed', option: '--record-model', because: '--from-ledger' })
    const { id } = await findAt(estate, view, reference)
    const family = await familyOf(estate, view, id)
    const own = all.filter(({ model, entry }) => family.has(model) && sites.includes(entry.statement.predicate.site))
    const adopted = sites.flatMap((site) => firstAt(own, site))
    return {
      model: id,
      adopted,
      without: sites.filter((site) => !adopted.some((each) => each.site === site)),
      deployments: [...new Set(own.map(({ entry }) => dayOf(entry.statement.predicate.at)))].sort(),
      bases,
    }
  })
  // the ledger knows days: periods that are mere numbers cannot be told before or after them
  if (design !== null && design.adopted === null && design.time !== null && fromLedger.adopted.length > 0)
    await expectAll(log, [{ name: design.time, expected: 'date' }], design.timeFormat)
  return { ...filledIn(opened, options, fromLedger, siteColumn), fromLedger }
}

/** What was given by hand stands. */
function filledIn(opened: OpenLog, options: AuditOptions, ledger: FromLedger, siteColumn: string | null) {
  const given = Object.entries(options.bases)
  const bases = { ...Object.fromEntries(ledger.bases.map(({ deployer, base }) => [deployer, base])) }
  for (const [deployer, base] of given) bases[deployer] = base
  const deployed = options.deployed.length > 0 ? options.deployed : ledger.deployments
  const { design } = options
  if (design === null) return { opened, options: { ...options, bases, deployed } }
  const isAdopted = design.adopted === null && siteColumn !== null && ledger.adopted.length > 0
  const filled: Design = {
    ...design,
    deployed,
    unit: design.unit ?? (isAdopted ? siteColumn : null),
    adopted: isAdopted ? ADOPTED : design.adopted,
  }
  const log = isAdopted ? withAdoption(opened.log, siteColumn, ledger.adopted) : opened.log
  return { opened: { ...opened, log }, options: { ...options, bases, deployed, design: filled } }
}

/** The log with one more column: the day on which the row's site adopted; empty for never. */
function withAdoption(log: DecisionLog, siteColumn: string, adopted: FromLedger['adopted']): DecisionLog {
  const cases = adopted.map(({ site, at }) => `WHEN ${literal(site)} THEN ${literal(dayOf(at))}`).join(' ')
  const relation = `(SELECT *, CASE ${text(log, siteColumn)} ${cases} END AS "${ADOPTED}" FROM ${log.relation})`
  return { ...log, relation, columns: [...log.columns, { name: ADOPTED, type: 'text' }] }
}

async function namesIn(log: DecisionLog, name: string): Promise<string[]> {
  const value = text(log, name)
  const rows = await log.engine.query(
    `SELECT DISTINCT ${value} AS name FROM ${log.relation} WHERE ${value} IS NOT NULL ORDER BY 1 LIMIT ${MAX_NAMES + 1}`,
  )
  if (rows.length > MAX_NAMES) throw new CommandError({ code: 'too-many-cells', path: log.name, limit: MAX_NAMES })
  return rows.map((row) => String(row['name']))
}

/** What the column of models says, where it says one thing only. */
async function onlyModel(log: DecisionLog, named: string | null): Promise<string | null> {
  const name = named ?? 'model'
  if (!log.columns.some((known) => known.name === name)) return null
  const rows = await ask(log, `SELECT DISTINCT ${text(log, name)} AS model FROM ${log.relation}`)
  const [only, ...others] = rows.flatMap((row) => (row['model'] === null ? [] : [String(row['model'])]))
  return others.length === 0 ? (only ?? null) : null
}

/** A model, what it came from, what else came from there, and what is related to it in undetermined direction. */
async function familyOf(estate: Estate, view: LedgerView, id: string): Promise<Set<string>> {
  const family = new Set([id])
  const add = async (from: string, way: 'ancestors' | 'descendants' | 'relatives') => {
    const { steps, more } = await estate.walk(from, view.size, way, MAX_STEPS)
    for (const model of [...steps.map((step) => step.model), ...more]) family.add(model)
  }
  for (const origin of await originsOf(estate, view, id)) {
    family.add(origin)
    await add(origin, 'descendants')
  }
  await add(id, 'ancestors')
  await add(id, 'relatives')
  return family
}

/** Ancestors of which no further ancestor is known; the model itself where it has none. */
async function originsOf(estate: Estate, { size }: LedgerView, id: string): Promise<string[]> {
  const { steps } = await estate.walk(id, size, 'ancestors', MAX_STEPS)
  const children = new Set(steps.map(({ relation }) => relation.child))
  const origins = steps.map(({ model }) => model).filter((model) => !children.has(model))
  return origins.length === 0 ? [id] : [...new Set(origins)].sort()
}

function firstAt(deployments: readonly Deployment[], site: string): FromLedger['adopted'] {
  const first = deployments.find(({ entry }) => entry.statement.predicate.site === site)
  if (first === undefined) return []
  return [{ site, at: first.entry.statement.predicate.at, model: first.model, statement: first.entry.number }]
}

/** Of each deployer, by the name of its site or its own, the measured origin of the model that it deployed last. */
async function basesOf(
  estate: Estate,
  view: LedgerView,
  all: readonly Deployment[],
  deployers: readonly string[],
): Promise<FromLedger['bases']> {
  const bases: FromLedger['bases'] = []
  for (const deployer of deployers) {
    const last = all.findLast(({ entry }) => {
      const { site, actor } = entry.statement.predicate
      return site === deployer || (actor !== null && actor.kind !== 'person' && actor.name === deployer)
    })
    if (last === undefined) continue
    const base = (await originsOf(estate, view, last.model)).join(' + ')
    bases.push({ deployer, base, model: last.model, statement: last.entry.number })
  }
  return bases
}

function dayOf(time: string): string {
  return time.slice(0, 'YYYY-MM-DD'.length)
}
