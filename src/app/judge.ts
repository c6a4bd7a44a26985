import type { RuleVerdict, Verdict } from '../contract/check.ts'
import type { Facts } from '../govern/facts.ts'
import type { CompiledRule } from '../govern/judge.ts'

/** What says of facts whether they are as they should be: packs and files of rules, and charters. */
export interface Judge {
  verdicts(facts: Facts): RuleVerdict[]
  /** The worst of them, without reasons; null where nothing was asked. */
  quick(facts: Facts): Verdict | null
  /** The rules that it holds against a model and its sites; null where it goes by more than the facts that rules read. */
  rulesFor(whole: Facts): readonly CompiledRule[] | null
}
