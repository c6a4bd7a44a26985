import type { Print } from '../identify/print.ts'
import { decodePrint } from '../identify/print-file-decode.ts'
import type { Estate } from '../store/estate.ts'

/** Prints at hand, and those of the estate, decoded when asked for. */
export interface Prints {
  get(model: string): Promise<Print>
}

export function printsFrom(estate: Estate, atHand: ReadonlyMap<string, Print>): Prints {
  // those of the estate are not kept: ten thousand take many GB, and who needs one again soon keeps it
  return { get: async (model) => atHand.get(model) ?? load(estate, model) }
}

async function load(estate: Estate, model: string): Promise<Print> {
  const record = await estate.print(model)
  const decoded = record && decodePrint(record.bytes, estate.path)
  if (!decoded?.ok) throw new Error(`${estate.path}: the print of ${model} is missing or damaged; scan its files again`)
  return decoded.print
}
