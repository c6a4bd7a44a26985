import type { z } from 'zod'
import { CommandError } from '../contract/command-error.ts'
import { type RulesFile, rulesFile } from '../contract/rules.ts'
import type { Texts } from '../govern/facts.ts'
import { type CompiledRule, compiled } from '../govern/judge.ts'
import { PACKS } from '../govern/packs/packs.ts'
import type { Pack, Rule } from '../govern/rule.ts'
import type { GivenFile } from './receipt.ts'

/** The packs that were named (all that come with the program unless any are), and those of files, every expression checked. */
export async function rulesFor(names: readonly string[], files: readonly GivenFile[]): Promise<CompiledRule[]> {
  const unknown = names.find((name) => !PACKS.some((pack) => pack.name === name))
  if (unknown !== undefined) throw new CommandError({ code: 'unknown-pack', pack: unknown, known: packNames() })
  const named = PACKS.filter(({ name }) => names.includes(name))
  const chosen = names.length === 0 && files.length === 0 ? PACKS : named
  const given = await Promise.all(files.map(async (file) => ({ file, pack: await packIn(file) })))
  const { rules, faults } = compiled([...chosen, ...given.map(({ pack }) => pack)])
  const [fault] = faults
  if (!fault) return rules
  const file = given.find(({ pack }) => fault.rule.startsWith(`${pack.name}/`))?.file
  if (!file) throw new Error(`${fault.rule}: ${fault.message}`)
  throw new CommandError({ code: 'bad-rules', path: file.path, faults: faults.map(faultText) })
}

function packNames(): string[] {
  return PACKS.map(({ name }) => name)
}

function faultText({ rule, where, message }: { rule: string; where: string; message: string }): string {
  return `${rule} (${where}): ${message}`
}

/** A company's own rules, from YAML or JSON. */
async function packIn({ path, text }: GivenFile): Promise<Pack> {
  const { name, title, rules } = await read(path, text)
  if (PACKS.some((pack) => pack.name === name))
    throw new CommandError({ code: 'bad-rules', path, faults: [`name: ${name} is the name of a pack of this program`] })
  return { name, title: textsOf(title ?? name), rules: rules.map((rule) => ruleOf(name, rule)) }
}

async function read(path: string, text: string): Promise<RulesFile> {
  // loaded here, as most checks have no such file and are to be quick
  const { parse } = await import('yaml')
  const refuse = (faults: string[]) => new CommandError({ code: 'bad-rules', path, faults })
  let value: unknown
  try {
    // references that unfold into millions of nodes are no rules
    value = parse(text, { maxAliasCount: 100 })
  } catch (error) {
    throw refuse([error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)])
  }
  const found = rulesFile.safeParse(value)
  if (!found.success) throw refuse(found.error.issues.map(issueText))
  return found.data
}

function issueText({ path, message }: z.core.$ZodIssue): string {
  return `${path.join('.') || '(file)'}: ${message}`
}

const REASONS = {
  meets: { en: 'What it requires holds.', ja: '求められていることが満たされています。' },
  departs: { en: 'What it requires does not hold.', ja: '求められていることが満たされていません。' },
  undecided: {
    en: 'Whether what it requires holds cannot be told.',
    ja: '求められていることが満たされているか判断できません。',
  },
}

function ruleOf(name: string, rule: RulesFile['rules'][number]): Rule {
  const { reasons = {} } = rule
  return {
    id: `${name}/${rule.id}`,
    scope: rule.scope,
    source: rule.source,
    from: rule.from ?? null,
    until: rule.until ?? null,
    applies: rule.applies ?? 'true',
    requires: rule.requires,
    title: textsOf(rule.title),
    reasons: {
      meets: textsOf(reasons.meets ?? REASONS.meets),
      departs: textsOf(reasons.departs ?? REASONS.departs),
      undecided: textsOf(reasons.undecided ?? REASONS.undecided),
    },
    todo: textsOf(rule.todo ?? rule.title),
    who: rule.who ?? null,
    by: rule.by ?? null,
  }
}

function textsOf(text: string | Texts): Texts {
  return typeof text === 'string' ? { en: text, ja: text } : text
}
