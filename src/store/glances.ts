import type { EstateDb } from './database.ts'
import { inBatches } from './rows.ts'

/** A model's glance as bytes (src/relate/glance.ts), made from its print; a cache that may be deleted. */
export interface GlanceRecord {
  model: string
  /** `GLANCE_VERSION`. */
  version: number
  coarse: Uint8Array
  fine: Uint8Array
}

/** The coarse parts, by model. */
export async function coarseGlances(db: EstateDb, version: number): Promise<Map<string, Uint8Array>> {
  const rows = db.selectFrom('glances').select(['model', 'coarse']).where('version', '=', version)
  return new Map((await rows.execute()).map(({ model, coarse }) => [model, bytesOf(coarse)]))
}

/** The fine parts of some models, by model. */
export async function fineGlances(
  db: EstateDb,
  version: number,
  models: readonly string[],
): Promise<Map<string, Uint8Array>> {
  const fine = new Map<string, Uint8Array>()
  await inBatches(models, async (batch) => {
    const rows = db.selectFrom('glances').select(['model', 'fine']).where('model', 'in', batch)
    for (const row of await rows.where('version', '=', version).execute()) fine.set(row.model, bytesOf(row.fine))
  })
  return fine
}

/** The same bytes: copies of ten thousand models are 100 MB more to be cleared away. */
function bytesOf(bytes: Uint8Array | ArrayBuffer): Uint8Array {
  return ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes)
}

export function saveGlances(db: EstateDb, glances: readonly GlanceRecord[]): Promise<void> {
  return inBatches(glances, (batch) =>
    db
      .insertInto('glances')
      .values(batch)
      .onConflict((conflict) =>
        conflict.column('model').doUpdateSet((eb) => ({
          version: eb.ref('excluded.version'),
          coarse: eb.ref('excluded.coarse'),
          fine: eb.ref('excluded.fine'),
        })),
      )
      .execute(),
  )
}
