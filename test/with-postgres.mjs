/*
 * node test/with-postgres.mjs COMMAND ARGS…: runs a command with a throw-away PostgreSQL, whose address it gets as
 * YUKUE_TEST_DATABASE_URL. Listens on a socket in its own folder only; both are gone afterwards.
 */
import { spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const [command, ...args] = process.argv.slice(2)
const bin = binFolder()
if (bin === null || command === undefined) {
  process.stderr.write(
    'PostgreSQL is not installed (no initdb was found): what needs it is skipped. apt-get install postgresql\n',
  )
  process.exit(3)
}

// PostgreSQL refuses to run as root; Debian's package brings a user of its own.
const user = process.getuid?.() === 0 ? 'postgres' : null
const folder = mkdtempSync(join(tmpdir(), 'yukue-pg-'))
if (user !== null) chownSync(folder, idOf('-u'), idOf('-g'))
let code = 1
try {
  as(['initdb', '-D', `${folder}/data`, '-U', 'yukue', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8'])
  as(['pg_ctl', '-D', `${folder}/data`, '-w', '-l', `${folder}/log`, '-o', `-k ${folder} -h ''`, 'start'])
  const url = `postgres://yukue@localhost/postgres?host=${encodeURIComponent(folder)}`
  const env = { ...process.env, YUKUE_TEST_DATABASE_URL: url }
  code = spawnSync(command, args, { stdio: 'inherit', env }).status ?? 1
} finally {
  if (existsSync(`${folder}/data/postmaster.pid`)) as(['pg_ctl', '-D', `${folder}/data`, '-m', 'fast', 'stop'])
  rmSync(folder, { recursive: true, force: true })
}
process.exit(code)

/** @param {string[]} line */
function as([program = '', ...rest]) {
  const path = join(/** @type {string} */ (bin), program)
  const [file, parameters] = user === null ? [path, rest] : ['runuser', ['-u', user, '--', path, ...rest]]
  // the server must not hold the pipes of this process open
  const { status, stderr } = spawnSync(file, parameters, {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${program} failed: ${stderr}`)
}

/** @param {string} flag */
function idOf(flag) {
  return Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout)
}

/** Where the programs are: Debian keeps every version's apart, others have them on the path. */
function binFolder() {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(':'),
  ]
  return folders.find((path) => existsSync(join(path, 'initdb'))) ?? null
}
