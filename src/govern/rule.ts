import type { Verdict } from '../contract/check.ts'
import type { FactDefinition, Texts } from './facts.ts'

/**
 * One obligation as dated data: it holds from `from` to before `until`, where `applies`, and then asks `requires`; both are CEL
 * expressions over named facts that give a truth. Packs, charters and a company's own rules all come to this.
 */
export interface Rule {
  /** `pack/rule`; of a charter `charter/…`. */
  id: string
  /** `model`: asked once of a model. `site`: asked of a model at each of its sites. */
  scope: 'model' | 'site'
  /** The section of a law, a licence, an agreement or a charter. */
  source: string
  /** The first day on which it is in force; null: ever since. */
  from: string | null
  /** The first day on which it is no more; null: no end is known. */
  until: string | null
  applies: string
  requires: string
  title: Texts
  /**
   * Why, by verdict. `{{name}}` is replaced by the value of that fact. Undecided rules name the facts that were missing
   * and what would settle them besides.
   */
  reasons: Record<Verdict, Texts>
  /** What to do where it departs. */
  todo: Texts
  /** Who answers for it; null where nothing says. */
  who?: string | null
  /** A day. */
  by?: string | null
}

/** Rules that come together, and the facts that only they know of. */
export interface Pack {
  name: string
  title: Texts
  rules: readonly Rule[]
  /** Beyond those of `FACT_DEFINITIONS`: what a charter's compiler adds to `Facts.named`. */
  facts?: readonly FactDefinition[]
}
