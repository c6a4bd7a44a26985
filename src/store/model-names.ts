import type { EstateDb } from './database.ts'
import { after, inBatches, under, WHOLE_ID } from './rows.ts'

/** A model as it was named. */
export interface NamedModel {
  id: string
  name: string
  parameters: number
}

/** Models that a reference may mean, way by way; what lay at a path at that time is for the log to tell. */
export interface ModelCandidates {
  /** Models that are or were at the path. */
  byPath: string[]
  byName: string[]
  byDigest: string[]
}

/** What a reference may have meant when the log had `size` entries (`findModel` of models.ts has the same ways for now). */
export async function candidates(
  db: EstateDb,
  reference: string,
  absolute: string,
  size: number,
): Promise<ModelCandidates> {
  if (WHOLE_ID.test(reference)) {
    const known = await modelsAt(db, [reference], size)
    if (known.size > 0) return { byPath: [], byName: [], byDigest: [reference] }
  }
  return {
    byPath: await modelsEverAt(db, absolute),
    byName: await modelsNamed(db, reference, size),
    byDigest: await modelsByDigest(db, reference, size),
  }
}

async function modelsEverAt(db: EstateDb, path: string): Promise<string[]> {
  const byArtifact = db
    .selectFrom('artifacts')
    .select('model')
    .where((eb) => under(eb, 'artifacts.path', path))
  const byFile = db
    .selectFrom('artifacts')
    .innerJoin('artifact_files', 'artifact_files.artifact', 'artifacts.id')
    .select('artifacts.model')
    .where('artifact_files.path', '=', path)
  return (await byArtifact.union(byFile).execute()).map(({ model }) => model).sort()
}

async function modelsNamed(db: EstateDb, name: string, size: number): Promise<string[]> {
  const rows = db
    .selectFrom('model_names')
    .innerJoin('topics', 'topics.number', 'model_names.model')
    .select('topics.topic')
    .distinct()
    .where('model_names.name', '=', name)
    .where('model_names.since', '<=', size)
  const ever = (await rows.execute()).map(({ topic }) => topic)
  const then = await modelsAt(db, ever, size)
  return ever.filter((id) => then.get(id)?.name === name).sort()
}

async function modelsByDigest(db: EstateDb, reference: string, size: number): Promise<string[]> {
  const digits = /^(?:blake3:)?([0-9a-f]{4,64})$/i.exec(reference)?.[1]
  if (digits === undefined) return []
  const prefix = `blake3:${digits.toLowerCase()}`
  const rows = db.selectFrom('models').select('id').where('id', '>=', prefix).where('id', '<', after(prefix))
  const ids = (await rows.execute()).map(({ id }) => id)
  return [...(await modelsAt(db, ids, size)).keys()].sort()
}

/** Models with the names they had when the log had `size` entries; those not known then are left out. */
export async function modelsAt(db: EstateDb, ids: readonly string[], size: number): Promise<Map<string, NamedModel>> {
  const models = new Map<string, NamedModel>()
  await inBatches(ids, async (batch) => {
    const rows = db
      .selectFrom('models')
      .innerJoin('topics', 'topics.topic', 'models.id')
      .innerJoin('model_names', 'model_names.model', 'topics.number')
      .select(['models.id', 'models.parameters', 'model_names.name'])
      .where('models.id', 'in', batch)
      .where('model_names.since', '<=', size)
    // the last name of each stays
    for (const { id, name, parameters } of await rows.orderBy('model_names.since').execute())
      models.set(id, { id, name, parameters })
  })
  return models
}
