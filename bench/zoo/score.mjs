/** Holds a lineage against the truth: for every question a list of answers, each right, wrong or abstained. */
import { originals } from './truth.mjs'

/**
 * @typedef {import('./read-zoo.mjs').Model} Model
 * @typedef {import('../../dist/src/relate/lineage.js').Relation} Relation
 * @typedef {'right' | 'wrong' | 'abstained'} Outcome
 * @typedef {{ question: string, half: string, kind: string, outcome: Outcome, what: string, error?: number }} Answer
 */

/** Where what was done leaves a trace of which came first, abstaining is a failing; elsewhere it is right. */
const DIRECTED = ['quantised', 'converted-lossy', 'merged', 'pruned', 'vocabulary-resized', 'direction-ablated']

/**
 * @param {Model[]} models
 * @param {Relation[]} relations over all of them
 * @param {(parent: Model, child: Model) => Relation | undefined} between what two of them tell on their own
 * @returns {Answer[]}
 */
export function scoreLineage(models, relations, between) {
  const names = namesOf(models)
  const merges = relations.filter(({ changes }) => changes.includes('merged'))
  return models.flatMap((model) => [
    ...answersOf(model),
    ...(model.changes.includes('merged') ? [] : [noMerge(model, merges, names)]),
  ])

  /** @param {Model} model @returns {Answer[]} */
  function answersOf(model) {
    if (model.parents.length === 0) return []
    if (model.changes.length === 0) return [sameModel(model, models)]
    const found = relations.find((relation) => isEdge(relation, model, names))
    if (model.print.adapter) return adapter(model, relations)
    return [
      nearest(model, found, relations, names),
      ...changesOf(model, found ?? alone(model, models, between)),
      ...(found ? directionOf(model, found, names) : []),
      ...weightsOf(model, found, names),
      ...schemeOf(model),
    ]
  }
}

/**
 * @param {Model} model
 * @param {Relation[]} merges
 * @param {Names} names
 * @returns {Answer}
 */
function noMerge(model, merges, names) {
  const told = merges.find(({ child }) => names.has(child, model.name))
  return answer('no merge', model, told ? 'wrong' : 'right', told ? `told ${relationText(told, names)}` : '')
}

/**
 * An adapter's factors are no weights; its base may stay open.
 *
 * @param {Model} model
 * @param {Relation[]} relations
 * @returns {Answer[]}
 */
function adapter(model, relations) {
  const found = relations.find(({ child }) => child === model.print.id)
  const rank = found?.details['rank']
  return [
    ...changesOf(model, found),
    answer(
      'adapter: rank',
      model,
      rank === model.details['rank'] ? 'right' : 'wrong',
      `${model.details['rank']}: told ${rank}`,
    ),
    answer('adapter: base', model, found?.parents.length ? 'right' : 'abstained', `of ${model.parents[0]?.name}`),
  ]
}

/**
 * The names that an id goes by, as the first of the models that truth says are the same.
 *
 * @param {Model[]} models
 */
function namesOf(models) {
  const first = originals(models)
  /** @type {Map<string, Set<string>>} */
  const names = new Map()
  for (const { print, name } of models)
    names.set(print.id, (names.get(print.id) ?? new Set()).add(first.get(name) ?? name))
  return {
    /** @param {string} id @param {string} name */
    has: (id, name) => names.get(id)?.has(first.get(name) ?? name) ?? false,
    /** @param {string} id */
    of: (id) => [...(names.get(id) ?? [id])].join('='),
  }
}

/** @typedef {ReturnType<typeof namesOf>} Names */

/**
 * Between the model and the parents that truth names, either way round.
 *
 * @param {Relation} relation
 * @param {Model} model
 * @param {Names} names
 */
function isEdge(relation, model, names) {
  const { parents } = relation
  if (parents.length !== model.parents.length) return false
  if (names.has(relation.child, model.name))
    return model.parents.every(({ name }) => parents.some(({ id }) => names.has(id, name)))
  const [parent, only] = [model.parents[0], parents[0]]
  if (!parent || !only || parents.length > 1) return false
  return names.has(relation.child, parent.name) && names.has(only.id, model.name)
}

/**
 * @param {Model} model
 * @param {Model[]} models
 * @returns {Answer}
 */
function sameModel(model, models) {
  const parent = models.find(({ name }) => name === model.parents[0]?.name)
  const isSame = parent?.print.id === model.print.id
  return {
    question: 'same',
    half: model.half,
    kind: model.kind,
    outcome: isSame ? 'right' : 'wrong',
    what: `${model.name} is ${parent?.name} in another container`,
  }
}

/**
 * @param {Model} model
 * @param {Relation | undefined} found
 * @param {Relation[]} relations
 * @param {Names} names
 * @returns {Answer}
 */
function nearest(model, found, relations, names) {
  const instead = relations.filter(({ child, parents }) =>
    [child, ...parents.map(({ id }) => id)].some((id) => names.has(id, model.name)),
  )
  const told = instead.map((relation) => relationText(relation, names)).join('; ') || 'nothing'
  const outcome = found ? 'right' : instead.length === 0 ? 'abstained' : 'wrong'
  return answer(
    model.nearer.length > 0 ? 'nearest, another nearer' : 'nearest',
    model,
    outcome,
    `of ${model.parents.map(({ name }) => name).join(' + ')}: told ${told}`,
  )
}

/**
 * @param {Model} model
 * @param {Model[]} models
 * @param {(parent: Model, child: Model) => Relation | undefined} between
 */
function alone(model, models, between) {
  if (model.parents.length !== 1) return undefined
  const parent = models.find(({ name }) => name === model.parents[0]?.name)
  return parent && between(parent, model)
}

/**
 * @param {Model} model
 * @param {Relation | undefined} relation
 * @returns {Answer[]}
 */
function changesOf(model, relation) {
  const told = relation?.changes ?? []
  const isRight = [model.changes, ...model.accept].some((set) => isSameSet(set, told))
  const outcome = isRight ? 'right' : told.includes('unclear') || told.length === 0 ? 'abstained' : 'wrong'
  return [answer('changes', model, outcome, `${model.changes.join(' + ')}: told ${told.join(' + ') || 'nothing'}`)]
}

/**
 * @param {Model} model
 * @param {Relation} relation
 * @param {Names} names
 * @returns {Answer[]}
 */
function directionOf(model, relation, names) {
  const isForward = names.has(relation.child, model.name)
  const stated = relation.direction === 'known'
  const isKnowable = model.direction === 'known' && model.changes.some((change) => DIRECTED.includes(change))
  const outcome = stated ? (isForward ? 'right' : 'wrong') : 'abstained'
  const what = `${stated ? (isForward ? 'forward' : 'backward') : 'not stated'} (${model.changes.join(' + ')}; told ${relation.changes.join(' + ')})`
  return [answer(isKnowable ? 'direction' : 'direction, not knowable', model, outcome, what)]
}

/**
 * @param {Model} model
 * @param {Relation | undefined} relation
 * @param {Names} names
 * @returns {Answer[]}
 */
function weightsOf(model, relation, names) {
  if (!model.changes.includes('merged')) return []
  const sparse = ['TIES merge', 'DARE merge', 'task arithmetic'].includes(model.kind)
  const question = sparse ? 'weights, DARE and TIES' : 'weights'
  if (!relation) return [answer(question, model, 'abstained', 'merge not found')]
  const errors = model.parents.map(({ name, weight }) => {
    const told = relation.parents.find(({ id }) => names.has(id, name))
    return Math.abs((told?.weight ?? Number.NaN) - Number(weight))
  })
  const error = Math.max(...errors)
  if (Number.isNaN(error)) return [answer(question, model, 'abstained', 'no weights told')]
  const bar = sparse ? 0.02 : 0.005
  const text = relation.parents.map(({ weight }) => weight?.toFixed(4)).join(' ')
  return [
    {
      ...answer(
        question,
        model,
        error <= bar ? 'right' : 'wrong',
        `${model.parents.map(({ weight }) => weight).join(' ')}: told ${text}`,
      ),
      error,
    },
  ]
}

/**
 * llama.cpp mixes types; the type that most weights have names the file.
 *
 * @param {Model} model
 * @returns {Answer[]}
 */
function schemeOf(model) {
  const { scheme } = model.details
  if (!scheme) return []
  /** @type {Map<string, number>} */
  const weights = new Map()
  for (const { encoding, invariants } of model.print.tensors)
    if (encoding) weights.set(encoding.scheme, (weights.get(encoding.scheme) ?? 0) + invariants.count)
  const told = [...weights].sort(([, a], [, b]) => b - a)[0]?.[0]
  return [
    answer(
      model.kind === 'K-quants' ? 'scheme, K-quants' : 'scheme',
      model,
      told === scheme ? 'right' : 'wrong',
      `${scheme}: told ${told}`,
    ),
  ]
}

/**
 * @param {string} question
 * @param {Model} model
 * @param {Outcome} outcome
 * @param {string} what
 * @returns {Answer}
 */
export function answer(question, { name, half, kind }, outcome, what) {
  return { question, half, kind, outcome, what: `${name} (${kind}): ${what}` }
}

/** @param {readonly string[]} a @param {readonly string[]} b */
export function isSameSet(a, b) {
  return a.length === b.length && a.every((one) => b.includes(one))
}

/** @param {Relation} relation @param {Names} names */
function relationText({ child, parents, changes, direction }, names) {
  return `${parents.map(({ id }) => names.of(id)).join(' + ')} ${direction === 'known' ? '→' : '–'} ${names.of(child)} [${changes.join(' + ')}]`
}
