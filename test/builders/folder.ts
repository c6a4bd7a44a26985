import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A link, by what it says. */
export interface Link {
  link: string
}

/** A temporary folder of files and links by relative path, removed when the test is over. */
export function folder(files: Readonly<Record<string, Uint8Array | string | Link>>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'yukue-test-')))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  for (const [path, content] of Object.entries(files)) {
    const place = join(root, path)
    mkdirSync(dirname(place), { recursive: true })
    if (typeof content === 'object' && 'link' in content) symlinkSync(content.link, place)
    else writeFileSync(place, content)
  }
  return root
}
