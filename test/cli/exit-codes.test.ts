import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Outcome, yukue } from '../builders/command.ts'
import { folder } from '../builders/folder.ts'
import { weights } from '../builders/weights.ts'

const good = () => folder({ 'a.safetensors': weights(1) })
const mixed = () => folder({ 'a.safetensors': weights(1), 'bad.safetensors': '{' })

/** A command that could not be carried out says so in one line on stderr, and nothing else anywhere. */
function expectRefusal({ code, stdout, stderr }: Outcome, reason: RegExp): void {
  const lines = stderr.split('\n').filter((line) => line !== '')
  const messages = lines.filter((line) => reason.test(line))
  expect({ code, stdout, messages: messages.length, stack: /\n {4}at /.test(stderr) }).toEqual({
    code: 2,
    stdout: '',
    messages: 1,
    stack: false,
  })
}

describe('the exit code is 0', () => {
  it('of a scan that finds a model', async () => {
    expect((await yukue(['scan', good(), '--quiet'])).code).toBe(0)
  })

  it('of a scan that also finds a broken file', async () => {
    expect((await yukue(['scan', mixed(), '--quiet'])).code).toBe(0)
  })

  it('of a strict scan without problems', async () => {
    expect((await yukue(['scan', good(), '--quiet', '--strict'])).code).toBe(0)
  })
})

it('the exit code is 1 of a strict scan that finds a broken file', async () => {
  expect((await yukue(['scan', mixed(), '--quiet', '--strict'])).code).toBe(1)
})

describe('the exit code is 2', () => {
  it.each([
    { what: 'no command', args: [], reason: /Usage|usage/ },
    { what: 'an unknown command', args: ['scna'], reason: /unknown command/ },
    { what: 'an unknown option', args: ['scan', '.', '--sctrict'], reason: /unknown option/ },
    { what: 'a scan of nothing', args: ['scan'], reason: /missing required argument/ },
    { what: 'a trace of nothing', args: ['trace'], reason: /missing required argument/ },
    { what: 'a print of nothing', args: ['print'], reason: /No model was given/ },
    { what: 'an unknown language', args: ['scan', '.', '--lang', 'fr'], reason: /fr/ },
    { what: 'a hint without a type', args: ['scan', '.', '--as', '*.bin'], reason: /The hint \*\.bin is not usable/ },
    { what: 'threads in words', args: ['scan', '.', '--threads', 'two'], reason: /--threads does not take two/ },
    { what: 'less than no threads', args: ['scan', '.', '--threads', '-1'], reason: /--threads|-1/ },
    { what: 'half a thread', args: ['scan', '.', '--threads', '0.5'], reason: /--threads does not take 0.5/ },
    { what: 'a thousand threads', args: ['scan', '.', '--threads', '1000'], reason: /--threads does not take 1000/ },
    { what: 'threads left empty', args: ['scan', '.', '--threads', ''], reason: /--threads/ },
    { what: 'a day in words', args: ['trace', 'a', '--as-of', 'yesterday'], reason: /It takes 2026-04-01/ },
    { what: 'an unknown model', args: ['trace', 'nobody'], reason: /No model is on record as nobody/ },
    { what: 'an unknown model to print', args: ['print', 'nobody'], reason: /No model is on record as nobody/ },
    { what: 'a print that is not there', args: ['print', '--import', 'gone.yukueprint'], reason: /gone\.yukueprint/ },
  ])('of $what', async ({ args, reason }) => {
    expectRefusal(await yukue(args, { cwd: folder({}) }), reason)
  })

  it('of a scan of an empty folder, which says what it did', async () => {
    const { code, stderr } = await yukue(['scan', '.', '--quiet'], { cwd: folder({}) })
    expect({ code, lines: stderr.trim().split('\n') }).toEqual({
      code: 2,
      lines: [expect.stringMatching(/Nothing could be scanned/)],
    })
  })

  it('of a scan of a path where nothing is, which names it', async () => {
    expectRefusal(await yukue(['scan', 'nowhere', '--quiet', '--json'], { cwd: folder({}) }), /nothing at nowhere/)
  })

  it('not of a missing path beside a good one, which is a problem of the scan', async () => {
    const { code, stdout } = await yukue(['scan', 'a.safetensors', 'nowhere', '--quiet', '--json'], { cwd: good() })
    const { models, problems } = JSON.parse(stdout)
    expect([code, models.length, problems[0].path]).toEqual([0, 1, 'nowhere'])
  })

  it('of an import that is no print', async () => {
    expectRefusal(await yukue(['print', '--import', 'a.safetensors'], { cwd: good() }), /it is no weight print/)
  })

  it('of a page that cannot be written', async () => {
    const outcome = await yukue(['scan', '.', '--quiet', '--page', 'no/such/folder.html'], { cwd: good() })
    expect([outcome.code, outcome.stderr]).toEqual([
      2,
      expect.stringMatching(/^yukue: [^\n]*could not be written[^\n]*\n$/),
    ])
  })

  it('of a print that cannot be written', async () => {
    expectRefusal(
      await yukue(['print', 'a.safetensors', '-o', 'no/such/folder'], { cwd: good() }),
      /could not be written/,
    )
  })

  it('of a print of a broken file', async () => {
    expectRefusal(await yukue(['print', 'bad.safetensors'], { cwd: mixed() }), /bad\.safetensors/)
  })

  it('of a print of a folder with two models', async () => {
    const cwd = folder({ 'a.safetensors': weights(1), 'b.safetensors': weights(2) })
    expectRefusal(await yukue(['print', '.'], { cwd }), /2 models/)
  })

  it('of a print file that is something else', async () => {
    expectRefusal(await yukue(['print', '--import', 'a.safetensors'], { cwd: good() }), /a\.safetensors/)
  })

  it('of a folder in place of a print file', async () => {
    expectRefusal(await yukue(['print', '--import', '.'], { cwd: good() }), /cannot be used/)
  })

  it('of a damaged estate', async () => {
    const cwd = good()
    mkdirSync(join(cwd, '.yukue'))
    writeFileSync(join(cwd, '.yukue/estate.sqlite'), 'this is no database, and never was one'.repeat(200))
    expectRefusal(await yukue(['scan', '.', '--quiet'], { cwd }), /damaged/)
  })

  it('of a file in place of the estate', async () => {
    expectRefusal(await yukue(['scan', '.', '--quiet', '--estate', 'a.safetensors'], { cwd: good() }), /cannot be used/)
  })

  it('of a name that two models have', async () => {
    const cwd = folder({ 'x/chat.safetensors': weights(1), 'y/chat.safetensors': weights(2) })
    await yukue(['scan', '.', '--quiet'], { cwd })
    expectRefusal(await yukue(['trace', 'chat'], { cwd }), /chat matches 2 models/)
  })

  it('of an estate that cannot be made where it is wanted', async () => {
    const options = ['scan', '.', '--quiet', '--estate', 'a.safetensors/estate']
    expectRefusal(await yukue(options, { cwd: good() }), /cannot be used/)
  })
})
