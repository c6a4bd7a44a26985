/**
 * What a check costs: all of an estate of 100,000 models in use at ten sites each, one model of it in a process of its own, and one
 * model at the end of a chain of 10,000. Every statement is signed and every signature verified. Run after `npm run build`:
 *
 *     npm run bench:check
 *     npm run bench:check -- --small         (a twentieth of it)
 */
import { spawnSync } from 'node:child_process'
import { hash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { estateKey } from '../dist/src/app/keys.js'
import { draft, journalOf } from '../dist/src/ledger/journal.js'
import { modelSubject } from '../dist/src/ledger/statement.js'
import { openDatabase, openEstate } from '../dist/src/store/estate.js'
import { keysFolder } from '../dist/src/store/key-files.js'
import { recordModels } from '../dist/src/store/models.js'
import { addRelations } from '../dist/src/store/relations.js'

const small = process.argv.includes('--small')
const MODELS = small ? 5_000 : 100_000
const SITES = 10
const CHAIN = 10_000
const BATCH = 2_000
const TIME = '2026-01-01T00:00:00.000Z'
const cli = fileURLToPath(new URL('../bin/yukue.js', import.meta.url))
const keep = process.argv.includes('--keep')

const PURPOSES = ['customer service', 'screening of applicants', 'credit scoring', 'search', 'translation']
const JURISDICTIONS = ['DE', 'JP', 'US-NY New York City', 'US-TX', 'FR']
const ROLES = /** @type {const} */ (['deployer', 'provider', 'deployer', 'developer'])

/** @typedef {import('../dist/src/contract/statement.js').AnyStatement} Statement */

const at = process.argv.indexOf('--estate')
const folder = at > 0 ? String(process.argv[at + 1]) : mkdtempSync(join(tmpdir(), 'yukue-check-'))
print(
  `${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ` +
    `load ${loadavg()[0]?.toFixed(2)}, Node ${process.version}, ${process.platform}`,
)
try {
  const [all, chain] = [join(folder, 'all'), join(folder, 'chain')]
  if (at < 0) {
    const began = performance.now()
    await generate(all, MODELS, (number) => Math.floor((number - 1) / 4), SITES)
    await generate(chain, CHAIN + 1, (number) => number - 1, 0)
    print(`estates made in ${seconds(began)} s: ${MODELS} models at ${SITES} sites each, and a chain of ${CHAIN}`)
  }
  run(`${MODELS} models at ${SITES} sites each`, ['check', '--all', '--json', '--estate', all])
  for (let round = 0; round < 3; round++)
    run('one model of them', ['check', '--model', idOf(MODELS - 1), '--json', '--estate', all])
  for (let round = 0; round < 3; round++)
    run(`one model below ${CHAIN} ancestors`, ['check', '--model', idOf(CHAIN), '--json', '--estate', chain])
} finally {
  if (keep) print(`kept: ${folder}`)
  else if (at < 0) rmSync(folder, { recursive: true, force: true })
}

/**
 * The whole command in a process of its own: time, and the most memory that was resident.
 *
 * @param {string} what
 * @param {string[]} args
 */
function run(what, args) {
  const began = performance.now()
  const timed = spawnSync('/usr/bin/env', ['time', '-f', '%M', process.execPath, cli, ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  })
  const took = seconds(began)
  const kilobytes = Number(timed.stderr.trim().split('\n').at(-1))
  const memory = Number.isFinite(kilobytes) ? `, ${(kilobytes / 2 ** 20).toFixed(2)} GiB` : ''
  if (timed.stdout === '') throw new Error(timed.stderr)
  const { verdict, counts, rules } = JSON.parse(timed.stdout)
  print(`${what}: ${took} s${memory} (${verdict}; ${counts ? JSON.stringify(counts) : `${rules.length} rules`})`)
}

/** @param {number} number */
function idOf(number) {
  return `blake3:${hash('sha256', `model ${number}`)}`
}

/**
 * @param {string} location
 * @param {number} models
 * @param {(number: number) => number} parentOf
 * @param {number} sites
 */
async function generate(location, models, parentOf, sites) {
  const writer = estateKey(keysFolder(location), null, new Date(TIME))
  const journal = journalOf(writer)
  const now = () => new Date(TIME)
  const estate = await openEstate(location, { journal: () => journal, now })
  const database = await openDatabase(location)
  try {
    for (let from = 0; from < models; from += BATCH) {
      const numbers = Array.from({ length: Math.min(BATCH, models - from) }, (_, offset) => from + offset)
      const since = ((await estate.ledgerHead())?.size ?? 0) + 1
      await database.write(async (db) => {
        await recordModels(db, numbers.map(modelRecord), since)
        const placed = numbers.filter((number) => number > 0)
        await addRelations(
          db,
          placed.map((number) => ({ relation: relationOf(number, parentOf(number)), position: number, foundAt: TIME })),
          since,
        )
      })
      await estate.enter(() =>
        numbers.flatMap((number) =>
          statementsOf(number, parentOf(number), sites).map((statement) => draft(statement, writer.key)),
        ),
      )
    }
  } finally {
    await database.close()
    await estate.close()
  }
}

/** @param {number} number */
function modelRecord(number) {
  return {
    id: idOf(number),
    name: `model-${number}`,
    parameters: 7_000_000_000,
    tensors: 200,
    dtypes: { float16: 200 },
    quantisation: null,
    origin: /** @type {const} */ ('scanned'),
  }
}

/**
 * @param {number} number
 * @param {number} parent
 */
function relationOf(number, parent) {
  return {
    child: idOf(number),
    parents: [{ id: idOf(parent), weight: null }],
    changes: /** @type {import('../dist/src/contract/scan.js').ChangeKind[]} */ (['fine-tuned']),
    direction: /** @type {const} */ ('known'),
    status: /** @type {const} */ ('inferred'),
    p: 1e-300,
    similarity: 0.99,
    details: {},
  }
}

/**
 * The relation, a licence, an evaluation now and then, and the uses.
 *
 * @param {number} number
 * @param {number} parent
 * @param {number} sites
 * @returns {Statement[]}
 */
function statementsOf(number, parent, sites) {
  const subject = [modelSubject(idOf(number))]
  const event = { recordedAt: TIME, at: '2026-01-01', note: null }
  /** @type {Statement[]} */
  const statements = [
    {
      kind: 'claimed',
      subject,
      predicate: {
        ...event,
        by: null,
        source: 'card',
        subject: 'licence',
        value: number % 97 === 1 ? 'cc-by-nc-4.0' : 'apache-2.0',
      },
    },
  ]
  if (number > 0)
    statements.push({
      kind: 'related',
      subject: [...subject, modelSubject(idOf(parent))],
      predicate: { recordedAt: TIME, state: 'found', relation: relationOf(number, parent) },
    })
  if (number % 50 === 0)
    statements.push({
      kind: 'evaluated',
      subject,
      predicate: { ...event, kind: 'evaluation', by: null, suite: 'safety-core', metrics: { passed: 1 }, report: null },
    })
  for (let site = 0; site < sites; site++) {
    const kind = number * 3 + site
    statements.push({
      kind: 'deployed',
      subject,
      predicate: {
        ...event,
        site: `site-${number}-${site}`,
        actor: { kind: 'organisation', name: `Operator ${kind % 500}` },
        role: ROLES[kind % ROLES.length] ?? null,
        purpose: PURPOSES[kind % PURPOSES.length] ?? null,
        jurisdiction: JURISDICTIONS[(kind * 7) % JURISDICTIONS.length] ?? null,
        place: null,
        until: null,
        approved: null,
      },
    })
  }
  return statements
}

/** @param {number} began */
function seconds(began) {
  return ((performance.now() - began) / 1000).toFixed(2)
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`)
}
