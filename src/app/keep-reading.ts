import { PRINT_VERSION } from '../contract/print.ts'
import type { Print } from '../identify/print.ts'
import { encodePrint } from '../identify/print-file.ts'
import type { Estate } from '../store/estate.ts'
import { nameFromPath } from './model-name.ts'
import { summaryOf } from './model-summary.ts'
import type { ReadArtifact } from './read-artifacts.ts'
import { artifactRecord, seenNow } from './seen-artifact.ts'

/** Takes artifacts as they are read and writes them to the estate now and then. */
export interface Keeper {
  keep(artifact: ReadArtifact, place: string): Promise<void>
  /** Writes what is still held back. */
  flush(): Promise<void>
  /** Prints that were written, as many as there is room for, and those without weights. The others are on record. */
  readonly prints: ReadonlyMap<string, Print>
}

/** Each write waits for the disk: one for so many artifacts … */
const BATCH = 256

/** … or for what a scan that is killed may at most have to read again. */
const BATCH_MS = 2_000

/** Bytes of prints at hand, so that relating a few models reads none again, and thousands do not fill the memory. */
const MAX_AT_HAND = 128 * 1024 * 1024

export function keeperFor(estate: Estate): Keeper {
  const prints = new Map<string, Print>()
  let size = 0
  let held: { artifact: ReadArtifact; place: string }[] = []
  let since = Date.now()
  let written = Promise.resolve()
  const write = async (batch: typeof held) => {
    const kept = await keptPrints(estate, batch)
    const empty = batch.map(({ artifact }) => artifact).filter(({ print }) => print.parameters === 0)
    for (const { print } of empty) prints.set(print.id, print)
    for (const { print, bytes } of kept) {
      prints.delete(print.id)
      if (size + bytes.length > MAX_AT_HAND) continue
      size += bytes.length
      prints.set(print.id, print)
    }
    await estate.recordReading(readingOf(batch, kept))
  }
  const flush = () => {
    const batch = held
    held = []
    since = Date.now()
    // one after the other, because each looks at what the one before has written
    if (batch.length > 0) written = written.then(() => write(batch))
    return written
  }
  return {
    async keep(artifact, place) {
      held.push({ artifact, place })
      if (held.length >= BATCH || Date.now() - since > BATCH_MS) await flush()
    },
    flush,
    prints,
  }
}

/** A print, its file, and an artifact that it was made from. */
interface KeptPrint {
  print: Print
  bytes: Uint8Array
  name: string
}

/**
 * The prints to be written. Copies of one model differ in names and stored types, and so do their prints; the one that goes
 * first by its bytes stands for the model, so that nothing depends on which copy was read first.
 */
async function keptPrints(estate: Estate, batch: { artifact: ReadArtifact }[]): Promise<KeptPrint[]> {
  const kept = new Map<string, KeptPrint>()
  for (const { print, candidate } of withWeights(batch).map(({ artifact }) => artifact)) {
    const bytes = encodePrint(print)
    const former = kept.get(print.id)?.bytes ?? (await recordedBytes(estate, print.id))
    if (former && Buffer.compare(former, bytes) <= 0) continue
    kept.set(print.id, { print, bytes, name: nameFromPath(candidate.absolutePath) })
  }
  return [...kept.values()]
}

async function recordedBytes(estate: Estate, model: string): Promise<Uint8Array | null> {
  const record = await estate.print(model)
  return record?.origin === 'scanned' && record.version === PRINT_VERSION ? record.bytes : null
}

/** Files without weights have one and the same empty print, which is no model. */
function withWeights<T extends { artifact: ReadArtifact }>(batch: T[]): T[] {
  return batch.filter(({ artifact }) => artifact.print.parameters > 0)
}

function readingOf(
  batch: { artifact: ReadArtifact; place: string }[],
  kept: KeptPrint[],
): Parameters<Estate['recordReading']>[0] {
  return {
    time: new Date().toISOString(),
    files: batch.flatMap(({ artifact }) =>
      artifact.files.map(({ absolutePath, sha256, stamp }) => ({
        path: absolutePath,
        bytes: stamp.size,
        mtimeNs: stamp.mtimeNs,
        inode: stamp.inode,
        device: stamp.device,
        sha256,
      })),
    ),
    prints: kept.map(({ print, bytes }) => ({ model: print.id, version: PRINT_VERSION, origin: 'scanned', bytes })),
    models: kept.map(({ print, name }) => ({ ...summaryOf(print), name, origin: 'scanned' })),
    artifacts: withWeights(batch).map(({ artifact, place }) => artifactRecord(seenNow(artifact, place), PRINT_VERSION)),
  }
}
