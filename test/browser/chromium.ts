import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome']

/** Where Chromium is: `YUKUE_CHROMIUM`, or on the path; null where nowhere. */
export function chromiumPath(env: NodeJS.ProcessEnv): string | null {
  const named = env['YUKUE_CHROMIUM']
  if (named) return existsSync(named) ? named : null
  const folders = (env['PATH'] ?? '').split(delimiter)
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path)) ?? null
}
