import type { Claim } from '../contract/claims.ts'
import type { TensorPrint } from '../identify/print.ts'
import type { Declaration } from '../read/declarations.ts'
import type { Relation } from '../relate/lineage.ts'

/** What comparing the model with a base of the declared name came to. */
export interface BaseCompared {
  /** Model id. */
  id: string
  isSame: boolean
  isRelated: boolean
  /** Null where there are too few tensors for one. */
  p: number | null
  /** What `relate` says of the two alone; null for strangers and for one and the same model. */
  relation: Pick<Relation, 'child' | 'changes' | 'direction'> | null
  /** Of an adapter: whether its factors have the shapes of the base's layers; null for models. */
  fits: boolean | null
}

/** The model that declares. */
export interface Declarant {
  id: string
  isAdapter: boolean
  isQuantised: boolean
}

/**
 * Holds a declared base against the weights. Of several models by that name one that bears it out is enough; where none is here it
 * cannot be told. What is declared has no part in what the weights say.
 */
export function judgedClaim(declaration: Declaration, model: Declarant, bases: readonly BaseCompared[]): Claim {
  const judged = bases.map((base) => ({ base, ...judge(declaration, model, base) }))
  const [best] = (['verified', 'undecided', 'disputed'] as const).flatMap((verdict) =>
    judged.filter((item) => item.verdict === verdict),
  )
  const { source, path, base, relation } = declaration
  const written = { source, path, base, relation }
  if (best === undefined) return { ...written, verdict: 'undecided', reason: 'base-absent', model: null, p: null }
  return { ...written, verdict: best.verdict, reason: best.reason, model: best.base.id, p: best.base.p }
}

function judge(
  { relation }: Declaration,
  model: Declarant,
  base: BaseCompared,
): { verdict: Claim['verdict']; reason: Claim['reason'] } {
  if (model.isAdapter) {
    return base.fits === false
      ? { verdict: 'disputed', reason: 'shapes-differ' }
      : { verdict: 'undecided', reason: 'shapes-fit' }
  }
  if (relation === 'adapter') return { verdict: 'disputed', reason: 'no-adapter' }
  if (relation === 'quantized' && !model.isQuantised) return { verdict: 'disputed', reason: 'not-quantised' }
  if (base.isSame)
    return relation === 'finetune' || relation === 'merge'
      ? { verdict: 'disputed', reason: 'equal' }
      : { verdict: 'verified', reason: 'equal' }
  if (base.isRelated && base.relation?.direction === 'known' && base.relation.child === base.id)
    return { verdict: 'disputed', reason: 'reversed' }
  if (base.isRelated) return { verdict: 'verified', reason: 'related' }
  return base.p === null
    ? { verdict: 'undecided', reason: 'too-few-tensors' }
    : { verdict: 'disputed', reason: 'unrelated' }
}

/** PEFT's names of the two factors; the layer's own name is the first group. */
const FACTOR = /^(?:base_model\.model\.)?(.*)\.lora_(A|B)(?:\.[^.]+)?\.weight$/

/**
 * Whether an adapter's factors have the inputs and outputs of the base's layers of their names; null where no name is known.
 * Fitting is no evidence of descent: every model of the architecture fits.
 */
export function adapterFits(
  adapter: readonly Pick<TensorPrint, 'name' | 'rows' | 'columns'>[],
  base: ReadonlyMap<string, Pick<TensorPrint, 'rows' | 'columns'>>,
  roleOf: (name: string) => string,
): boolean | null {
  const checks = adapter.flatMap(({ name, rows, columns }) => {
    const [, layer, factor] = FACTOR.exec(name) ?? []
    const weight = layer === undefined ? undefined : base.get(roleOf(`${layer}.weight`))
    if (weight === undefined) return []
    return [factor === 'A' ? columns === weight.columns : rows === weight.rows]
  })
  return checks.length === 0 ? null : checks.every(Boolean)
}

/**
 * Whether a model at these places goes by a declared name. A repository must be the place's own or end its folder; a bare name
 * must be its folder, file or record; case does not count.
 */
export function goesBy(base: string, names: readonly string[]): boolean {
  const wanted = plain(base)
  const last = wanted.split('/').at(-1)!
  const isRepository = /^[\w.-]+\/[\w.-]+$/.test(wanted)
  return names.map(plain).some((name) => {
    if (name === wanted || name.endsWith(`/${wanted}`)) return true
    // a path of another machine, or a place that does not say the organisation
    return (!isRepository || !name.includes('/')) && (name === last || name.endsWith(`/${last}`))
  })
}

function plain(name: string): string {
  return name
    .replaceAll('\\', '/')
    .replace(/^https?:\/\/huggingface\.co\//, '')
    .replace(/\/+$/, '')
    .toLowerCase()
}
