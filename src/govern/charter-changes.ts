import type { AllowedChange, Charter } from '../contract/charter.ts'
import type { ChangeKind } from '../contract/scan.ts'
import type { Held } from './charter-basis.ts'
import type { Ancestor, Facts } from './facts.ts'
import { type LicenceTerm, termsOf } from './licence.ts'

/** The models between those of a charter and the subject, itself included; each was made under the charter. */
export function madeUnder(facts: Pick<Facts, 'subject' | 'ancestors'>, models: ReadonlySet<string>): Set<string> {
  const byModel = new Map(facts.ancestors.map((ancestor) => [ancestor.model, ancestor]))
  const made = new Set<string>()
  for (const model of models)
    for (let at = byModel.get(model); at !== undefined && !made.has(at.towards); at = byModel.get(at.towards))
      made.add(at.towards)
  for (const model of models) made.delete(model)
  return made
}

/** Every measured change under a charter, held against those that it allows. */
export function heldChanges(charter: Charter, facts: Facts, models: ReadonlySet<string>): Held[] {
  const allowed = charter.changes?.allowed ?? []
  const made = madeUnder(facts, models)
  const under = new Set([...models, ...made])
  const { ancestors } = facts
  const steps = ancestors.filter(({ towards }) => made.has(towards))
  const nameOf = (id: string) =>
    id === facts.subject.model ? facts.subject.name : (facts.ancestors.find(({ model }) => model === id)?.name ?? id)
  const bitsOf = (id: string) => {
    if (id === facts.subject.model) return facts.quantisation?.bits ?? null
    return ancestors.find(({ model }) => model === id)?.quantisation?.bits ?? null
  }
  return steps.flatMap((step) =>
    step.changes.map((change): Held => {
      const basis = { status: step.status, statement: step.statement, at: step.since }
      const outcome = heldChange(change, step, { allowed, under, steps, ancestors, bitsOf })
      if (outcome !== 'departs') return { outcome, basis }
      return { outcome: { against: `${nameOf(step.towards)}: ${changeText(change, step)}` }, basis }
    }),
  )
}

interface Agreement {
  allowed: readonly AllowedChange[]
  /** The charter's models, and those made from them. */
  under: ReadonlySet<string>
  steps: readonly Ancestor[]
  ancestors: readonly Ancestor[]
  bitsOf(model: string): number | null
}

type Outcome = 'agrees' | 'unknown' | 'departs'

function heldChange(change: ChangeKind, step: Ancestor, agreement: Agreement): Outcome {
  // the same weights in another container are the same model
  if (change === 'converted') return 'agrees'
  if (change === 'unclear') return 'unknown'
  const outcomes = agreement.allowed.flatMap((allowed) =>
    allowed.kind === change ? [withinExtent(allowed, step, agreement)] : [],
  )
  if (outcomes.includes('agrees')) return 'agrees'
  return outcomes.includes('unknown') ? 'unknown' : 'departs'
}

function withinExtent(allowed: AllowedChange, step: Ancestor, agreement: Agreement): Outcome {
  switch (allowed.kind) {
    case 'quantised':
      return atLeast(numberIn(step, 'bits') ?? agreement.bitsOf(step.towards), allowed.bitsAtLeast)
    case 'adapter':
    case 'adapter-merged':
      return worst([atMost(numberIn(step, 'rank'), allowed.rankAtMost), onParts(step.details['targets'], allowed.on)])
    case 'merged':
      return worst(
        otherParents(step, agreement).map((parent) => mergeable(parent, allowed.parents ?? 'any', agreement)),
      )
    case 'pruned':
      return atMost(numberIn(step, 'sparsity'), allowed.sparsityAtMost)
    default:
      return 'agrees'
  }
}

function worst(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes('departs')) return 'departs'
  return outcomes.includes('unknown') ? 'unknown' : 'agrees'
}

function atLeast(value: number | null, least: number | undefined): Outcome {
  if (least === undefined) return 'agrees'
  return value === null ? 'unknown' : value >= least ? 'agrees' : 'departs'
}

function atMost(value: number | null, most: number | undefined): Outcome {
  if (most === undefined) return 'agrees'
  return value === null ? 'unknown' : value <= most ? 'agrees' : 'departs'
}

function numberIn({ details }: Ancestor, name: string): number | null {
  const value = details[name]
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/** Names for all projections of a kind, as model families call them. */
const KINDS_OF_PARTS: Record<string, RegExp> = {
  attention: /attn|attention|[qkvo]_proj|query_key_value|c_attn|qkv/,
  mlp: /mlp|ffn|feed_?forward|gate_proj|up_proj|down_proj|fc\d|w[123]\b/,
}

function onParts(targets: unknown, on: readonly string[] | undefined): Outcome {
  if (on === undefined) return 'agrees'
  if (!Array.isArray(targets) || targets.length === 0) return 'unknown'
  const fits = (target: string) =>
    on.some((part) => {
      const kind = KINDS_OF_PARTS[part.toLowerCase()]
      return kind ? kind.test(target.toLowerCase()) : target === part || target.split('.').includes(part)
    })
  return targets.every((target) => typeof target === 'string' && fits(target)) ? 'agrees' : 'departs'
}

/** The models that a merge took in beside those of the charter. */
function otherParents(step: Ancestor, { steps, under }: Agreement): Ancestor[] {
  return steps.filter(({ towards, model }) => towards === step.towards && !under.has(model))
}

/** What a model forbids descends, so the licences of what the other parent came from count as its own. */
function mergeable(parent: Ancestor, rule: 'any' | 'commercial' | 'under-this-charter', agreement: Agreement): Outcome {
  if (rule === 'any') return 'agrees'
  if (rule === 'under-this-charter') return 'departs'
  const own = termsIn(parent)
  const line = lineOf(parent, agreement.ancestors).flatMap(termsIn)
  if ([...own, ...line].includes('non-commercial')) return 'departs'
  return own.length === 0 || own.includes('unread') || line.includes('unread') ? 'unknown' : 'agrees'
}

function termsIn({ claims }: Ancestor): LicenceTerm[] {
  const licences = claims.filter(({ subject, status }) => subject === 'licence' && status !== 'disputed')
  return licences.flatMap(({ value }) => termsOf(value))
}

/** The ancestors of one, as far as they are no nearer to the subject by another way. */
function lineOf({ model }: Ancestor, ancestors: readonly Ancestor[]): Ancestor[] {
  const line = new Set([model])
  return ancestors.filter((each) => {
    const leads = line.has(each.towards)
    if (leads) line.add(each.model)
    return leads
  })
}

/** In the field's words; the report beside it says them in the reader's. */
function changeText(change: ChangeKind, { details }: Ancestor): string {
  const extents = (['bits', 'rank', 'sparsity'] as const).flatMap((name) => {
    const value = details[name]
    return typeof value === 'number' ? [`${name} ${Number(value.toPrecision(4))}`] : []
  })
  return extents.length === 0 ? change : `${change} (${extents.join(', ')})`
}
