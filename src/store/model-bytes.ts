import { readFileSync, statSync } from 'node:fs'
import { CommandError } from '../contract/command-error.ts'
import { type HashedFile, hashFiles } from './hashed-file.ts'

/** What the wasm runtime's memory holds beside the model's own work. */
const MAX_BYTES = 1.5e9

/** A model file to be run, with its digest. */
export async function modelBytes(path: string): Promise<{ bytes: Uint8Array; file: HashedFile }> {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found?.isFile()) throw new CommandError({ code: 'no-such-path', path })
  if (found.size > MAX_BYTES)
    throw new CommandError({ code: 'model-not-runnable', path, reason: `it has more than ${MAX_BYTES / 1e9} GB` })
  const { hashed } = await hashFiles([path])
  return { bytes: readFileSync(path), file: hashed[0]! }
}
