import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

import { runNpm } from './npm.mjs'
import { DemoError } from './packages.mjs'

/**
 * Builds the project unless dist/ is up to date.
 *
 * @param {string} root The project's folder.
 * @param {NodeJS.ProcessEnv} env
 * @param {(line: string) => void} say
 * @throws {DemoError} when the build fails
 */
export async function buildIfStale(root, env, say) {
  if (!isStale(root)) return
  say('building dist/')
  const result = await runNpm(['run', 'build'], { env, cwd: root, output: 'inherit' })
  if (!result.ok) throw new DemoError('the build failed (see above). Run npm ci, then npm start again.')
}

/**
 * Whether an output is missing or older than its source: every src/….ts has its dist/src/….js, and all of them
 * the command line bundled of them, dist/cli/run.js; all of assembly/ its dist/kernel.wasm, all of web/ its dist/web/index.html.
 *
 * @param {string} root
 */
export function isStale(root) {
  const modules = filesUnder(join(root, 'src'))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    .map((path) => ({
      source: join(root, 'src', path),
      output: join(root, 'dist', 'src', path.replace(/\.ts$/, '.js')),
    }))
  const kernels = filesUnder(join(root, 'assembly'))
    .filter((path) => path.endsWith('.ts'))
    .map((path) => ({ source: join(root, 'assembly', path), output: join(root, 'dist', 'kernel.wasm') }))
  const bundle = modules.map(({ source }) => ({ source, output: join(root, 'dist', 'cli', 'run.js') }))
  const pages = filesUnder(join(root, 'web'))
    .filter((path) => /\.(tsx?|css|html|svg)$/.test(path))
    .map((path) => ({ source: join(root, 'web', path), output: join(root, 'dist', 'web', 'index.html') }))
  return [...modules, ...bundle, ...kernels, ...pages].some(({ source, output }) => modified(output) < modified(source))
}

/** @param {string} folder */
function filesUnder(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
}

/** @param {string} path */
function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.NEGATIVE_INFINITY
}
