import { createHash } from 'node:crypto'
import type { EstateDb } from './database.ts'
import { forgetKin } from './kin.ts'
import type { PrintRecord } from './records.ts'

/** SQLite and PostgreSQL hold about 1 GB in a value; the print of 100,000 tensors takes 1.6 GB. */
const PART_BYTES = 64 * 1024 * 1024

/** Keeps a print, in place of the model's former one. A print read here never gives way to an imported one. */
export async function savePrint(db: EstateDb, { model, version, origin, bytes }: PrintRecord): Promise<void> {
  const former = await db.selectFrom('prints').select('origin').where('model', '=', model).executeTakeFirst()
  if (former?.origin === 'scanned' && origin === 'imported') return
  if (former) {
    await forgetKin(db, model)
    await db.deleteFrom('prints').where('model', '=', model).execute()
  }
  await db.insertInto('prints').values({ model, version, origin, bytes: bytes.length }).execute()
  for (let part = 0; part * PART_BYTES < bytes.length; part++) {
    const piece = bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES)
    await db.insertInto('print_parts').values({ model, part, bytes: piece }).execute()
  }
}

/** The stored print of a model, null where there is none. */
export async function loadPrint(db: EstateDb, model: string): Promise<PrintRecord | null> {
  const head = await db.selectFrom('prints').selectAll().where('model', '=', model).executeTakeFirst()
  if (!head) return null
  const bytes = new Uint8Array(head.bytes)
  let at = 0
  for (let part = 0; at < head.bytes; part++) {
    const row = await db
      .selectFrom('print_parts')
      .select('bytes')
      .where('model', '=', model)
      .where('part', '=', part)
      .executeTakeFirstOrThrow()
    const piece = new Uint8Array(row.bytes)
    bytes.set(piece, at)
    at += piece.length
  }
  return { model, version: head.version, origin: head.origin, bytes }
}

/** Digests of the stored prints, by model. */
export async function printDigests(
  db: EstateDb,
  models: readonly string[],
): Promise<Map<string, { version: number; sha256: string; bytes: number }>> {
  const digests = new Map<string, { version: number; sha256: string; bytes: number }>()
  for (const model of models) {
    const print = await loadPrint(db, model)
    if (print === null) continue
    const sha256 = createHash('sha256').update(print.bytes).digest('hex')
    digests.set(model, { version: print.version, sha256, bytes: print.bytes.length })
  }
  return digests
}
