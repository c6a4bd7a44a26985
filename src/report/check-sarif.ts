import type { CheckReport, RuleVerdict } from '../contract/check.ts'
import { visible } from './escape.ts'

/**
 * SARIF 2.1.0 (OASIS, 2020), as code-scanning services read it: one result for each rule that was asked. A departure is an error, what
 * could not be decided a warning of kind `open`; what is met is of kind `pass`, and level `none` as § 3.27.10 asks.
 */
export function renderSarif(checks: readonly CheckReport[], version: string): string {
  const asked = checks.flatMap((check) => check.rules.map((rule) => ({ check, rule })))
  const rules = [...new Map(asked.map(({ rule }) => [rule.id, rule])).values()]
  const indexes = new Map(rules.map(({ id }, at) => [id, at]))
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'yukue', version, rules: rules.map(descriptor) } },
        results: asked
          .filter(({ rule }) => rule.applies !== false)
          .map(({ check, rule }) => resultOf(check, rule, indexes.get(rule.id) ?? -1)),
        columnKind: 'utf16CodeUnits',
      },
    ],
  }
  return `${JSON.stringify(log, null, 1)}\n`
}

function descriptor({ id, title, source }: RuleVerdict) {
  return {
    id,
    shortDescription: { text: visible(title) },
    fullDescription: { text: `${visible(title)} (${visible(source)})` },
  }
}

const KINDS = { meets: 'pass', departs: 'fail', undecided: 'open' } as const
/** § 3.27.10: where the kind is not `fail`, the level shall be `none`. */
const LEVELS = { meets: 'none', departs: 'error', undecided: 'none' } as const

function resultOf(check: CheckReport, rule: RuleVerdict, ruleIndex: number) {
  const todo = rule.todo === null ? '' : ` → ${rule.todo}`
  const subject = rule.site === null ? rule.model : `${rule.model} @ ${rule.site}`
  return {
    ruleId: rule.id,
    ruleIndex,
    kind: KINDS[rule.verdict],
    level: LEVELS[rule.verdict],
    message: { text: visible(`${check.name}: ${rule.reason}${todo}`) },
    locations: [
      {
        logicalLocations: [
          {
            name: visible(check.name),
            fullyQualifiedName: visible(subject),
            kind: rule.site === null ? 'module' : 'resource',
          },
        ],
      },
    ],
    // the same finding of the next run is known by these
    partialFingerprints: { 'subjectRule/v1': `${rule.id}|${rule.model}|${rule.site ?? ''}` },
    properties: { asOf: check.asOf, source: visible(rule.source), facts: rule.facts },
  }
}
