import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import buildIfStale from '../build-if-stale.ts'
import { chromiumPath } from './chromium.ts'
import { hubEstate, type Papers, storyEstate, tokensOf, writtenEstate } from './estates.ts'
import { type Served, serve } from './served.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where Chromium is; null: nowhere, and every test is skipped. */
    chromium: string | null
    /** The estate of the story, with a few hostile names in it. */
    story: string
    /** An estate with one model from which 5,000 were made. */
    hub: string
    /** An estate that is written to, with the tokens of its callers and what they hand in. */
    written: string
    tokens: Awaited<ReturnType<typeof tokensOf>>
    papers: Papers
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
    provide('written', '')
    provide('tokens', { reader: '', recorder: '', steward: '' })
    provide('papers', { print: '', statement: '', decisions: '' })
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
    const { estate, papers } = await writtenEstate(join(folder, 'written'))
    servers.push(await serve(estate))
    provide('tokens', await tokensOf(estate))
    provide('papers', papers)
  } catch (error) {
    await stop()
    throw error
  }
  provide('story', servers[0]!.address)
  provide('hub', servers[1]!.address)
  provide('written', servers[2]!.address)
  return stop
}
