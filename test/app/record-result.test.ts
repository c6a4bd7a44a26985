import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { record } from '../../src/app/record.ts'
import { recordResult } from '../../src/app/record-result.ts'
import { trace } from '../../src/app/trace.ts'
import type { AuditReport } from '../../src/contract/audit.ts'
import type { RecordedResult } from '../../src/contract/result.ts'
import { times } from '../builders/audit.ts'
import { yukue } from '../builders/command.ts'
import { folder } from '../builders/folder.ts'

const MODEL = 'declared:vendor/credit@2'
const OTHER = 'declared:vendor/credit@1'
const AUDIT = ['log.csv', '--decision', 'action', '--favourable', 'yes', '--group', 'sex', '--record', '--quiet']

const row = (action: string, sex: string, site = 'loans', model = MODEL, day = '2024-03-01') =>
  `${day},${site},${model},${action},${sex}`

function place(rows: readonly string[]): string {
  return folder({ 'log.csv': `${['time,site,model,action,sex', ...rows].join('\n')}\n` })
}

const ROWS = [
  ...times(40, row('yes', 'M')),
  ...times(10, row('no', 'M')),
  ...times(20, row('yes', 'F')),
  ...times(30, row('no', 'F')),
]

async function audited(cwd: string, more: string[] = []): Promise<{ report: AuditReport; recorded: RecordedResult }> {
  const { code, stdout, stderr } = await yukue(['audit', ...AUDIT, '--json', ...more], { cwd })
  if (code !== 0) throw new Error(stderr)
  const { recorded, ...report } = JSON.parse(stdout)
  return { report, recorded }
}

const estateIn = (cwd: string) => join(cwd, '.yukue')
const deploy = (cwd: string, model: string, more: { at?: string; until?: string } = {}) =>
  record({ event: 'deployed', model, site: 'loans', at: '2024-01-01', ...more }, estateIn(cwd))
const codes = ({ notes }: RecordedResult) => notes.map(({ code }) => code)

describe('an audit that is recorded', () => {
  it('is a statement with the whole result in it', async () => {
    const cwd = place(ROWS)
    const { report, recorded } = await audited(cwd)
    const { results } = await trace(MODEL, estateIn(cwd), { results: true })
    expect([results[0]?.statement, results[0]?.result]).toEqual([recorded.statement, report])
  })

  it('is of the model and the site that the log names', async () => {
    const { recorded } = await audited(place(ROWS))
    expect([recorded.model.id, recorded.site]).toEqual([MODEL, 'loans'])
  })

  it('takes a name in place of the column of models for the model', async () => {
    const { recorded } = await audited(place(ROWS.map((line) => line.replace(`,${MODEL},`, ',,'))), ['--model', OTHER])
    expect(recorded.model.id).toBe(OTHER)
  })

  it('needs to be told the model where the log names two', async () => {
    const rows = [...ROWS, row('yes', 'M', 'loans', OTHER)]
    const { code, stderr } = await yukue(['audit', ...AUDIT, '--model', 'model'], { cwd: place(rows) })
    expect([code, stderr]).toEqual([2, 'yukue: --record needs --record-model.\n'])
  })

  it('is of no one site where the log names two', async () => {
    const { recorded } = await audited(place([...ROWS, row('yes', 'M', 'desk')]))
    expect(recorded.site).toBeNull()
  })

  it('keeps its window', async () => {
    const rows = [...ROWS, row('yes', 'M', 'loans', MODEL, '2024-04-02')]
    const { recorded } = await audited(place(rows), ['--time', 'time'])
    expect(recorded.window).toEqual({ from: '2024-03-01', to: '2024-04-02' })
  })

  it('says that the ledger does not know the site', async () => {
    expect(codes((await audited(place(ROWS))).recorded)).toEqual(['unknown-site'])
  })

  it('says that another model is deployed at the site', async () => {
    const cwd = place(ROWS)
    await deploy(cwd, OTHER)
    expect(codes((await audited(cwd)).recorded)).toEqual(['not-deployed-there'])
  })

  it('says that the model was not in use when the decisions were taken', async () => {
    const cwd = place(ROWS)
    await deploy(cwd, MODEL, { until: '2024-02-01' })
    expect(codes((await audited(cwd, ['--time', 'time'])).recorded)).toEqual(['not-in-use-then'])
  })

  it('says nothing where model, site and time fit the ledger', async () => {
    const cwd = place(ROWS)
    await deploy(cwd, MODEL)
    expect(codes((await audited(cwd, ['--time', 'time'])).recorded)).toEqual([])
  })

  it('says that the log names another model than the one given', async () => {
    const { recorded } = await audited(place(ROWS), ['--record-model', OTHER])
    expect(codes(recorded)).toContain('log-names-other-model')
  })

  it('names the files that were read by their digests', async () => {
    const cwd = place(ROWS)
    const { report } = await audited(cwd)
    const { results } = await trace(MODEL, estateIn(cwd))
    expect(results[0]?.input).toBe(report.input.digest)
  })

  it('is signed by the key that is named', async () => {
    const cwd = place(ROWS)
    await yukue(['key', 'new', 'auditor', '--actor', 'Auditor LLP'], { cwd })
    await audited(cwd, ['--key', 'auditor'])
    const { results } = await trace(MODEL, estateIn(cwd))
    expect([results[0]?.status, results[0]?.signatures[0]?.actor?.name]).toEqual(['attested', 'Auditor LLP'])
  })

  it('of a model that is not on record is refused, and nothing is entered', async () => {
    const { code, stderr } = await yukue(['audit', ...AUDIT, '--record-model', 'nobody'], { cwd: place(ROWS) })
    expect([code, stderr]).toEqual([2, 'yukue: No model is on record as nobody. Scan it first, or give its path.\n'])
  })

  it('stands at its site', async () => {
    const cwd = place(ROWS)
    await deploy(cwd, MODEL)
    const { recorded } = await audited(cwd)
    const { stdout } = await yukue(['site', 'loans', '--json'], { cwd })
    expect(JSON.parse(stdout).results.map(({ statement }: { statement: number }) => statement)).toEqual([
      recorded.statement,
    ])
  })

  it('is not in a trace of what was known before', async () => {
    const cwd = place(ROWS)
    const estate = estateIn(cwd)
    const { report } = await audited(cwd)
    const before = { now: () => new Date('2024-05-01T00:00:00Z') }
    const other = join(cwd, 'other')
    const measurement = { result: report, model: MODEL, parent: null, site: null, said: { model: null, site: null } }
    await recordResult(measurement, undefined, other, before)
    const at = async (location: string) => (await trace(MODEL, location, { asOf: '2024-06-01' })).results.length
    await expect(at(estate)).rejects.toThrow('unknown-model')
    expect(await at(other)).toBe(1)
  })

  it('of very many categories leaves out of its statement what is least needed, and says so', async () => {
    const rows = Array.from({ length: 3_000 }, (_, at) => row(at % 2 ? 'yes' : 'no', `${'x'.repeat(40)} ${at}`))
    const cwd = place(rows)
    const { recorded } = await audited(cwd)
    const { results } = await trace(MODEL, estateIn(cwd), { results: true })
    const [{ result, leftOut } = {}] = results
    const size = JSON.stringify(result).length
    expect([codes(recorded).includes('lists-left-out'), leftOut?.includes('attributes.categories')]).toEqual([
      true,
      true,
    ])
    expect(size).toBeLessThanOrEqual(1024 * 1024)
  })
})

describe('a comparison that is recorded', () => {
  const files = {
    'a.csv': 'id,label,truth\n1,a,a\n2,b,a\n3,a,a\n',
    'b.csv': 'id,label,truth\n1,b,a\n2,a,a\n3,a,a\n',
  }
  const args = 'compare --predictions a.csv b.csv --key id --prediction label --truth truth --json --record'.split(' ')

  it('is of the child, against the parent', async () => {
    const cwd = folder(files)
    await record({ event: 'created', model: OTHER }, estateIn(cwd))
    await yukue([...args, '--record-model', MODEL, '--record-parent', OTHER], { cwd })
    const [own, others] = await Promise.all([MODEL, OTHER].map((model) => trace(model, estateIn(cwd))))
    expect([own?.results[0]?.parent, others?.results]).toEqual([OTHER, []])
  })

  it('keeps no keys of single inputs, and says so', async () => {
    const cwd = folder(files)
    await yukue([...args, '--record-model', MODEL], { cwd })
    const { results } = await trace(MODEL, estateIn(cwd), { results: true })
    expect([results[0]?.leftOut, results[0]?.result]).toMatchObject([['flipped'], { flipped: [], flips: { n: 2 } }])
  })
})

it('a simulation is recorded of the model that is named', async () => {
  const cwd = folder({})
  await yukue(['audit', '--simulate', '--json', '--record', '--record-model', MODEL], { cwd })
  const { results } = await trace(MODEL, estateIn(cwd))
  expect(results.map(({ kind, n }) => [kind, n])).toEqual([['simulation', null]])
})

it('what is to be recorded of which model is refused without --record', async () => {
  const { code, stderr } = await yukue(['audit', '--simulate', '--record-model', MODEL])
  expect([code, stderr]).toEqual([2, 'yukue: --record-model needs --record.\n'])
})
