import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
const page = readFileSync(join(root, 'docs/dependencies.md'), 'utf8')
const manifest = json('package.json') as Record<
  'dependencies' | 'optionalDependencies' | 'devDependencies',
  Record<string, string>
>
const lock = json('package-lock.json') as { packages: Record<string, { license?: string; hasInstallScript?: boolean }> }

function json(path: string): unknown {
  return JSON.parse(readFileSync(join(root, path), 'utf8'))
}

/** The rows of the table under a heading, as `name licence`. */
function listed(heading: string): string[] {
  const section = page.split(/^## /m).find((part) => part.startsWith(heading)) ?? ''
  return [...section.matchAll(/^\| (\S+) \| (.+?) \| .+ \|$/gm)]
    .map((row) => `${row[1]} ${row[2]}`)
    .filter((row) => row !== 'package licence')
}

function installed(dependencies: Record<string, string>): string[] {
  return Object.keys(dependencies).map((name) => `${name} ${lock.packages[`node_modules/${name}`]?.license}`)
}

it('gives a reason and the licence for every dependency at run time', () => {
  expect(listed('At run time').sort()).toEqual(installed(manifest.dependencies).sort())
})

it('gives a reason and the licence for every dependency that may be left out', () => {
  expect(listed('Where wanted').sort()).toEqual(installed(manifest.optionalDependencies).sort())
})

it('gives a reason and the licence for every dependency for development', () => {
  expect(listed('For development').sort()).toEqual(installed(manifest.devDependencies).sort())
})

it('pins every dependency exactly', () => {
  const versions = Object.values({
    ...manifest.dependencies,
    ...manifest.optionalDependencies,
    ...manifest.devDependencies,
  })
  expect(versions.filter((version) => !/^(npm:.+@)?\d+\.\d+\.\d+(-[a-z]+\.\d+)?$/.test(version))).toEqual([])
})

it('has no dependency that runs a script when installed', () => {
  const scripted = Object.entries(lock.packages).filter(([name, entry]) => name !== '' && entry.hasInstallScript)
  expect(scripted.map(([name]) => name)).toEqual([])
})
