/** The estate over which bench/ledger.bench.mjs traces: one family, in which every model has about four children. */
import { hash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { trace } from '../dist/src/app/trace.js'
import { draft } from '../dist/src/ledger/journal.js'
import { generateKey, signingKey } from '../dist/src/ledger/keys.js'
import { modelSubject } from '../dist/src/ledger/statement.js'
import { openDatabase, openEstate } from '../dist/src/store/estate.js'
import { recordModels } from '../dist/src/store/models.js'
import { addRelations } from '../dist/src/store/relations.js'

export const MODELS = 1_000_000
const BATCH = 5_000
const CHILDREN = 4
/** Deployments: one model in so many is in use somewhere. */
const IN_USE = 500
const TIME = '2026-01-01T00:00:00.000Z'

/** @param {number} number */
export function idOf(number) {
  return `blake3:${hash('sha256', `model ${number}`)}`
}

/** @param {number} number */
function parentOf(number) {
  return Math.floor((number - 1) / CHILDREN)
}

/**
 * Three statements a model: its print, the relation to its parent, and a sighting (or, now and then, a deployment). Signed
 * once a batch: that every signature verifies is not what is measured here.
 *
 * @param {string} folder
 * @param {number} models
 * @param {import('../dist/src/ledger/journal.js').Journal} journal
 */
export async function generateEstate(folder, models, journal) {
  const estate = await openEstate(folder, { journal: () => journal })
  const database = await openDatabase(folder)
  const key = signingKey('bench/key', generateKey().seed)
  try {
    for (let from = 0; from < models; from += BATCH) {
      const numbers = Array.from({ length: Math.min(BATCH, models - from) }, (_, at) => from + at)
      const since = ((await estate.ledgerHead())?.size ?? 0) + 1
      await database.write(async (db) => {
        await recordModels(db, numbers.map(modelRecord), since)
        const placed = numbers
          .filter((number) => number > 0)
          .map((number) => {
            return { relation: relationOf(number), position: number, foundAt: TIME }
          })
        await addRelations(db, placed, since)
      })
      const [first] = numbers
      const signature = draft(statementsOf(first ?? 0)[0], key).signed.signatures
      await estate.enter(() =>
        numbers.flatMap((number) =>
          statementsOf(number).map((statement) => {
            const made = draft(statement, { ...key, sign: () => new Uint8Array(64) })
            return { ...made, signed: { ...made.signed, signatures: signature } }
          }),
        ),
      )
    }
    return (await estate.ledgerHead())?.size ?? 0
  } finally {
    await database.close()
    await estate.close()
  }
}

/** @param {number} number */
function modelRecord(number) {
  const dtypes = { float16: 200 }
  const origin = /** @type {const} */ ('scanned')
  return {
    id: idOf(number),
    name: `model-${number}`,
    parameters: 7_000_000_000,
    tensors: 200,
    dtypes,
    quantisation: null,
    origin,
  }
}

/** @param {number} number */
function relationOf(number) {
  return {
    child: idOf(number),
    parents: [{ id: idOf(parentOf(number)), weight: null }],
    changes: /** @type {import('../dist/src/contract/scan.js').ChangeKind[]} */ (['fine-tuned']),
    direction: /** @type {const} */ ('known'),
    status: /** @type {const} */ ('inferred'),
    p: 1e-300,
    similarity: 0.99,
    details: {},
  }
}

/**
 * @param {number} number
 * @returns {[import('../dist/src/contract/statement.js').AnyStatement, ...import('../dist/src/contract/statement.js').AnyStatement[]]}
 */
function statementsOf(number) {
  const subject = [modelSubject(idOf(number))]
  const event = { recordedAt: TIME, at: '2026-01-01', note: null }
  const { id: _, ...printed } = modelRecord(number)
  const path = `/models/${number}.safetensors`
  const files = [{ path, sha256: hash('sha256', path), bytes: 14_000_000_000 }]
  /** @type {import('../dist/src/contract/statement.js').AnyStatement} */
  const last =
    number % IN_USE === 0
      ? {
          kind: 'deployed',
          subject,
          predicate: {
            ...event,
            site: `site-${number}`,
            actor: { kind: 'organisation', name: 'Operator' },
            role: 'deployer',
            purpose: 'customer service',
            jurisdiction: 'JP',
            place: null,
            until: null,
            approved: null,
          },
        }
      : {
          kind: 'observed',
          subject,
          predicate: {
            recordedAt: TIME,
            state: 'present',
            path,
            place: '/models',
            format: 'safetensors',
            layout: idOf(number),
            bytes: 14_000_000_000,
            files,
            sideFiles: [],
            findings: [],
          },
        }
  const print = {
    kind: /** @type {const} */ ('printed'),
    subject,
    predicate: { recordedAt: TIME, ...printed, print: null },
  }
  if (number === 0) return [print, last]
  const parent = modelSubject(idOf(parentOf(number)))
  const relation = relationOf(number)
  return [
    print,
    { kind: 'related', subject: [...subject, parent], predicate: { recordedAt: TIME, state: 'found', relation } },
    last,
  ]
}

/**
 * @param {string} folder
 * @param {number} models
 */
export async function traceOnly(folder, models) {
  // somewhere in the middle of the tree, and deep down
  for (const [what, number] of /** @type {const} */ ([
    ['an ordinary model', Math.floor(models / 3)],
    ['a leaf', models - 1],
    ['a model with 5,000 descendants', Math.floor(models / 4_700)],
  ])) {
    const times = []
    for (let round = 0; round < 5; round++) times.push(await timed(folder, number))
    const { milliseconds, processor, descendants } = /** @type {(typeof times)[number]} */ (
      times.toSorted((a, b) => a.milliseconds - b.milliseconds)[2]
    )
    print(
      `trace of ${what}: ${milliseconds.toFixed(0)} ms (${processor.toFixed(0)} ms of processor), ${descendants} descendants  (bar for ordinary ones 200 ms)`,
    )
  }
  const root = await timed(folder, 0)
  print(
    `trace of the root: ${(root.milliseconds / 1_000).toFixed(2)} s (${(root.processor / 1_000).toFixed(2)} s of processor), ${root.descendants} descendants, ${root.sites} sites, ` +
      `${peak().toFixed(0)} MiB at most  (bars 3 s, 1024 MiB)`,
  )
}

/**
 * @param {string} folder
 * @param {number} number
 */
async function timed(folder, number) {
  const [start, before] = [performance.now(), process.cpuUsage()]
  const report = await trace(idOf(number), folder)
  const milliseconds = performance.now() - start
  const { user, system } = process.cpuUsage(before)
  return {
    milliseconds,
    processor: (user + system) / 1_000,
    descendants: report.descendants.length + report.moreDescendants.length,
    sites: report.sites.length,
  }
}

/**
 * MiB. Of this program alone where Linux tells: what `resourceUsage` has counts the process too that this one was split off from.
 */
function peak() {
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : ''
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? []
  return (kilobytes === undefined ? process.resourceUsage().maxRSS : Number(kilobytes)) / 1024
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`)
}
