import type { EstateDb } from './database.ts'
import { topicNumbers } from './ledger.ts'
import type { ModelRecord, ModelReference, PrintHead } from './records.ts'
import { after, inBatches, inBulk, under, WHOLE_ID } from './rows.ts'
import type { ModelRow, Origin } from './schema.ts'

/**
 * Adds or renews models; what was read here never gives way to what an imported print says. `since`: from which size of the
 * log on they have their names. Gives the models that are new or have another name.
 */
export async function recordModels(
  db: EstateDb,
  models: readonly ModelRecord[],
  since: number,
): Promise<ModelRecord[]> {
  const renamed: ModelRecord[] = []
  await inBatches(models, async (batch) => {
    const ids = batch.map(({ id }) => id)
    const rows = await db.selectFrom('models').selectAll().where('id', 'in', ids).execute()
    const before = new Map(rows.map((row) => [row.id, row]))
    await upsertModels(db, batch)
    const fresh = batch.filter(({ id, name, origin }) => {
      const known = before.get(id)
      return !known || (known.name !== name && (origin === 'scanned' || known.origin === 'imported'))
    })
    await nameModels(db, fresh, since)
    renamed.push(...fresh)
  })
  return renamed
}

/** Names stay on record as they were, for answers about a past day. */
async function nameModels(db: EstateDb, models: readonly ModelRecord[], since: number): Promise<void> {
  const numbers = await topicNumbers(
    db,
    models.map(({ id }) => id),
  )
  const names = new Map(models.map(({ id, name }) => [numbers.get(id)!, name]))
  await inBatches([...names], (batch) =>
    db
      .insertInto('model_names')
      .values(batch.map(([model, name]) => ({ model, since, name })))
      .onConflict((conflict) =>
        conflict.columns(['model', 'since']).doUpdateSet((eb) => ({ name: eb.ref('excluded.name') })),
      )
      .execute(),
  )
}

function upsertModels(db: EstateDb, models: readonly ModelRecord[]) {
  // the same model twice in one statement is refused by PostgreSQL
  const batch = [...new Map(models.map((model) => [model.id, model])).values()]
  return db
    .insertInto('models')
    .values(batch.map(modelRow))
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet((eb) => ({
          name: eb.ref('excluded.name'),
          parameters: eb.ref('excluded.parameters'),
          tensors: eb.ref('excluded.tensors'),
          dtypes: eb.ref('excluded.dtypes'),
          quantisation: eb.ref('excluded.quantisation'),
          origin: eb.ref('excluded.origin'),
        }))
        .where((eb) => eb.or([eb('models.origin', '=', 'imported'), eb('excluded.origin', '=', 'scanned')])),
    )
    .execute()
}

/** All models, by id. */
export async function allPrintHeads(db: EstateDb): Promise<PrintHead[]> {
  const heads = await inBulk<HeadValues>(db, headsOf(db), HEAD_COLUMNS)
  const dtypesOf = remembering<PrintHead['dtypes']>((text) => JSON.parse(text))
  return heads.map(([id, name, parameters, tensors, dtypes, quantisation, origin, printVersion, printBytes]) => ({
    id,
    name,
    parameters,
    tensors,
    dtypes: dtypesOf(dtypes),
    quantisation: quantisation === null ? null : JSON.parse(quantisation),
    origin,
    printVersion,
    printBytes,
  }))
}

const HEAD_COLUMNS = [
  'id',
  'name',
  'parameters',
  'tensors',
  'dtypes',
  'quantisation',
  'origin',
  'print_version',
  'print_bytes',
]
type HeadValues = [string, string, number, number, string, string | null, Origin, number | null, number | null]

/** Thousands of models have a handful of texts between them. */
function remembering<T>(parse: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const value = known.get(text) ?? parse(text)
    known.set(text, value)
    return value
  }
}

/**
 * What a user's `reference` means: a path (`absolute` is the same as an absolute path) of an artifact, of one of its files or of a
 * folder; else a model's name; else the beginning of its digest, four hexadecimal digits at least. A whole id goes before all of them, and a path where a
 * model is before one where a model was.
 */
export async function findModel(db: EstateDb, reference: string, absolute: string): Promise<ModelReference> {
  if (WHOLE_ID.test(reference)) {
    const row = await headsOf(db).where('models.id', '=', reference).executeTakeFirst()
    if (row !== undefined) return { kind: 'found', model: printHead(row) }
  }
  const ways = [
    () => modelsAt(db, absolute, 0),
    () => modelsAt(db, absolute, 1),
    () => headsOf(db).where('models.name', '=', reference).execute(),
    () => modelsByDigest(db, reference),
  ]
  for (const way of ways) {
    const [model, ...others] = (await way()).map(printHead)
    if (model) return others.length > 0 ? { kind: 'ambiguous', models: [model, ...others] } : { kind: 'found', model }
  }
  return { kind: 'unknown' }
}

function headsOf(db: EstateDb) {
  return db
    .selectFrom('models')
    .leftJoin('prints', 'prints.model', 'models.id')
    .selectAll('models')
    .select(['prints.version as print_version', 'prints.bytes as print_bytes'])
    .orderBy('models.id')
}

function modelsAt(db: EstateDb, path: string, gone: 0 | 1) {
  const byArtifact = db
    .selectFrom('artifacts')
    .select('model')
    .where('gone', '=', gone)
    .where((eb) => under(eb, 'artifacts.path', path))
  const byFile = db
    .selectFrom('artifacts')
    .innerJoin('artifact_files', 'artifact_files.artifact', 'artifacts.id')
    .select('artifacts.model')
    .where('artifacts.gone', '=', gone)
    .where('artifact_files.path', '=', path)
  return headsOf(db).where('models.id', 'in', byArtifact.union(byFile)).execute()
}

async function modelsByDigest(db: EstateDb, reference: string) {
  const digits = /^(?:blake3:)?([0-9a-f]{4,64})$/i.exec(reference)?.[1]
  if (digits === undefined) return []
  const prefix = `blake3:${digits.toLowerCase()}`
  return headsOf(db).where('models.id', '>=', prefix).where('models.id', '<', after(prefix)).execute()
}

function modelRow({ dtypes, quantisation, ...model }: ModelRecord): ModelRow {
  return { ...model, dtypes: JSON.stringify(dtypes), quantisation: quantisation && JSON.stringify(quantisation) }
}

function printHead(row: ModelRow & { print_version: number | null; print_bytes: number | null }): PrintHead {
  const { dtypes, quantisation, print_version, print_bytes, ...model } = row
  return {
    ...model,
    dtypes: JSON.parse(dtypes),
    quantisation: quantisation && JSON.parse(quantisation),
    printVersion: print_version,
    printBytes: print_bytes,
  }
}
