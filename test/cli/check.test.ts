import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { checkReport, checksReport } from '../../src/contract/check.ts'
import { yukue } from '../builders/command.ts'
import { folder } from '../builders/folder.ts'
import { weights } from '../builders/weights.ts'

async function scanned(): Promise<string> {
  const cwd = folder({ 'a.safetensors': weights(1) })
  await yukue(['scan', '.', '--quiet'], { cwd })
  return cwd
}

async function licensed(licence: string): Promise<string> {
  const cwd = await scanned()
  await yukue(['record', 'claimed', 'a', '--claim', `licence=${licence}`], { cwd })
  return cwd
}

const CHECK = ['check', '--model', 'a', '--pack', 'licences']

it('the exit code is 0 where every rule is met', async () => {
  const cwd = await licensed('mit')
  expect((await yukue(CHECK, { cwd })).code).toBe(0)
})

it('the exit code is 1 where one departs', async () => {
  const cwd = await licensed('cc-by-nc-4.0')
  await yukue(['record', 'deployed', 'a', '--site', 'desk', '--purpose', 'customer service'], { cwd })
  expect((await yukue(CHECK, { cwd })).code).toBe(1)
})

it('the exit code is 2 where nothing departs and something cannot be decided', async () => {
  expect((await yukue(CHECK, { cwd: await scanned() })).code).toBe(2)
})

it('the JSON of one and of all keep to the contract', async () => {
  const cwd = await scanned()
  const one = JSON.parse((await yukue(['check', '--model', 'a', '--json'], { cwd })).stdout)
  const all = JSON.parse((await yukue(['check', '--all', '--json'], { cwd })).stdout)
  expect([checkReport.safeParse(one).error, checksReport.safeParse(all).error]).toEqual([undefined, undefined])
})

it('all says of a model what the model’s own check says', async () => {
  const cwd = await licensed('cc-by-nc-4.0')
  await yukue(['record', 'deployed', 'a', '--site', 'desk', '--purpose', 'credit scoring', '--jurisdiction', 'DE'], {
    cwd,
  })
  const one = checkReport.parse(JSON.parse((await yukue(['check', '--model', 'a', '--json'], { cwd })).stdout))
  const all = checksReport.parse(JSON.parse((await yukue(['check', '--all', '--json'], { cwd })).stdout))
  expect(all.checks[0]?.rules).toEqual(one.rules.filter(({ verdict }) => verdict !== 'meets'))
})

it('SARIF has an error for each departure, and marks what is open', async () => {
  const cwd = await licensed('cc-by-nc-4.0')
  await yukue(['record', 'deployed', 'a', '--site', 'desk', '--purpose', 'customer service'], { cwd })
  const { runs, version } = JSON.parse((await yukue(['check', '--model', 'a', '--format', 'sarif'], { cwd })).stdout)
  const kinds = runs[0].results.map(({ kind, level }: { kind: string; level: string }) => `${kind} ${level}`)
  expect([version, [...new Set(kinds)].sort()]).toEqual(['2.1.0', ['fail error', 'open none', 'pass none']])
})

it('JUnit escapes what names contain', async () => {
  const cwd = await licensed('mit')
  await yukue(['record', 'deployed', 'a', '--site', 'a<b>&"c\u0007', '--purpose', 'chat'], { cwd })
  const { stdout } = await yukue(['check', '--model', 'a', '--format', 'junit'], { cwd })
  expect(stdout).toContain('a&lt;b&gt;&amp;&quot;c⟨U+0007⟩')
})

const OWN = `schema: yukue.rules/1
name: company
rules:
  - { id: named, scope: model, source: Policy 1, requires: 'name.startsWith("a")', title: Names begin with a }
`

it('a company’s own rules are asked alone unless packs are named', async () => {
  const cwd = await scanned()
  writeFileSync(join(cwd, 'own.yaml'), OWN)
  const { stdout, code } = await yukue(['check', '--model', 'a', '--rules', join(cwd, 'own.yaml'), '--json'], { cwd })
  expect([code, JSON.parse(stdout).rules.map(({ id }: { id: string }) => id)]).toEqual([0, ['company/named']])
})

it('rules with an unknown fact are refused, with the rule’s name', async () => {
  const cwd = await scanned()
  writeFileSync(join(cwd, 'own.yaml'), OWN.replace('name.startsWith', 'nome.startsWith'))
  const { stderr, code } = await yukue(['check', '--model', 'a', '--rules', join(cwd, 'own.yaml')], { cwd })
  expect([code, stderr]).toEqual([2, expect.stringContaining('company/named')])
})

it.each([[['check']], [['check', '--all', '--model', 'a']], [['check', '--model', 'a', '--pack', 'none']]])(
  '%j is refused',
  async (args) => {
    const { code, stdout } = await yukue(args, { cwd: await scanned() })
    expect([code, stdout]).toEqual([2, ''])
  },
)

it('speaks Japanese', async () => {
  const { stdout } = await yukue(['check', '--model', 'a', '--lang', 'ja'], { cwd: await scanned() })
  expect(stdout).toContain('判断不能')
})
