import { cruise, type ICruiseResult } from 'dependency-cruiser'
import { expect, it } from 'vitest'

import rules from '../.dependency-cruiser.mjs'
import { folder } from './builders/folder.ts'

const { forbidden } = rules

/** The names of the rules that a project of one importing module breaks. */
async function broken(importer: string, line: string): Promise<string[]> {
  const targets = [
    'src/read/model-file.ts',
    'src/read/onnx.ts',
    'src/kernel/kernel.ts',
    'src/app/scan.ts',
    'src/cli/main.ts',
  ]
  const root = folder({ ...Object.fromEntries(targets.map((path) => [path, 'export const a = 1'])), [importer]: line })
  const { output } = await cruise(['src'], {
    baseDir: root,
    tsPreCompilationDeps: true,
    ruleSet: { forbidden },
    validate: true,
  })
  return (output as ICruiseResult).summary.violations.map((violation) => violation.rule.name)
}

it.each([
  { importer: 'src/identify/print.ts', line: "export type { a } from '../read/onnx.ts'" },
  { importer: 'src/identify/print.ts', line: "export { a } from '../read/model-file.ts'" },
  { importer: 'src/read/raw.ts', line: "export { readFileSync } from 'node:fs'" },
  { importer: 'src/app/trace.ts', line: "export { a } from '../read/onnx.ts'" },
])('allows $importer to write $line', async ({ importer, line }) => {
  expect(await broken(importer, line)).toEqual([])
})

it.each([
  {
    importer: 'src/identify/print.ts',
    line: "export { a } from '../read/onnx.ts'",
    rule: 'identify-takes-types-only-of-read',
  },
  {
    importer: 'src/read/raw.ts',
    line: "export type { a } from '../kernel/kernel.ts'",
    rule: 'read-knows-only-contract',
  },
  {
    importer: 'src/govern/verdict.ts',
    line: "export { hostname } from 'node:os'",
    rule: 'govern-has-no-world',
  },
  {
    importer: 'src/app/trace.ts',
    line: "export { readFileSync } from 'node:fs'",
    rule: 'files-are-touched-in-four-places',
  },
  {
    importer: 'src/app/trace.ts',
    line: "export { connect } from 'node:tls'",
    rule: 'nothing-is-sent-anywhere',
  },
  {
    importer: 'src/store/estate.ts',
    line: "export { spawn } from 'node:child_process'",
    rule: 'nothing-runs-another-program',
  },
  {
    importer: 'src/app/trace.ts',
    line: "export { a } from '../cli/main.ts'",
    rule: 'nothing-imports-an-adapter',
  },
  {
    importer: 'src/cli/trace.ts',
    line: "export { a } from '../read/onnx.ts'",
    rule: 'adapters-are-thin',
  },
])('does not allow $importer to write $line', async ({ importer, line, rule }) => {
  expect(await broken(importer, line)).toContain(rule)
})
