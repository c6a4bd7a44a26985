import { type ASTNode, Environment } from '@marcbachmann/cel-js'
import type { FactDefinition, FactValue } from './facts.ts'

/** Three-valued: null where the facts that decide it are not known. `fault`: what went wrong besides. */
export interface Truth {
  value: boolean | null
  fault: string | null
}

/** A CEL expression that gives a truth, checked against the facts that there are. */
export interface Expression {
  /** Facts it may read, by name, in alphabetical order. */
  reads: readonly string[]
  holds(context: Readonly<Record<string, CelValue>>): Truth
}

export type CelValue = boolean | number | bigint | string | readonly string[]

/** An expression longer than any rule, and deeper than any: whatever a file says, checking it ends soon. */
const LIMITS = { maxAstNodes: 2_000, maxDepth: 100, maxListElements: 500, maxMapEntries: 50, maxCallArguments: 16 }

/**
 * `has()` and optional access turn what is not known into an answer, and a conversion to `dyn` hides a type from the check; none
 * of them may stand in a rule.
 */
const FORBIDDEN = new Set(['has', 'dyn', 'optional', 'type'])

export type Compile = (source: string) => Expression | { fault: string }

/** Expressions over these facts. A fault says what is wrong with one: unknown names, types that do not fit, no truth. */
export function compilerFor(definitions: readonly FactDefinition[]): Compile {
  const environment = new Environment({ limits: LIMITS })
  for (const { name, type } of definitions) environment.registerVariable(name, type)
  const names = new Set(definitions.map(({ name }) => name))
  return (source) => {
    try {
      const checked = environment.check(source)
      if (!checked.valid) return { fault: firstLine(checked.error) }
      if (checked.type !== 'bool') return { fault: `gives ${checked.type}, not bool` }
      const parsed = environment.parse(source)
      const found = namesIn(parsed.ast)
      const forbidden = [...found.calls].find((name) => FORBIDDEN.has(name))
      if (forbidden !== undefined) return { fault: `${forbidden} may not stand in a rule` }
      const reads = [...found.ids].filter((name) => names.has(name)).sort()
      return { reads, holds: (context) => evaluated(() => parsed(context), reads, context) }
    } catch (error) {
      return { fault: firstLine(error) }
    }
  }
}

/** What CEL throws is never an answer: `||` and `&&` have already gone by the other side where that decides. */
function evaluated(run: () => unknown, reads: readonly string[], context: Readonly<Record<string, CelValue>>): Truth {
  try {
    const value = run()
    if (typeof value === 'boolean') return { value, fault: null }
    return { value: null, fault: `gave ${typeof value}` }
  } catch (error) {
    const isMissing = reads.some((name) => !Object.hasOwn(context, name))
    return { value: null, fault: isMissing ? null : firstLine(error) }
  }
}

/** A known value as CEL takes it: its `int` is a BigInt here. Undefined where the value is not of the type that was declared. */
export function celValue(value: FactValue, type: FactDefinition['type']): CelValue | undefined {
  switch (type) {
    case 'int':
      return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : undefined
    case 'double':
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined
    case 'bool':
      return typeof value === 'boolean' ? value : undefined
    case 'string':
      return typeof value === 'string' ? value : undefined
    case 'list<string>':
      return Array.isArray(value) ? value : undefined
  }
}

interface Names {
  ids: Set<string>
  calls: Set<string>
}

function namesIn(root: ASTNode): Names {
  const names: Names = { ids: new Set(), calls: new Set() }
  const open: unknown[] = [root]
  while (open.length > 0) {
    const node = open.pop()
    if (Array.isArray(node)) open.push(...node)
    else if (isNode(node)) {
      if (node.op === 'id') names.ids.add(node.args)
      else if (node.op === 'call') names.calls.add(node.args[0])
      else if (node.op === 'rcall') names.calls.add(node.args[0])
      else if (node.op === '.?' || node.op === '[?]') names.calls.add('optional')
      // of `!` and `-` the operand stands alone
      open.push(node.args)
    }
  }
  return names
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.split('\n')[0] ?? text
}
