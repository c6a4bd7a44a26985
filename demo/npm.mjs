import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

import { DemoError } from './packages.mjs'

/** The largest package is 6 MB; a line too slow for that in five minutes is as good as none. */
const NPM_TIMEOUT_MS = 5 * 60 * 1000

/** npm's last lines name the cause; more than this is a log, not a message. */
const MAX_ERROR_CHARACTERS = 2_000

/**
 * How to start npm without a shell. `npm_execpath` is set by npm itself in scripts, but also by yarn and pnpm, whose
 * `pack` is another command. On Windows `npm` is a batch file, which only a shell could start; its script stands
 * beside node.exe.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ command: string, prefix: string[] }}
 */
export function npmCommand(env) {
  const running = env['npm_execpath']
  if (running !== undefined && basename(running) === 'npm-cli.js')
    return { command: process.execPath, prefix: [running] }
  if (process.platform !== 'win32') return { command: 'npm', prefix: [] }
  const beside = join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js')
  if (!existsSync(beside)) throw npmMissing()
  return { command: process.execPath, prefix: [beside] }
}

/**
 * Runs npm and resolves when it succeeded.
 *
 * @param {string[]} args
 * @param {{ env: NodeJS.ProcessEnv, cwd?: string, output?: 'inherit' | 'ignore' }} options With output `inherit`, npm's
 *   own output goes to stderr, because stdout belongs to the result.
 * @returns {Promise<{ ok: true } | { ok: false, output: string }>} `output` is the end of npm's stderr
 */
export async function runNpm(args, { env, cwd, output = 'ignore' }) {
  const { command, prefix } = npmCommand(env)
  return await new Promise((resolve, reject) => {
    const child = spawn(command, [...prefix, ...args], {
      env,
      cwd,
      stdio: ['ignore', output === 'inherit' ? process.stderr : 'ignore', 'pipe'],
      timeout: NPM_TIMEOUT_MS,
    })
    let errors = ''
    child.stderr?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      if (output === 'inherit') process.stderr.write(text)
      errors = (errors + text).slice(-MAX_ERROR_CHARACTERS)
    })
    child.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      reject(error.code === 'ENOENT' ? npmMissing() : error)
    })
    child.on('close', (code, signal) => {
      if (code === 0) resolve({ ok: true })
      else resolve({ ok: false, output: signal === null ? errors : `${errors}\nnpm was stopped by ${signal}` })
    })
  })
}

function npmMissing() {
  return new DemoError('npm was not found. It comes with Node.js: install Node.js 20.19 or newer, then run npm start.')
}
