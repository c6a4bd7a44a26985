import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fsckReport } from '../../src/contract/fsck.ts'
import { siteReport } from '../../src/contract/site.ts'
import { traceReport } from '../../src/contract/trace.ts'
import { yukue } from '../builders/command.ts'
import { folder } from '../builders/folder.ts'
import { weights } from '../builders/weights.ts'

async function scanned(files: Parameters<typeof folder>[0] = { 'a.safetensors': weights(1) }): Promise<string> {
  const cwd = folder(files)
  await yukue(['scan', '.', '--quiet'], { cwd })
  return cwd
}

const json = async (args: string[], cwd: string) => JSON.parse((await yukue([...args, '--json'], { cwd })).stdout)

it('a first scan makes the estate’s key for its owner only', async () => {
  const cwd = await scanned()
  expect(statSync(join(cwd, '.yukue/keys/estate.key')).mode & 0o777).toBe(0o600)
})

it('a trace with custody keeps to the contract', async () => {
  const cwd = await scanned()
  await yukue(['record', 'received', 'a', '--from', 'Vendor'], { cwd })
  expect(traceReport.safeParse(await json(['trace', 'a', '--holders'], cwd)).error).toBeUndefined()
})

describe('a site', () => {
  async function deployed() {
    const cwd = await scanned({
      'run/a.safetensors': weights(1),
      'run/config.json': '{"a":1}',
      'b.safetensors': weights(2),
    })
    await yukue(['record', 'deployed', 'a', '--site', 'loans', '--place', 'run'], { cwd })
    return cwd
  }

  it('where the approved model runs is as approved', async () => {
    const { code, stdout } = await yukue(['site', 'loans', '--json'], { cwd: await deployed() })
    const report = siteReport.parse(JSON.parse(stdout))
    expect([code, report.verdict]).toEqual([0, 'as-approved'])
  })

  it('whose weights were tuned is not, and says what was done', async () => {
    const cwd = await deployed()
    writeFileSync(join(cwd, 'run/a.safetensors'), weights(1, { type: 'f16' }))
    await yukue(['scan', '.', '--quiet'], { cwd })
    const { differences, verdict } = await json(['site', 'loans'], cwd)
    expect([verdict, differences[0].relation.changes]).toEqual(['changed', ['converted-lossy']])
  })

  it('whose configuration was changed is not', async () => {
    const cwd = await deployed()
    writeFileSync(join(cwd, 'run/config.json'), '{"a":2}')
    await yukue(['scan', '.', '--quiet'], { cwd })
    const { code, stdout } = await yukue(['site', 'loans', '--json'], { cwd })
    expect([code, JSON.parse(stdout).differences]).toMatchObject([1, [{ kind: 'side-file', change: 'changed' }]])
  })

  it('that nobody has entered is refused', async () => {
    expect((await yukue(['site', 'nowhere'], { cwd: await deployed() })).code).toBe(2)
  })
})

describe('a scan finds', () => {
  const codes = async (cwd: string) => {
    const { models } = await json(['scan', '.', '--quiet'], cwd)
    return models.flatMap(({ artifacts }: { artifacts: { findings: { code: string }[] }[] }) =>
      artifacts.flatMap(({ findings }) => findings.map(({ code }) => code)),
    )
  }

  it('side files changed under a kept name', async () => {
    const cwd = await scanned({ 'a.safetensors': weights(1), 'config.json': '{}' })
    writeFileSync(join(cwd, 'config.json'), '{"temperature":2}')
    expect(await codes(cwd)).toEqual(['side-files-changed'])
  })

  it('a copy where nobody has recorded one', async () => {
    const cwd = await scanned({ 'known/a.safetensors': weights(1) })
    await yukue(['record', 'received', 'a', '--place', 'known'], { cwd })
    mkdirSync(join(cwd, 'elsewhere'))
    writeFileSync(join(cwd, 'elsewhere/a.safetensors'), weights(1))
    expect(await codes(cwd)).toEqual(['unrecorded-place'])
  })

  it('no such place while nobody records any', async () => {
    expect(await codes(await scanned())).toEqual([])
  })
})

it('fsck of a whole estate ends with 0 and keeps to the contract', async () => {
  const { code, stdout } = await yukue(['fsck', '--json'], { cwd: await scanned() })
  expect([code, fsckReport.safeParse(JSON.parse(stdout)).error]).toEqual([0, undefined])
})

it('fsck finds a log that does not come up to a checkpoint kept outside', async () => {
  const cwd = await scanned()
  const copy = folder({})
  await yukue(['backup', join(copy, 'before')], { cwd })
  await yukue(['record', 'received', 'a', '--from', 'Vendor'], { cwd })
  await yukue(['witness', 'checkpoint', '-o', join(copy, 'kept')], { cwd })
  const same = await yukue(['fsck', '--checkpoint', join(copy, 'kept')], { cwd })
  await yukue(['restore', join(copy, 'before'), '--estate', join(copy, 'earlier')], { cwd })
  const earlier = await yukue(
    ['fsck', '--json', '--checkpoint', join(copy, 'kept'), '--estate', join(copy, 'earlier')],
    {
      cwd,
    },
  )
  expect([same.code, earlier.code]).toEqual([0, 1])
  expect(JSON.parse(earlier.stdout).faults.map(({ code }: { code: string }) => code)).toContain('rolled-back')
})

it('a witness cosigns a log that goes on, and refuses one that does not', async () => {
  const [log, witness] = [await scanned(), folder({})]
  const { own } = await json(['key', 'show'], log)
  await yukue(['key', 'new', 'auditor'], { cwd: witness })
  await yukue(['key', 'trust', own[0].key, '--actor', 'Log', '--use', 'log'], { cwd: witness })
  const { own: keys } = await json(['key', 'show'], witness)
  const auditor = keys.find(({ name }: { name: string }) => name === 'auditor').key
  await yukue(['key', 'trust', auditor, '--actor', 'Auditor', '--use', 'witness'], { cwd: log })
  await yukue(['witness', 'request', '-o', join(witness, 'request')], { cwd: log })
  const cosign = () => yukue(['witness', 'cosign', 'request', '--key', 'auditor'], { cwd: witness })
  const first = await cosign()
  writeFileSync(join(log, 'cosigned'), first.stdout)
  const accepted = await yukue(['witness', 'accept', 'cosigned'], { cwd: log })
  // the same request again does not start from what was cosigned last
  expect([first.code, accepted.code, (await cosign()).code]).toEqual([0, 0, 2])
})

it('a key under a passphrase signs only with it', async () => {
  const cwd = await scanned()
  writeFileSync(join(cwd, 'secret'), 'correct horse\n')
  await yukue(['key', 'new', 'vendor', '--actor', 'Vendor', '--protect', 'secret'], { cwd })
  const record = (...more: string[]) => yukue(['record', 'created', 'a', '--key', 'vendor', ...more], { cwd })
  expect([(await record()).code, (await record('--passphrase-file', 'secret')).code]).toEqual([2, 0])
})
