/**
 * Judges the engine by a zoo, and prints the table of docs/zoo.md. Run after `npm run build`:
 *
 *     npm run bench:zoo -- .cache/zoo              a zoo that bench/zoo/zoo.py made
 *     npm run bench:zoo                            the packed prints of the small one (no weights: what only `diff` answers is left out)
 *     … --peers .cache/zoo/peers.json              beside what bench/zoo/peers.py measured on the same models
 *     … --strangers 4000                           most pairs of strangers, in each half
 *     … --pack test/fixtures/zoo/small.zoo         packs the report half for the tests
 *     … --families little-b pictures-b             these families only
 *     … --half report                              one half only
 *     … --without-pairs --without-diff             the tree over all models only: quick
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { relate } from '../../dist/src/relate/relate.js'
import { pack, unpack } from './pack.mjs'
import { between, diffAnswers, pairAnswers } from './pair-scores.mjs'
import { peerAnswers } from './peer-scores.mjs'
import { readZoo } from './read-zoo.mjs'
import { scoreLineage } from './score.mjs'
import { byKind, tableText } from './table.mjs'
import { distinct } from './truth.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    peers: { type: 'string' },
    strangers: { type: 'string', default: '4000' },
    pack: { type: 'string' },
    half: { type: 'string' },
    families: { type: 'string', multiple: true },
    'without-pairs': { type: 'boolean', default: false },
    'without-diff': { type: 'boolean', default: false },
  },
})

const { models: all, seconds, unread } = await zooAt(positionals[0])
const models = all.filter(
  ({ half, family }) => (values.half ?? half) === half && (values.families?.includes(family) ?? true),
)
print(`${models.length} models of ${new Set(models.map(({ family }) => family)).size} families`)
if (seconds) print(`${(seconds / all.length).toFixed(3)} s a model to read and print`)
for (const line of unread) print(`NOT READ ${line}`)
if (values.pack) savePack(values.pack)

const answers = await answersOf()
const peers = values.peers ? peerAnswers(models, JSON.parse(readFileSync(values.peers, 'utf8'))) : []
print(tableText(answers, peers))
for (const { name, seconds } of peers) print(`${name}: ${seconds}`)
for (const question of ['nearest', 'changes', 'diff: changes', 'direction', 'direction, not knowable'])
  print(`\n${question}, both halves\n\n${byKind(answers, question)}`)
print('\nWrong and abstained')
for (const { question, half, outcome, what } of answers)
  if (outcome !== 'right' && !(question === 'direction, not knowable' && outcome === 'abstained'))
    print(`- ${half}, ${question}, ${outcome}: ${what}`)
for (const peer of peers) listBetter(peer)

/** @param {string | undefined} folder */
async function zooAt(folder) {
  if (folder) return readZoo(folder)
  const packed = readFileSync(new URL('../../test/fixtures/zoo/small.zoo', import.meta.url))
  return { models: unpack(packed), seconds: null, unread: [] }
}

async function answersOf() {
  const { relations } = relate(distinct(models).map(({ print }) => print))
  const estate = mkdtempSync(join(tmpdir(), 'yukue-zoo-'))
  try {
    return [
      ...scoreLineage(models, relations, between),
      ...treeAnswers(relations),
      ...(values['without-pairs'] ? [] : pairAnswers(models, Number(values.strangers))),
      ...(values['without-diff'] ? [] : await diffAnswers(models, estate)),
    ]
  } finally {
    rmSync(estate, { recursive: true, force: true })
  }
}

/**
 * Every edge of the tree over all models stays in one family.
 *
 * @param {import('../../dist/src/relate/lineage.js').Relation[]} relations
 * @returns {import('./score.mjs').Answer[]}
 */
function treeAnswers(relations) {
  const byId = new Map(distinct(models).map((model) => [model.print.id, model]))
  return relations.flatMap(({ child, parents, changes }) =>
    parents.map(({ id }) => {
      const [a, b] = [byId.get(child), byId.get(id)]
      const what = `${b?.name} and ${a?.name} (${changes.join(' + ')})`
      return {
        question: 'tree',
        half: a?.half ?? '',
        kind: 'edge',
        outcome: a?.family === b?.family ? 'right' : 'wrong',
        what,
      }
    }),
  )
}

/** @param {string} path */
function savePack(path) {
  const packed = pack(models.filter(({ half }) => half === 'report'))
  writeFileSync(path, packed)
  print(`${path}: ${(packed.length / 1e6).toFixed(1)} MB`)
}

/**
 * Where a peer is right and we are not.
 *
 * @param {{ name: string, answers: import('./score.mjs').Answer[] }} peer
 */
function listBetter(peer) {
  // of a pair either may come first
  const subject = (/** @type {string} */ what) =>
    [what.split(' (')[0], / and ([^\s:]+)/.exec(what)?.[1] ?? ''].sort().join(' ')
  print(`\n${peer.name} right, yukue not`)
  for (const theirs of peer.answers.filter(({ outcome }) => outcome === 'right')) {
    const ours = answers.filter(
      ({ question, what }) => question === theirs.question && subject(what) === subject(theirs.what),
    )
    for (const { outcome, what, question } of ours) if (outcome !== 'right') print(`- ${question}, ${outcome}: ${what}`)
  }
}

/** @param {string} text */
function print(text) {
  process.stdout.write(`${text}\n`)
}
