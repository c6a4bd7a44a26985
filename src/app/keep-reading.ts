import { PRINT_VERSION } from '../contract/print.ts'
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
}

/** Each write waits for the disk: one for so many artifacts … */
const BATCH = 256

/** … or for what a scan that is killed may at most have to read again. */
const BATCH_MS = 2_000

export function keeperFor(estate: Estate): Keeper {
  let held: { artifact: ReadArtifact; place: string }[] = []
  let since = Date.now()
  const flush = async () => {
    const batch = held
    held = []
    since = Date.now()
    if (batch.length > 0) await estate.recordReading(readingOf(batch))
  }
  return {
    async keep(artifact, place) {
      held.push({ artifact, place })
      if (held.length >= BATCH || Date.now() - since > BATCH_MS) await flush()
    },
    flush,
  }
}

function readingOf(batch: { artifact: ReadArtifact; place: string }[]): Parameters<Estate['recordReading']>[0] {
  // files without weights have one and the same empty print, which is no model
  const withWeights = batch.filter(({ artifact }) => artifact.print.parameters > 0)
  const models = new Map(withWeights.map(({ artifact }) => [artifact.print.id, artifact]))
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
    prints: [...models.values()].map(({ print }) => ({
      model: print.id,
      version: PRINT_VERSION,
      origin: 'scanned',
      bytes: encodePrint(print),
    })),
    models: [...models.values()].map(({ print, candidate }) => ({
      ...summaryOf(print),
      name: nameFromPath(candidate.absolutePath),
      origin: 'scanned',
    })),
    artifacts: withWeights.map(({ artifact, place }) => artifactRecord(seenNow(artifact, place), PRINT_VERSION)),
  }
}
