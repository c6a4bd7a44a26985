/** Puts the same questions to what bench/zoo/peers.py recorded of the peers. */
import { answer } from './score.mjs'
import { originals, strangers } from './truth.mjs'

/**
 * @typedef {import('./read-zoo.mjs').Model} Model
 * @typedef {import('./score.mjs').Answer} Answer
 * @typedef {{ child: string, parent: string, related: boolean, score: number, weights: number, told: string }} PeerPair
 * @typedef {{ name: string, seconds: number, secondsPerPair: number, unread: Record<string, string>, pairs: PeerPair[],
 *   merges: { child: string, summary: string, weights: number[] }[] }} Peer
 */

/** The score from which cisco-ai-provenance-kit calls a pair matched, of its weight signals alone. */
const WEIGHTS_ALONE = 0.65

/**
 * Cisco's tool stands twice: as published, and by its weight signals without the gate on configurations.
 *
 * @param {Model[]} models
 * @param {Peer[]} peers
 */
export function peerAnswers(models, peers) {
  return peers.flatMap((peer) => {
    const named = {
      name: peer.name,
      seconds: `${peer.seconds.toFixed(3)} s a model to read, ${Object.keys(peer.unread).length} models not read`,
    }
    const published = { ...named, answers: answersOf(models, peer) }
    if (!peer.name.startsWith('cisco')) return [published]
    const pairs = peer.pairs.map((pair) => ({ ...pair, score: pair.weights, related: pair.weights > WEIGHTS_ALONE }))
    return [
      published,
      { ...named, name: `${peer.name}, weights alone`, answers: answersOf(models, { ...peer, pairs }) },
    ]
  })
}

/**
 * @param {Model[]} models
 * @param {Peer} peer
 * @returns {Answer[]}
 */
function answersOf(models, { pairs, merges }) {
  const byName = new Map(models.map((model) => [model.name, model]))
  const first = originals(models)
  const apart = new Set(strangers(models).flatMap(([a, b]) => [`${a.name} ${b.name}`, `${b.name} ${a.name}`]))
  return [
    ...pairs.flatMap((pair) => {
      const [child, parent] = [byName.get(pair.child), byName.get(pair.parent)]
      return child && parent ? pairAnswer(child, parent, pair, apart) : []
    }),
    ...models.flatMap((model) => nearest(model, pairs, byName, first)),
    ...merges.flatMap(({ child, summary, weights }) => {
      const model = byName.get(child)
      return model ? mergeAnswer(model, summary, weights) : []
    }),
  ]
}

/**
 * @param {Model} child
 * @param {Model} parent
 * @param {PeerPair} pair
 * @param {Set<string>} apart
 * @returns {Answer[]}
 */
function pairAnswer(child, parent, { related, told }, apart) {
  if (child.family !== parent.family)
    return apart.has(`${child.name} ${parent.name}`)
      ? [answer('strangers', child, related ? 'wrong' : 'right', `called related to ${parent.name}: ${told}`)]
      : []
  for (const [a, b] of /** @type {[Model, Model][]} */ ([
    [child, parent],
    [parent, child],
  ]))
    if (a.parents.some(({ name }) => name === b.name))
      return a.changes.length > 0 ? [answer('related', a, related ? 'right' : 'wrong', `and ${b.name}: ${told}`)] : []
  return child.print.id === parent.print.id
    ? []
    : [answer('relatives', child, related ? 'right' : 'wrong', `and ${parent.name}: ${told}`)]
}

/**
 * The best score among all that do not descend from the model; a tie names nobody. Merges have several parents: any of them is right.
 *
 * @param {Model} model
 * @param {PeerPair[]} pairs
 * @param {Map<string, Model>} byName
 * @param {Map<string, string>} first
 * @returns {Answer[]}
 */
function nearest(model, pairs, byName, first) {
  if (model.changes.length === 0) return []
  const original = (/** @type {string} */ name) => first.get(name) ?? name
  const others = pairs
    .filter(({ child, parent }) => child === model.name || parent === model.name)
    .map(({ child, parent, score }) => ({ name: child === model.name ? parent : child, score }))
    .filter(({ name }) => original(name) !== original(model.name) && !descends(name, model.name, byName))
  const best = Math.max(...others.map(({ score }) => score))
  const chosen = [...new Set(others.filter(({ score }) => score === best).map(({ name }) => original(name)))]
  if (
    others.length === 0 ||
    !model.parents.some(({ name }) => others.some((other) => original(other.name) === original(name)))
  )
    return []
  const isRight = chosen.length === 1 && model.parents.some(({ name }) => original(name) === chosen[0])
  return [
    answer(
      model.nearer.length > 0 ? 'nearest, another nearer' : 'nearest',
      model,
      isRight ? 'right' : chosen.length > 1 ? 'abstained' : 'wrong',
      `told ${chosen.slice(0, 3).join(', ')}`,
    ),
  ]
}

/**
 * @param {string} name
 * @param {string} ancestor
 * @param {Map<string, Model>} byName
 * @returns {boolean}
 */
function descends(name, ancestor, byName) {
  return (
    byName.get(name)?.parents.some((parent) => parent.name === ancestor || descends(parent.name, ancestor, byName)) ??
    false
  )
}

/**
 * The parents are given to the peer, which we have to find.
 *
 * @param {Model} model
 * @param {string} summary
 * @param {number[]} weights
 * @returns {Answer[]}
 */
function mergeAnswer(model, summary, weights) {
  const sparse = ['TIES merge', 'DARE merge', 'task arithmetic'].includes(model.kind)
  const question = sparse ? 'weights, DARE and TIES' : 'weights'
  if (weights.length === 0 || summary !== 'MERGE') return [answer(question, model, 'abstained', summary)]
  const error = Math.max(...model.parents.map(({ weight }, at) => Math.abs(Number(weight) - Number(weights[at]))))
  return [
    {
      ...answer(
        question,
        model,
        error <= (sparse ? 0.02 : 0.005) ? 'right' : 'wrong',
        weights.map((it) => it.toFixed(4)).join(' '),
      ),
      error,
    },
  ]
}
