import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import buildIfStale from '../build-if-stale.ts'
import { chromiumPath } from './chromium.ts'
import { hubEstate, storyEstate } from './estates.ts'
import { type Served, serve } from './served.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where Chromium is; null: nowhere, and every test is skipped. */
    chromium: string | null
    /** The estate of the story, with a few hostile names in it. */
    story: string
    /** An estate with one model from which 5,000 were made. */
    hub: string
  }
}

/** Makes the estates and serves them, once for all tests. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const chromium = chromiumPath(process.env)
  provide('chromium', chromium)
  if (chromium === null) {
    process.stderr.write(
      'The browser tests are skipped: no Chromium was found. Install it, or name it in YUKUE_CHROMIUM.\n',
    )
    provide('story', '')
    provide('hub', '')
    return async () => {}
  }
  await buildIfStale()
  const folder = mkdtempSync(join(tmpdir(), 'yukue-browser-'))
  const servers: Served[] = []
  const stop = async () => {
    for (const server of servers) await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    servers.push(await serve(await storyEstate(join(folder, 'story'))))
    servers.push(await serve(await hubEstate(join(folder, 'hub'))))
  } catch (error) {
    await stop()
    throw error
  }
  provide('story', servers[0]!.address)
  provide('hub', servers[1]!.address)
  return stop
}
