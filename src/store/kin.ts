import type { Kin } from '../relate/kin.ts'
import type { EstateDb } from './database.ts'
import { inBatches, inBulk } from './rows.ts'

/** What relating found so far under one version of its rules, and for which models. */
export interface KnownKin {
  kin: Kin[]
  models: Set<string>
}

/** What relating found beside that. */
export interface KinRecord {
  /** `RELATE_VERSION`; what was found under another is let go. */
  rules: number
  kin: readonly Kin[]
  /** Models whose pairs have all been looked at now. */
  models: readonly string[]
}

/** Ten thousand models have fifty thousand kin. */
export async function knownKin(db: EstateDb, rules: number): Promise<KnownKin> {
  const covered = db.selectFrom('kin_models').select('model').where('rules', '=', rules)
  const models = await inBulk<[string]>(db, covered, ['model'])
  if (models.length === 0) return { kin: [], models: new Set() }
  const pairs = await inBulk<[string]>(db, db.selectFrom('kin').select('pair').orderBy('first').orderBy('second'), [
    'pair',
  ])
  return { kin: pairs.map(([pair]) => JSON.parse(pair)), models: new Set(models.map(([model]) => model)) }
}

export async function addKin(db: EstateDb, { rules, kin, models }: KinRecord): Promise<void> {
  const former = db.selectFrom('kin_models').select('model').where('rules', '!=', rules).limit(1)
  if ((await former.executeTakeFirst()) !== undefined) {
    await db.deleteFrom('kin').execute()
    await db.deleteFrom('kin_models').execute()
  }
  const rows = kin.map((pair) => ({ first: pair.a, second: pair.b, pair: JSON.stringify(pair) }))
  await inBatches(rows, (batch) =>
    db
      .insertInto('kin')
      .values(batch)
      .onConflict((conflict) =>
        conflict.columns(['first', 'second']).doUpdateSet((eb) => ({ pair: eb.ref('excluded.pair') })),
      )
      .execute(),
  )
  await inBatches(
    models.map((model) => ({ model, rules })),
    (batch) =>
      db
        .insertInto('kin_models')
        .values(batch)
        .onConflict((conflict) => conflict.column('model').doUpdateSet((eb) => ({ rules: eb.ref('excluded.rules') })))
        .execute(),
  )
}

/** Another print stands for a model now, which may show more of it: its pairs are looked at anew. */
export async function forgetKin(db: EstateDb, model: string): Promise<void> {
  await db.deleteFrom('glances').where('model', '=', model).execute()
  await db.deleteFrom('kin_models').where('model', '=', model).execute()
  await db
    .deleteFrom('kin')
    .where((eb) => eb.or([eb('first', '=', model), eb('second', '=', model)]))
    .execute()
}
