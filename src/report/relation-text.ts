import type { ScannedModel, ScannedRelation } from './family.ts'
import { LEAST_P, percentText, probabilityText, shortId, similarityText, wholeText } from './figures.ts'
import type { TextKey, Translate } from './language.ts'

/** The name to show for a model id; the short id stands in for a model that is not in the report. */
export type NameOf = (id: string) => string

export function namesOf(models: readonly Pick<ScannedModel, 'id' | 'name'>[]): NameOf {
  const names = new Map(models.map((model) => [model.id, model.name]))
  return (id) => names.get(id) || shortId(id)
}

/** `extracted, converted` */
export function changesText(t: Translate, relation: ScannedRelation): string {
  return relation.changes.map((change) => t(`change.${change}.name`)).join(t('list.separator'))
}

/** `p = 1e-12` */
function chanceText(t: Translate, p: number | null): string {
  if (p === null) return t('relation.pNone')
  if (p < LEAST_P) return t('relation.pBelow', { value: probabilityText(LEAST_P) })
  return t('relation.p', { value: probabilityText(p) })
}

/** `inferred · similarity 0.9971 · p = 1e-12` */
export function evidenceText(t: Translate, relation: ScannedRelation): string {
  const status = t(`status.${relation.status}.name`)
  if (relation.parents.length === 0) return status
  return [
    status,
    t('relation.similarity', { value: similarityText(relation.similarity) }),
    chanceText(t, relation.p),
  ].join(' · ')
}

/** Kinds whose open direction has a reason of its own, the most telling first. */
const SETTLED_BY_KIND = [
  'adapter-merged',
  'fine-tuned',
  'extracted',
  'permuted',
  'converted',
  'configuration-changed',
] as const

/** Whether two models are related and nothing says which came first. An adapter whose base is absent is no such pair. */
export function isOpen({ direction, parents }: ScannedRelation): boolean {
  return direction === 'undetermined' && parents.length > 0
}

/** What would settle which model came first. */
export function settleText(t: Translate, relation: ScannedRelation): string {
  const kind = SETTLED_BY_KIND.find((candidate) => relation.changes.includes(candidate))
  return kind ? t(`settle.${kind}`) : t('settle.general')
}

export interface Detail {
  label: string
  /** As found: escape before showing. */
  value: string
}

/** More than any known change reports; what a newer version adds is shown as it stands. */
const MAX_DETAILS = 16

/** What is known of a change beyond its name: merge weights, rank, scheme … */
export function detailsOf(t: Translate, relation: ScannedRelation, nameOf: NameOf): Detail[] {
  const details: Detail[] = []
  const weighted = relation.parents.some((parent) => parent.weight !== null)
  if (weighted || relation.parents.length > 1) details.push(parentsDetail(t, relation, nameOf))
  for (const [key, value] of Object.entries(relation.details)) {
    if (value === null || value === undefined || (weighted && key === 'weights')) continue
    const label = LABELS[key]
    details.push({ label: label ? t(label) : key, value: detailText(key, value, nameOf) })
  }
  return details.slice(0, MAX_DETAILS)
}

function parentsDetail(t: Translate, relation: ScannedRelation, nameOf: NameOf): Detail {
  const parents = relation.parents.map(({ id, weight }) => {
    return weight === null ? nameOf(id) : `${nameOf(id)} ${percentText(weight)}`
  })
  const label = relation.changes.includes('merged') ? 'relation.mergedFrom' : 'relation.parents'
  return { label: t(label), value: parents.join(t('list.separator')) }
}

type PlainKey = Extract<TextKey, `relation.${string}`>

const LABELS: Record<string, Exclude<PlainKey, 'relation.similarity' | 'relation.p' | 'relation.pBelow'> | undefined> =
  {
    weights: 'relation.weights',
    rank: 'relation.rank',
    alpha: 'relation.alpha',
    targets: 'relation.targets',
    method: 'relation.method',
    base: 'relation.base',
    sparsity: 'relation.sparsity',
    map: 'relation.map',
    rows: 'relation.rows',
    parts: 'relation.parts',
    declaredBase: 'relation.declaredBase',
    scheme: 'relation.scheme',
    bits: 'relation.bits',
    from: 'relation.from',
    to: 'relation.to',
    leftOut: 'relation.leftOut',
    added: 'relation.added',
    frozen: 'relation.frozen',
    residual: 'relation.residual',
    distance: 'relation.distance',
    layers: 'relation.layers',
    cosine: 'relation.cosine',
    share: 'relation.share',
    density: 'relation.density',
    which: 'relation.which',
    artifacts: 'relation.artifacts',
    fits: 'relation.fits',
  }

const SHARES = new Set(['sparsity', 'frozen', 'share', 'density'])

function detailText(key: string, value: unknown, nameOf: NameOf): string {
  if (typeof value === 'number' && SHARES.has(key)) return percentText(value)
  if (typeof value === 'number')
    return Number.isInteger(value) ? wholeText(value) : String(Number(value.toPrecision(4)))
  if (key === 'parts' && Array.isArray(value)) return value.map((part) => partText(part, nameOf)).join('; ')
  if (typeof value === 'string') return value.startsWith('blake3:') ? nameOf(value) : value
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object'))
    return value.map((item) => detailText(key, item, nameOf)).join(', ')
  return JSON.stringify(value)
}

/** `layers 0, 1 ← name, 52 %` of an assembled model. */
function partText(part: unknown, nameOf: NameOf): string {
  const { parent, part: name, share } = part as { parent?: unknown; part?: unknown; share?: unknown }
  if (typeof parent !== 'string' || typeof share !== 'number') return JSON.stringify(part)
  return `${String(name)} ← ${nameOf(parent)} ${percentText(share)}`
}
