/** Questions about two models at a time: are they related, and what does `diff` say of them with their weights at hand? */
import { diff } from '../../dist/src/app/diff.js'
import { modelEnd } from '../../dist/src/app/model-end.js'
import { verifyAgainst } from '../../dist/src/app/verify-deep.js'
import { relate } from '../../dist/src/relate/relate.js'
import { answer, isSameSet } from './score.mjs'
import { parentPairs, relatives, strangers } from './truth.mjs'

/** @typedef {import('./read-zoo.mjs').Model} Model @typedef {import('./score.mjs').Answer} Answer */

const quiet = { onPhase() {}, onTotal() {}, onBytes() {} }

/** @param {Model} a @param {Model} b */
export function between(a, b) {
  return relate([a.print, b.print]).relations.find(({ parents }) => parents.length > 0)
}

/**
 * Each pair on its own, which is where strangers pass for relatives most easily: among many models the tests are corrected for.
 *
 * @param {Model[]} models
 * @param {number} most strangers' pairs of each half, evenly taken
 * @returns {Answer[]}
 */
export function pairAnswers(models, most) {
  const direct = parentPairs(models).filter(({ child }) => !child.print.adapter)
  return [
    ...direct.map(({ parent, child }) =>
      answer('related', child, between(parent, child) ? 'right' : 'wrong', `and ${parent.name}`),
    ),
    ...relatives(models).map(([a, b]) => answer('relatives', a, between(a, b) ? 'right' : 'wrong', `and ${b.name}`)),
    ...['fit', 'report', 'across'].flatMap((half) => {
      const chosen = strangers(models).filter(([a, b]) => (a.half === b.half ? a.half : 'across') === half)
      return evenly(chosen, most).map(([a, b]) => ({
        ...answer('strangers', a, between(a, b) ? 'wrong' : 'right', `called related to ${b.name}`),
        half,
      }))
    }),
  ]
}

/**
 * @template T
 * @param {T[]} all
 * @param {number} most
 */
function evenly(all, most) {
  const step = Math.max(1, all.length / most)
  return all.filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step))
}

/**
 * What `yukue diff` and `yukue verify --deep` answer of every parent and child whose weights are at hand.
 *
 * @param {Model[]} models
 * @param {string} estate
 * @returns {Promise<Answer[]>}
 */
export async function diffAnswers(models, estate) {
  const answers = []
  for (const { parent, child } of parentPairs(models)) {
    if (!parent.path || !child.path || child.parents.length !== 1 || child.print.adapter) continue
    try {
      const options = { estate, as: [], threads: 1 }
      answers.push(...judged(child, await diff(parent.path, child.path, options, quiet)))
      if (!isExact(child)) continue
      const [from, to] = [await modelEnd(parent.path, options, quiet), await modelEnd(child.path, options, quiet)]
      const { verdict } = verifyAgainst(from, to, () => {})
      answers.push(
        answer(
          'verified',
          child,
          verdict === 'verified' ? 'right' : 'wrong',
          `${child.details['scheme']}: told ${verdict}`,
        ),
      )
    } catch (error) {
      answers.push(answer('diff: changes', child, 'wrong', String(error)))
    }
  }
  return answers
}

/**
 * @param {Model} child
 * @param {import('../../dist/src/app/diff.js').Diff} told
 * @returns {Answer[]}
 */
function judged(child, { changes, details, direction, reversed }) {
  const weights = changes.filter((change) => change !== 'configuration-changed')
  const isRight = [child.changes, ...child.accept].some((set) => isSameSet(set, weights))
  const outcome = isRight ? 'right' : weights.includes('unclear') || weights.length === 0 ? 'abstained' : 'wrong'
  const answers = [
    answer('diff: changes', child, outcome, `${child.changes.join(' + ')}: told ${changes.join(' + ') || 'nothing'}`),
  ]
  if (child.direction === 'known')
    answers.push(
      answer(
        'diff: direction',
        child,
        reversed ? 'wrong' : direction === 'known' ? 'right' : 'abstained',
        `${child.changes.join(' + ')}`,
      ),
    )
  if (child.changes.includes('adapter-merged'))
    answers.push(
      answer(
        'rank',
        child,
        details['rank'] === child.details['rank'] ? 'right' : 'wrong',
        `${child.details['rank']}: told ${details['rank']}`,
      ),
    )
  return answers
}

/** One rounding to the nearest, straight from the parent: quantising it again must give the very blocks. @param {Model} child */
function isExact({ changes, details }) {
  return isSameSet(changes, ['quantised']) && ['Q8_0', 'Q4_0', 'int8', 'uint8'].includes(details['scheme'])
}
