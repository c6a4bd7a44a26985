import { fileURLToPath } from 'node:url'
import { buildIfStale } from '../demo/build.mjs'

/** Tests of the command line and of worker threads run the compiled program: it must be that of these sources. */
export default async function setup(): Promise<void> {
  const root = fileURLToPath(new URL('..', import.meta.url))
  await buildIfStale(root, process.env, (line) => process.stderr.write(`${line}\n`))
}
