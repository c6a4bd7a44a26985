import { utimesSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

import { isStale } from '../../demo/build.mjs'
import { folder } from '../builders/folder.ts'

/** A project of these files, each modified at the given second. */
function project(files: Record<string, number>): string {
  const root = folder(Object.fromEntries(Object.keys(files).map((path) => [path, ''])))
  for (const [path, second] of Object.entries(files)) utimesSync(join(root, path), second, second)
  return root
}

const sources = { 'src/read/onnx.ts': 1, 'assembly/print.ts': 1, 'web/main.tsx': 1 }
const built = {
  ...sources,
  'dist/src/read/onnx.js': 2,
  'dist/cli/run.js': 2,
  'dist/kernel.wasm': 2,
  'dist/web/index.html': 2,
}

it('takes a build newer than its sources as it is', () => {
  expect(isStale(project(built))).toBe(false)
})

it.each([
  { what: 'a module changed', change: { 'src/read/onnx.ts': 3 } },
  { what: 'a module is new', change: { 'src/read/tflite.ts': 1 } },
  { what: 'the command line was not bundled since', change: { 'dist/cli/run.js': 0 } },
  { what: 'a kernel changed', change: { 'assembly/print.ts': 3 } },
  { what: 'a page changed', change: { 'web/main.tsx': 3 } },
  { what: 'a style is new', change: { 'web/style/forms.css': 3 } },
])('builds again when $what', ({ change }) => {
  expect(isStale(project({ ...built, ...change }))).toBe(true)
})

it('builds when there is no build yet', () => {
  expect(isStale(project(sources))).toBe(true)
})
