import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'

const DIST = fileURLToPath(new URL('../../dist/web', import.meta.url))

interface Chunk {
  file: string
  imports?: string[]
}

/** Scripts that stand in the page before anything is clicked: the entry, what it imports, and one language. */
function firstView(manifest: Record<string, Chunk>, language: string): Set<string> {
  const files = new Set<string>()
  const add = (key: string): void => {
    const chunk = manifest[key]!
    if (files.has(chunk.file)) return
    files.add(chunk.file)
    chunk.imports?.forEach(add)
  }
  add('index.html')
  const text = Object.keys(manifest).find((key) => manifest[key]!.file.startsWith(`assets/${language}-`))
  add(text!)
  return files
}

it.each(['en', 'ja'])('shows the first page in %s with at most 250 kB of compressed script', (language) => {
  const manifest = JSON.parse(readFileSync(join(DIST, '.vite', 'manifest.json'), 'utf8')) as Record<string, Chunk>
  const bytes = [...firstView(manifest, language)]
    .filter((file) => file.endsWith('.js'))
    .reduce((sum, file) => sum + gzipSync(readFileSync(join(DIST, file))).length, 0)
  expect(bytes).toBeLessThanOrEqual(250_000)
})
