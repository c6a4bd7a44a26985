import type { CheckReport, RuleVerdict } from '../contract/check.ts'
import { visible } from './escape.ts'

/**
 * JUnit XML, as build servers read it: a suite for each subject, a case for each rule. A departure is a failure, what could not be
 * decided an error, a rule that does not apply is skipped.
 */
export function renderJunit(checks: readonly CheckReport[]): string {
  const total = countsOf(checks.flatMap(({ rules }) => rules))
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="yukue check"${attributes(total)}>`,
    ...checks.flatMap(suiteLines),
    '</testsuites>',
    '',
  ].join('\n')
}

function suiteLines(check: CheckReport): string[] {
  const { name, subject, asOf, rules } = check
  return [
    `  <testsuite name="${escaped(name)}" timestamp="${asOf}T00:00:00"${attributes(countsOf(rules))}>`,
    `    <properties><property name="subject" value="${escaped(subject)}"/></properties>`,
    ...rules.flatMap(caseLines),
    '  </testsuite>',
  ]
}

function countsOf(rules: readonly RuleVerdict[]) {
  const count = (is: (rule: RuleVerdict) => boolean) => rules.filter(is).length
  return {
    tests: rules.length,
    failures: count(({ verdict }) => verdict === 'departs'),
    errors: count(({ verdict }) => verdict === 'undecided'),
    skipped: count(({ applies }) => applies === false),
  }
}

function attributes(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => ` ${name}="${count}"`)
    .join('')
}

function caseLines(rule: RuleVerdict): string[] {
  const where = rule.site === null ? rule.model : `${rule.model} @ ${rule.site}`
  const open = `    <testcase classname="${escaped(where)}" name="${escaped(rule.id)}"`
  const text = escaped([rule.reason, rule.todo, rule.source].filter((part) => part !== null).join('\n'))
  const message = `message="${escaped(rule.reason)}"`
  if (rule.applies === false) return [`${open}><skipped ${message}/></testcase>`]
  if (rule.verdict === 'departs') return [`${open}><failure ${message} type="departs">${text}</failure></testcase>`]
  if (rule.verdict === 'undecided') return [`${open}><error ${message} type="undecided">${text}</error></testcase>`]
  return [`${open}/>`]
}

/** XML 1.0 § 2.2 has no place for most control characters, whatever way they are written: they are spelt out. */
function escaped(text: string): string {
  return visible(text.replaceAll('\n', ' · '))
    .replace(/[\uFFFE\uFFFF]/g, '�')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
