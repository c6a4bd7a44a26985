import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A link, by what it says. */
export interface Link {
  link: string
}

export type Files = Readonly<Record<string, Uint8Array | string | Link>>

/** A temporary folder of files and links by relative path, removed when the test is over. */
export function folder(files: Files): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'yukue-test-')))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  writeFiles(root, files)
  return root
}

export function writeFiles(root: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    const place = join(root, path)
    mkdirSync(dirname(place), { recursive: true })
    if (typeof content === 'object' && 'link' in content) symlinkSync(content.link, place)
    else writeFileSync(place, content)
  }
}
