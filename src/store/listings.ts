import { sql } from 'kysely'
import type { PredicateKind } from '../contract/predicates.ts'
import type { EstateDb } from './database.ts'
import type { LedgerEntry } from './ledger.ts'
import { inBatches, inBulk } from './rows.ts'

/** What lists of an estate are made of: many rows, few columns. */

/** A model and where it is or was, for looking it up. */
export interface ListedModel {
  id: string
  name: string
  /** Of all its artifacts, gone ones too. */
  paths: string[]
}

export async function listedModels(db: EstateDb): Promise<ListedModel[]> {
  const models = new Map<string, ListedModel>()
  const named = db.selectFrom('models').select(['id', 'name'])
  for (const [id, name] of await inBulk<[string, string]>(db, named, ['id', 'name']))
    models.set(id, { id, name, paths: [] })
  const placed = db.selectFrom('artifacts').select(['model', 'path'])
  for (const [model, path] of await inBulk<[string, string]>(db, placed, ['model', 'path']))
    models.get(model)?.paths.push(path)
  return [...models.values()]
}

/** What a list shows of a model beside its name. */
export interface ModelFigures {
  parameters: number
  quantisation: string | null
  origin: 'scanned' | 'imported'
  formats: string[]
  copies: number
  gone: number
  /** JSON texts. */
  changes: string[]
  parents: number
  children: number
}

export async function figuresOf(db: EstateDb, ids: readonly string[]): Promise<Map<string, ModelFigures>> {
  const figures = new Map<string, ModelFigures>()
  await inBatches(ids, async (batch) => {
    const rows = db.selectFrom('models').select(['id', 'parameters', 'quantisation', 'origin']).where('id', 'in', batch)
    for (const { id, parameters, quantisation, origin } of await rows.execute()) {
      const none = { formats: [], copies: 0, gone: 0, changes: [], parents: 0, children: 0 }
      figures.set(id, { parameters, quantisation, origin, ...none })
    }
    await addPlaces(db, batch, figures)
    await addFamily(db, batch, figures)
  })
  return figures
}

async function addPlaces(db: EstateDb, batch: string[], figures: Map<string, ModelFigures>): Promise<void> {
  const rows = db.selectFrom('artifacts').select(['model', 'format', 'gone']).where('model', 'in', batch)
  for (const { model, format, gone } of await rows.execute()) {
    const found = figures.get(model)
    if (!found) continue
    if (gone === 0) found.copies++
    else found.gone++
    if (!found.formats.includes(format)) found.formats.push(format)
  }
}

async function addFamily(db: EstateDb, batch: string[], figures: Map<string, ModelFigures>): Promise<void> {
  const made = db
    .selectFrom('relations')
    .innerJoin('relation_parents', 'relation_parents.relation', 'relations.number')
    .select(['relations.number', 'child', 'changes'])
    .where('until', 'is', null)
    .where('child', 'in', batch)
  const told = new Set<number>()
  for (const { number, child, changes } of await made.execute()) {
    const found = figures.get(child)
    if (!found) continue
    found.parents++
    if (!told.has(number)) found.changes.push(changes)
    told.add(number)
  }
  const { rows } = await sql<{ parent: string; children: number }>`
    select relation_parents.parent as parent, count(*) as children
    from relation_parents join relations on relations.number = relation_parents.relation
    where relations.until is null and relation_parents.parent in (${sql.join(batch)})
    group by relation_parents.parent`.execute(db)
  for (const { parent, children } of rows) {
    const found = figures.get(parent)
    if (found) found.children = Number(children)
  }
}

/** Models made by a kind of change. */
export async function madeBy(db: EstateDb, change: string): Promise<string[]> {
  const rows = db
    .selectFrom('relations')
    .select('child')
    .distinct()
    .where('until', 'is', null)
    // the column holds a JSON list of words without escapes
    .where('changes', 'like', `%"${change}"%`)
  return (await rows.execute()).map(({ child }) => child)
}

/** Models with a copy of a format. */
export async function ofFormat(db: EstateDb, format: string): Promise<string[]> {
  const rows = db.selectFrom('artifacts').select('model').distinct().where('format', '=', format).where('gone', '=', 0)
  return (await rows.execute()).map(({ model }) => model)
}

/** Counts over the whole estate. */
export interface EstateCounts {
  models: number
  copies: number
  gone: number
  /** Relations by their changes, a JSON text, and direction. */
  relations: { changes: string; direction: string; count: number }[]
  /** Models that are nobody's child. */
  origins: number
  /** Of artifacts that are there, by their findings, a JSON text; those without are left out. */
  findings: { findings: string; count: number }[]
}

export async function countsOf(db: EstateDb): Promise<EstateCounts> {
  const total = async (query: ReturnType<typeof sql<{ count: number }>>) =>
    Number((await query.execute(db)).rows[0]?.count ?? 0)
  const relations = await sql<{ changes: string; direction: string; count: number }>`
    select changes, direction, count(*) as count from relations where until is null group by changes, direction`.execute(
    db,
  )
  const findings = await sql<{ findings: string; count: number }>`
    select findings, count(*) as count from artifacts where gone = 0 and findings <> '[]' group by findings`.execute(db)
  return {
    models: await total(sql`select count(*) as count from models`),
    copies: await total(sql`select count(*) as count from artifacts where gone = 0`),
    gone: await total(sql`select count(*) as count from artifacts where gone = 1`),
    relations: relations.rows.map((row) => ({ ...row, count: Number(row.count) })),
    origins: await total(sql`select count(*) as count from models where not exists
      (select 1 from relations where relations.child = models.id and relations.until is null)`),
    findings: findings.rows.map((row) => ({ ...row, count: Number(row.count) })),
  }
}

/** Entries below `before` that are about all of `topics`, of one kind or of any, the newest first. */
export async function entriesBefore(
  db: EstateDb,
  { before, kind, topics }: { before: number; kind: string | null; topics: readonly string[] },
  limit: number,
): Promise<LedgerEntry[]> {
  let rows = db.selectFrom('ledger_entries').selectAll('ledger_entries').where('ledger_entries.number', '<', before)
  if (kind !== null) rows = rows.where('ledger_entries.kind', '=', kind)
  for (const topic of topics)
    rows = rows.where('ledger_entries.number', 'in', (eb) =>
      eb
        .selectFrom('entry_topics')
        .innerJoin('topics', 'topics.number', 'entry_topics.topic')
        .select('entry_topics.entry')
        .where('topics.topic', '=', topic),
    )
  const found = await rows.orderBy('ledger_entries.number', 'desc').limit(limit).execute()
  return found.map(({ number, time, kind, payload, signatures }) => {
    return { number, time, kind, signed: { payload, signatures: JSON.parse(signatures) } }
  })
}

/** Entries of some kinds with numbers from `from` up to `to`, in order, at most `limit`. */
export async function entriesOf(
  db: EstateDb,
  kinds: readonly PredicateKind[],
  { from, to }: { from: number; to: number },
  limit: number,
): Promise<LedgerEntry[]> {
  const rows = db
    .selectFrom('ledger_entries')
    .selectAll()
    .where('kind', 'in', kinds)
    .where('number', '>=', from)
    .where('number', '<', to)
  return (await rows.orderBy('number').limit(limit).execute()).map(({ number, time, kind, payload, signatures }) => {
    return { number, time, kind, signed: { payload, signatures: JSON.parse(signatures) } }
  })
}
