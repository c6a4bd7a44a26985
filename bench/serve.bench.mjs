/**
 * What the server takes: searches over 100,000 models, the graph of a hub with 5,000 descendants, and 200 readers and 20 recorders at once
 * for a minute over loopback; afterwards every statement that was acknowledged is looked up with its proof. The server runs in a
 * process of its own; this one makes the requests, on the same processors. Run after `npm run build`:
 *
 *     npm run bench:serve                 (100,000 models, 60 s)
 *     npm run bench:serve -- --small      (10,000 models, 10 s)
 *     npm run bench:serve -- --pause 0    (everyone asks again at once; 1,000 ms unless told)
 *
 * `YUKUE_TEST_DATABASE_URL=postgres://…` measures an estate in PostgreSQL instead, which must be empty.
 */
import { spawn } from 'node:child_process'
import { hash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { newToken } from '../dist/src/app/live/tokens.js'
import { record } from '../dist/src/app/record.js'
import { verifyInclusion } from '../dist/src/ledger/proof.js'
import { recordArtifacts } from '../dist/src/store/artifacts.js'
import { openDatabase } from '../dist/src/store/estate.js'
import { recordModels } from '../dist/src/store/models.js'
import { addRelations } from '../dist/src/store/relations.js'

const small = process.argv.includes('--small')
const MODELS = small ? 10_000 : 100_000
const HUB = small ? 500 : 5_000
const SECONDS = small ? 10 : 60
const [READERS, RECORDERS] = [200, 20]
/** Between the answer and the next request of one reader: people and pages look at what they get. */
const PAUSE_MS = process.argv.includes('--pause') ? Number(process.argv[process.argv.indexOf('--pause') + 1]) : 1_000
const TIME = '2026-01-01T00:00:00.000Z'
const ROUNDS = 30

/** @param {string} line */
function say(line) {
  process.stdout.write(`${line}\n`)
}

const idOf = (/** @type {number} */ number) => `blake3:${hash('sha256', `model ${number}`)}`
const hub = idOf(0)

/** @param {string} location */
async function makeEstate(location) {
  const database = await openDatabase(location)
  const step = 5_000
  for (let from = 0; from < MODELS; from += step) {
    const numbers = Array.from({ length: Math.min(step, MODELS - from) }, (_, at) => from + at)
    await database.write(async (db) => {
      const models = numbers.map((number) => ({
        id: idOf(number),
        name: `team-${number % 97}/model-${number}-${['base', 'chat', 'code', '日本語'][number % 4]}`,
        parameters: 7_000_000_000,
        tensors: 200,
        dtypes: { float16: 200 },
        quantisation: null,
        origin: /** @type {const} */ ('scanned'),
      }))
      await recordModels(db, models, 0)
      const artifacts = numbers.map((number) => ({
        model: idOf(number),
        layout: idOf(number),
        path: `/srv/models/${number % 97}/model-${number}.safetensors`,
        place: '/srv/models',
        format: 'safetensors',
        bytes: 14_000_000_000,
        printVersion: 1,
        files: [],
        findings: [],
        sideFiles: [],
      }))
      await recordArtifacts(db, artifacts, TIME)
      // the first is the hub; of the others every one has one parent, and about four children
      const relations = numbers
        .filter((number) => number > 0)
        .map((number) => ({
          relation: {
            child: idOf(number),
            parents: [{ id: idOf(number <= HUB ? 0 : Math.floor((number - HUB) / 4) + 1), weight: null }],
            changes: [/** @type {const} */ ('fine-tuned')],
            direction: /** @type {const} */ ('known'),
            status: /** @type {const} */ ('inferred'),
            p: 1e-300,
            similarity: 0.99,
            details: {},
          },
          position: number,
          foundAt: TIME,
        }))
      await addRelations(db, relations, 0)
    })
  }
  await database.close()
  await record({ event: 'received', model: hub, from: 'Vendor Ltd' }, location)
  for (let at = 0; at < 20; at++)
    await record({ event: 'deployed', model: idOf(at * 7), site: `site-${at}`, actor: `Bank ${at}` }, location)
}

const agent = new Agent({ keepAlive: true, maxSockets: READERS + RECORDERS })

/**
 * @param {string} base
 * @param {string} path
 * @param {string} token
 * @param {unknown} [body]
 * @returns {Promise<{ status: number, ms: number, json: any }>}
 */
function ask(base, path, token, body) {
  const began = performance.now()
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    }
    const sent = request(
      `${base}/api/v1/${path}`,
      { agent, headers, method: body === undefined ? 'GET' : 'POST' },
      (response) => {
        /** @type {Buffer[]} */
        const pieces = []
        response.on('data', (piece) => pieces.push(piece))
        response.on('end', () => {
          const ms = performance.now() - began
          const text = Buffer.concat(pieces).toString()
          resolve({ status: response.statusCode ?? 0, ms, json: text === '' ? null : JSON.parse(text) })
        })
        response.on('error', reject)
      },
    )
    sent.on('error', reject)
    sent.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

/** @param {number[]} times @param {number} share */
function quantile(times, share) {
  const sorted = [...times].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

const folder = mkdtempSync(join(tmpdir(), 'yukue-serve-bench-'))
const location = process.env['YUKUE_TEST_DATABASE_URL'] ?? join(folder, 'estate')
say(
  `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} threads, load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}`,
)
await makeEstate(location)
const steward = (await newToken({ name: 'bench', role: 'recorder', expires: undefined }, location)).token
/** @type {string[]} */
const tokens = []
for (let at = 0; at < READERS; at++)
  tokens.push((await newToken({ name: `reader ${at}`, role: 'reader', expires: undefined }, location)).token)

const server = spawn(
  process.execPath,
  [
    fileURLToPath(new URL('../bin/yukue.js', import.meta.url)),
    'serve',
    '--port',
    '0',
    '--json',
    '--quiet',
    '--estate',
    location,
  ],
  { stdio: ['ignore', 'pipe', 'inherit'] },
)
try {
  let text = ''
  server.stdout.on('data', (piece) => {
    text += piece
  })
  while (!text.includes('\n}')) await sleep(50)
  const base = JSON.parse(text).address
  await measure(base)
} finally {
  server.kill('SIGTERM')
  await once(server, 'exit')
  rmSync(folder, { recursive: true, force: true })
}

/** @param {string} base */
async function measure(base) {
  await ask(base, 'models?limit=1', steward)
  const queries = ['chat', '日本語', 'model-4242', 'team-13/', 'nothing like it', 'safetensors']
  for (const query of queries) {
    const times = []
    for (let round = 0; round < ROUNDS; round++) {
      // another word each time, so that no search is remembered
      const asked = encodeURIComponent(round === 0 ? query : `${query.slice(0, 12)}${round % 2 ? '' : '-'}${round}`)
      times.push((await ask(base, `models?query=${asked}&limit=50`, steward)).ms)
    }
    say(
      `search ${query.padEnd(18)} median ${quantile(times, 0.5).toFixed(1)} ms, worst ${Math.max(...times).toFixed(1)} ms`,
    )
  }
  const graphs = []
  let nodes = 0
  for (let round = 0; round < 10; round++) {
    const answer = await ask(base, `models/${hub}/graph?depth=1&limit=${HUB + 1}&round=${round}`, steward)
    graphs.push(answer.ms)
    nodes = answer.json.nodes.length
  }
  say(
    `graph of ${nodes} nodes  median ${quantile(graphs, 0.5).toFixed(0)} ms, worst ${Math.max(...graphs).toFixed(0)} ms`,
  )

  const until = performance.now() + SECONDS * 1_000
  /** @type {number[]} */
  const read = []
  /** @type {Map<string, number[]>} */
  const byRoute = new Map()
  /** @type {number[]} */
  const written = []
  /** @type {number[]} */
  const entered = []
  /** @type {Map<string, number>} */
  const errors = new Map()
  const failed = (/** @type {string} */ what) => errors.set(what, (errors.get(what) ?? 0) + 1)
  const paths = [
    () => `models?query=model-${Math.floor(Math.random() * MODELS)}`,
    () => `models?limit=50`,
    () => `models/${idOf(Math.floor(Math.random() * MODELS))}`,
    () => `models/${idOf(Math.floor(Math.random() * MODELS))}/graph?depth=2&limit=100`,
    () => 'statements?limit=20',
    () => 'statements/3',
    () => 'sites?limit=20',
    () => 'checkpoint',
  ]
  const reader = async (/** @type {string} */ token) => {
    await sleep(Math.random() * PAUSE_MS)
    while (performance.now() < until) {
      const path = (paths[Math.floor(Math.random() * paths.length)] ?? paths[0])?.() ?? ''
      const answer = await ask(base, path, token).catch((error) => ({ status: 0, ms: 0, json: String(error) }))
      const route = routeOf(path)
      if (answer.status === 200) {
        read.push(answer.ms)
        timesOf(byRoute, route).push(answer.ms)
      } else failed(`${answer.status} ${route}`)
      if (PAUSE_MS > 0) await sleep(PAUSE_MS)
    }
  }
  const recorder = async (/** @type {number} */ number) => {
    while (performance.now() < until) {
      const body = { event: 'received', model: idOf(Math.floor(Math.random() * MODELS)), from: `Vendor ${number}` }
      const answer = await ask(base, 'records', steward, body).catch((error) => ({
        status: 0,
        ms: 0,
        json: String(error),
      }))
      if (answer.status === 201) {
        written.push(answer.ms)
        entered.push(...answer.json.statements)
      } else failed(`${answer.status} records`)
      if (PAUSE_MS > 0) await sleep(PAUSE_MS)
    }
  }
  const [own, served, began] = [process.cpuUsage(), serverSeconds(), performance.now()]
  await Promise.all([...tokens.map(reader), ...Array.from({ length: RECORDERS }, (_, at) => recorder(at))])
  const told = (/** @type {number[]} */ times) =>
    `${times.length} (${(times.length / SECONDS).toFixed(0)}/s), median ${quantile(times, 0.5).toFixed(0)} ms, p99 ${quantile(times, 0.99).toFixed(0)} ms`
  say(`${READERS} readers for ${SECONDS} s: ${told(read)}`)
  say(`${RECORDERS} recorders: ${told(written)}`)
  for (const [route, times] of byRoute) say(`  ${route.padEnd(22)} ${told(times)}`)
  const spent = process.cpuUsage(own)
  const share = (/** @type {number} */ seconds) => `${((100_000 * seconds) / (performance.now() - began)).toFixed(0)} %`
  say(
    `of one processor: the server ${share(serverSeconds() - served)}, whoever asks ${share((spent.user + spent.system) / 1e6)}; load ${loadavg()[0]?.toFixed(1)}`,
  )
  say(`errors: ${errors.size === 0 ? 'none' : JSON.stringify(Object.fromEntries(errors))}`)
  say(
    `slower than 250 ms: ${read.filter((ms) => ms > 250).length} reads, ${written.filter((ms) => ms > 250).length} records`,
  )
  await checkProofs(base, entered)
}

/** @param {string} path */
function routeOf(path) {
  const [address = '', query = ''] = path.split('?')
  const isSearch = query.startsWith('query=')
  return isSearch ? 'models?query=' : address.replace(/blake3:\w+/, 'ID').replace(/[0-9]+$/, 'N')
}

/** @param {Map<string, number[]>} byRoute @param {string} route */
function timesOf(byRoute, route) {
  const times = byRoute.get(route) ?? []
  byRoute.set(route, times)
  return times
}

/** Processor time of the server so far; 0 where the system does not tell. */
function serverSeconds() {
  try {
    const [, rest = ''] = readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ')
    const fields = rest.split(' ')
    // clock ticks are hundredths of a second on every Linux; user and system time are the 14th and 15th field
    return (Number(fields[11]) + Number(fields[12])) / 100
  } catch {
    return 0
  }
}

/** @param {string} base @param {number[]} entered */
async function checkProofs(base, entered) {
  let proven = 0
  for (const number of entered) {
    const { status, json } = await ask(base, `statements/${number}`, tokens[number % READERS] ?? steward)
    if (status !== 200) continue
    const bytes = (/** @type {string} */ text) => Buffer.from(text, 'base64')
    const { size, root } = json.checkpoint
    const place = { index: number, size, leaf: bytes(json.leaf), root: bytes(root) }
    if (verifyInclusion(place, json.proof.map(bytes)) && json.kind === 'custody') proven++
  }
  const distinct = new Set(entered).size
  say(`acknowledged ${entered.length}, distinct numbers ${distinct}, proven in the log ${proven}`)
  if (proven !== entered.length || distinct !== entered.length) process.exitCode = 1
}
