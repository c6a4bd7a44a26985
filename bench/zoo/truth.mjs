/** What the truth of a zoo says of pairs and groups. */

/** @typedef {import('./read-zoo.mjs').Model} Model */

/**
 * Models of equal weights by truth, whatever their containers; each under the first of them.
 *
 * @param {Model[]} models
 * @returns {Map<string, string>} of names
 */
export function originals(models) {
  /** @type {Map<string, string>} */
  const first = new Map()
  for (const { name, changes, parents } of models) {
    const [parent] = parents
    first.set(name, parent && changes.length === 0 ? (first.get(parent.name) ?? parent.name) : name)
  }
  return first
}

/**
 * Every parent with its child.
 *
 * @param {Model[]} models
 * @returns {{ parent: Model, child: Model }[]}
 */
export function parentPairs(models) {
  const byName = new Map(models.map((model) => [model.name, model]))
  return models
    .filter(({ changes }) => changes.length > 0)
    .flatMap((child) =>
      child.parents.flatMap(({ name }) => {
        const parent = byName.get(name)
        return parent ? [{ parent, child }] : []
      }),
    )
}

/**
 * Any two of one family that are not the same model and stand in no relation of parent and child. Adapters compare with no weights.
 *
 * @param {Model[]} models
 */
export function relatives(models) {
  const direct = new Set(parentPairs(models).map(({ parent, child }) => `${parent.name} ${child.name}`))
  return pairs(models.filter((model) => !model.print.adapter)).filter(
    ([a, b]) =>
      a.family === b.family &&
      a.print.id !== b.print.id &&
      !direct.has(`${a.name} ${b.name}`) &&
      !direct.has(`${b.name} ${a.name}`),
  )
}

/**
 * Two of different families whose tensors have the same shapes.
 *
 * @param {Model[]} models
 */
export function strangers(models) {
  const shapes = new Map(models.map((model) => [model, shapesOf(model)]))
  return pairs(distinct(models)).filter(([a, b]) => a.family !== b.family && shapes.get(a) === shapes.get(b))
}

/** @param {Model} model */
function shapesOf({ print }) {
  const weights = print.tensors.filter(({ standing }) => standing === 'weight')
  return weights
    .map(({ rows, columns }) => `${rows}x${columns}`)
    .sort()
    .join()
}

/**
 * The first of each id.
 *
 * @param {Model[]} models
 */
export function distinct(models) {
  return [...new Map(models.toReversed().map((model) => [model.print.id, model])).values()].reverse()
}

/**
 * @param {Model[]} models
 * @returns {[Model, Model][]}
 */
function pairs(models) {
  return models.flatMap((a, at) => models.slice(at + 1).map((b) => /** @type {[Model, Model]} */ ([a, b])))
}
