/** The zoo's table: one row a question, ours beside the peers'. */
import { median, wilson } from './intervals.mjs'

/** @typedef {import('./score.mjs').Answer} Answer */

/**
 * `bar`: what the share of right answers must reach; `of: 'wrong'` counts wrong ones, which must not exceed it.
 *
 * @type {{ question: string, text: string, of?: 'wrong' | 'stated wrong' | 'abstained' | 'error', bar?: number }[]}
 */
const ROWS = [
  { question: 'same', text: 'same weights in another container: one model', bar: 1 },
  { question: 'related', text: 'parent and child found related', bar: 0.99 },
  { question: 'relatives', text: 'other two of one family found related' },
  { question: 'strangers', text: 'strangers of one configuration called related', of: 'wrong', bar: 0 },
  { question: 'tree', text: 'edges between families in the tree of all', of: 'wrong', bar: 0 },
  { question: 'nearest', text: 'nearest parent named', bar: 0.97 },
  { question: 'nearest, another nearer', text: 'parent named though by the weights another model lies nearer' },
  { question: 'adapter: rank', text: 'rank of an adapter file' },
  { question: 'adapter: base', text: 'base of an adapter file named' },
  { question: 'changes', text: 'set of changes exactly right (prints)', bar: 0.93 },
  { question: 'changes', text: 'set of changes wrong without `unclear` (prints)', of: 'wrong', bar: 0.03 },
  { question: 'diff: changes', text: 'set of changes exactly right (diff, one parent)', bar: 0.93 },
  { question: 'diff: changes', text: 'set of changes wrong without `unclear` (diff)', of: 'wrong', bar: 0.03 },
  { question: 'rank', text: 'rank of a merged adapter exact (diff)', bar: 0.97 },
  { question: 'weights', text: 'merges found, weights within .005', bar: 0.97 },
  { question: 'weights', text: 'median error of merge weights', of: 'error', bar: 0.005 },
  { question: 'weights, DARE and TIES', text: 'DARE, TIES, task arithmetic found, weights within .02' },
  { question: 'weights, DARE and TIES', text: 'median error of their weights', of: 'error', bar: 0.02 },
  { question: 'no merge', text: 'other models called merged', of: 'wrong' },
  { question: 'direction', text: 'direction wrong where stated', of: 'stated wrong', bar: 0.01 },
  { question: 'direction', text: 'direction abstained where it can be known', of: 'abstained', bar: 0.2 },
  {
    question: 'direction, not knowable',
    text: 'direction wrong where stated though it cannot be known',
    of: 'stated wrong',
    bar: 0.01,
  },
  { question: 'direction, not knowable', text: 'direction abstained where it cannot be known', of: 'abstained' },
  { question: 'verified', text: 'Q8_0, Q4_0, int8 verified against their parent (verify --deep)', bar: 1 },
  { question: 'scheme', text: 'Q8_0, Q4_0, int8 named with their type', bar: 1 },
  { question: 'scheme, K-quants', text: 'K-quants named with their type', bar: 0.95 },
]

/**
 * @param {Answer[]} answers
 * @param {{ name: string, answers: Answer[] }[]} peers
 */
export function tableText(answers, peers) {
  const heads = ['question', 'bar', 'fit half', 'report half', ...peers.map(({ name }) => `${name}, report half`)]
  const rows = ROWS.filter(({ question }) => answers.some((one) => one.question === question)).map((row) => [
    row.text,
    row.bar === undefined ? '' : `${row.of ? '≤' : '≥'} ${row.of === 'error' ? row.bar : percent(row.bar)}`,
    cell(row, answers, 'fit'),
    cell(row, answers, 'report'),
    ...peers.map((peer) => cell(row, peer.answers, 'report') || 'does not answer'),
  ])
  return [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/**
 * @param {typeof ROWS[number]} row
 * @param {Answer[]} answers
 * @param {string} half
 */
function cell({ question, of }, answers, half) {
  const asked = answers.filter((one) => one.question === question && one.half === half)
  if (asked.length === 0) return ''
  if (of === 'error') {
    const errors = asked.flatMap(({ error }) => (error === undefined ? [] : [error]))
    return errors.length === 0 ? 'none found' : `${median(errors).toPrecision(2)} (${errors.length} of ${asked.length})`
  }
  const all = of === 'stated wrong' ? asked.filter(({ outcome }) => outcome !== 'abstained') : asked
  const counted = all.filter(({ outcome }) => outcome === (of === 'stated wrong' ? 'wrong' : (of ?? 'right'))).length
  if (all.length === 0) return 'none stated'
  const [low, high] = wilson(counted, all.length)
  return `${percent(counted / all.length)} (${counted} of ${all.length}; ${percent(low)} to ${percent(high)})`
}

/**
 * Right, wrong and abstained of each kind, for one question.
 *
 * @param {Answer[]} answers
 * @param {string} question
 */
export function byKind(answers, question) {
  const asked = answers.filter((one) => one.question === question)
  const kinds = [...new Set(asked.map(({ kind }) => kind))].sort()
  const count = (/** @type {string} */ kind, /** @type {string} */ outcome) =>
    asked.filter((one) => one.kind === kind && one.outcome === outcome).length
  const rows = kinds.map((kind) => [kind, ...['right', 'wrong', 'abstained'].map((outcome) => count(kind, outcome))])
  return [['kind', 'right', 'wrong', 'abstained'], ['---', '---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

/** @param {number} share */
function percent(share) {
  return `${+(100 * share).toFixed(1)} %`
}
