import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { run } from '../../src/cli/run.ts'
import { charterExplained, charterList, charterRecorded, charterShown } from '../../src/contract/charter-reports.ts'
import { readCharter } from '../../src/govern/charter-text.ts'
import { yukue } from '../builders/command.ts'
import { folder } from '../builders/folder.ts'
import { weights } from '../builders/weights.ts'

const WORDS = ['--name', 'loans', '--model', 'a', '--accountable', 'Bank plc']

async function scanned(): Promise<string> {
  const cwd = folder({ 'a.safetensors': weights(1) })
  await yukue(['scan', '.', '--quiet'], { cwd })
  return cwd
}

/** An estate with a charter in charter.yaml. */
async function withCharter(more: string[] = []): Promise<string> {
  const cwd = await scanned()
  await yukue(['charter', 'init', ...WORDS, ...more], { cwd })
  return cwd
}

const json = async (args: string[], cwd: string) => JSON.parse((await yukue([...args, '--json'], { cwd })).stdout)

describe('charter init', () => {
  it('writes a charter that reads as what the options said', async () => {
    const cwd = await withCharter(['--change', 'adapter-merged:16:q_proj,v_proj', '--purpose', 'credit: scoring'])
    expect(readCharter(readFileSync(join(cwd, 'charter.yaml'), 'utf8'))).toMatchObject({
      ok: true,
      charter: {
        changes: { allowed: [{ kind: 'adapter-merged', rankAtMost: 16, on: ['q_proj', 'v_proj'] }] },
        uses: { purposes: ['credit: scoring'] },
      },
    })
  })

  it('names the shipped schema for editors', async () => {
    const text = readFileSync(join(await withCharter(), 'charter.yaml'), 'utf8')
    expect(text.split('\n')[0]).toMatch(/^# yaml-language-server: \$schema=.*schema\/charter\.schema\.json$/)
  })

  it('leaves out no section: what nobody decided stands in comments', async () => {
    const text = readFileSync(join(await withCharter(), 'charter.yaml'), 'utf8')
    const uncommented = text.replaceAll(/^# (?=[a-zA-Z]+:\n| {2}|[a-zA-Z]+:$)/gm, '')
    expect(readCharter(uncommented)).toMatchObject({ ok: true, charter: { incidents: { stopUseFrom: 'high' } } })
  })

  it('leaves an existing file alone', async () => {
    const cwd = await withCharter()
    const before = readFileSync(join(cwd, 'charter.yaml'), 'utf8')
    const { code } = await yukue(['charter', 'init', ...WORDS, '--title', 'other'], { cwd })
    expect([code, readFileSync(join(cwd, 'charter.yaml'), 'utf8')]).toEqual([2, before])
  })

  it('refuses a change that there is not, and writes nothing', async () => {
    const cwd = folder({})
    const { code, stderr } = await yukue(['charter', 'init', ...WORDS, '--change', 'quantized:4'], { cwd })
    expect([
      code,
      stderr.includes('"quantized"'),
      (await yukue(['charter', 'check', 'charter.yaml'], { cwd })).code,
    ]).toEqual([2, true, 2])
  })

  it('asks on a terminal for what options have not said, and again for what cannot be read', async () => {
    const cwd = folder({})
    const answers = [
      '',
      'loans',
      'a; b',
      'Bank plc',
      'Bank plc',
      'yes',
      'quantised:x',
      'quantised:4',
      ...Array(10).fill(''),
    ]
    const stdin = Object.assign(new PassThrough(), { isTTY: true })
    stdin.end(answers.map((answer) => `${answer}\n`).join(''))
    const [out, err] = [new PassThrough(), new PassThrough()]
    const code = await run(['charter', 'init'], { stdin, stdout: out, stderr: err, env: {}, cwd: () => cwd })
    expect([code, readCharter(readFileSync(join(cwd, 'charter.yaml'), 'utf8'))]).toMatchObject([
      0,
      {
        charter: {
          models: ['a', 'b'],
          holders: { allowed: ['Bank plc'], confirmed: true },
          changes: { allowed: [{ kind: 'quantised', bitsAtLeast: 4 }] },
        },
      },
    ])
  })

  it('that is cut off in the questions writes nothing', async () => {
    const cwd = folder({})
    const stdin = Object.assign(new PassThrough(), { isTTY: true })
    stdin.end('loans\n')
    const out = new PassThrough()
    const code = await run(['charter', 'init'], {
      stdin,
      stdout: out,
      stderr: new PassThrough(),
      env: {},
      cwd: () => cwd,
    })
    expect([code, (await yukue(['charter', 'check', 'charter.yaml'], { cwd })).code]).toEqual([2, 2])
  })
})

it('a bad charter is one clear error with file, line and column', async () => {
  const cwd = await withCharter()
  const text = readFileSync(join(cwd, 'charter.yaml'), 'utf8')
  writeFileSync(join(cwd, 'charter.yaml'), text.replace('accountable: Bank plc', 'accountable: [Bank plc]'))
  const { code, stderr } = await yukue(['charter', 'record', 'charter.yaml'], { cwd })
  expect([code, stderr]).toEqual([
    2,
    'yukue: charter.yaml, line 15, column 14: accountable is ["Bank plc"]; what belongs there: string\n',
  ])
})

describe('a charter on record', () => {
  it('keeps its versions, and shows each as it was signed', async () => {
    const cwd = await withCharter()
    const first = readFileSync(join(cwd, 'charter.yaml'), 'utf8')
    await yukue(['charter', 'record', 'charter.yaml'], { cwd })
    writeFileSync(join(cwd, 'charter.yaml'), `${first}title: Loans\n`)
    const recorded = charterRecorded.parse(await json(['charter', 'sign', 'charter.yaml'], cwd))
    const { charters } = charterList.parse(await json(['charter', 'list'], cwd))
    const shown = charterShown.parse(await json(['charter', 'show', 'loans', '--version', '1'], cwd))
    expect([recorded.version, charters[0]?.versions.map(({ version }) => version), shown.text]).toEqual([
      2,
      [2, 1],
      first,
    ])
  })

  it('is not entered again with the same text', async () => {
    const cwd = await withCharter()
    const first = await json(['charter', 'record', 'charter.yaml'], cwd)
    const again = await json(['charter', 'record', 'charter.yaml'], cwd)
    expect([again.entered, again.statement]).toEqual([false, first.statement])
  })

  it('for a model that nobody has seen is refused', async () => {
    const cwd = folder({})
    await yukue(['charter', 'init', ...WORDS], { cwd })
    expect((await yukue(['charter', 'record', 'charter.yaml'], { cwd })).code).toBe(2)
  })

  it('is explained by its name', async () => {
    const cwd = await withCharter()
    await yukue(['charter', 'record', 'charter.yaml'], { cwd })
    const report = charterExplained.parse(await json(['charter', 'explain', 'loans'], cwd))
    expect([report.version?.version, report.charter.accountable]).toEqual([1, 'Bank plc'])
  })

  it('that is not there is refused', async () => {
    expect((await yukue(['charter', 'show', 'nowhere'], { cwd: await scanned() })).code).toBe(2)
  })
})
