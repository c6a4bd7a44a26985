import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { record } from '../../src/app/record.ts'
import type { AuditReport } from '../../src/contract/audit.ts'
import { normalFrom, randomFrom } from '../../src/observe/statistics/random.ts'
import { yukue } from '../builders/command.ts'
import { folder } from '../builders/folder.ts'
import { scanned } from '../builders/scan.ts'
import { weights } from '../builders/weights.ts'

const SITES = Array.from({ length: 24 }, (_, at) => `site ${at}`)
const MONTHS = ['01', '02', '03', '04', '05', '06', '07', '08'].map((month) => `2024-${month}-15`)
const EFFECT = ['log.csv', '--effect', '--outcome', 'y', '--site', 'site', '--time', 't', '--json', '--quiet']

/** Sites 0–7 use the base from March on, 8–15 its rounded copy from May on, 16–23 neither; use adds 2. */
const adoption = (site: number) => (site < 8 ? '2024-03-01' : site < 16 ? '2024-05-01' : null)

function panelLog(): string {
  const random = randomFrom(4)
  const rows = SITES.flatMap((site, at) => {
    const level = normalFrom(random)
    const adopted = adoption(at)
    return MONTHS.map((t) => {
      const y = level + (adopted !== null && t >= adopted ? 2 : 0) + 0.1 * normalFrom(random)
      return `${site},${t},${y},${adopted ?? ''}`
    })
  })
  return `${['site,t,y,g', ...rows].join('\n')}\n`
}

/** An estate with a model, its rounded copy and a stranger, deployed as `adoption` says. */
async function place(): Promise<string> {
  const root = folder({
    'base.safetensors': weights(1),
    'half.safetensors': weights(1, { type: 'f16' }),
    'stranger.safetensors': weights(2),
    'log.csv': panelLog(),
  })
  await scanned([root])
  const estate = join(root, '.yukue')
  for (const [at, site] of SITES.entries()) {
    const day = adoption(at)
    if (day !== null) await record({ event: 'deployed', model: at < 8 ? 'base' : 'half', site, at: day }, estate)
  }
  // another model's use is no use of this one
  await record({ event: 'deployed', model: 'stranger', site: 'site 23', at: '2024-02-01' }, estate)
  return root
}

async function audited(cwd: string, args: string[]): Promise<AuditReport> {
  const { code, stdout, stderr } = await yukue(['audit', ...args], { cwd })
  if (code !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}

describe('an audit with dates from the ledger', () => {
  it('estimates what it estimates with the same dates in a column', { timeout: 60_000 }, async () => {
    const cwd = await place()
    const ledger = await audited(cwd, [...EFFECT, '--from-ledger', '--record-model', 'half'])
    const column = await audited(cwd, [...EFFECT, '--unit', 'site', '--adopted', 'g'])
    expect(ledger.feedback?.estimate).toBeCloseTo(column.feedback!.estimate!, 12)
    expect(ledger.feedback?.effects.length).toBe(column.feedback!.effects.length)
    expect(ledger.fromLedger?.adopted.map(({ at }) => at)).toEqual(
      SITES.toSorted().flatMap((site) => adoption(Number(site.slice(5))) ?? []),
    )
    expect([ledger.fromLedger?.without.length, ledger.deployments]).toEqual([8, ['2024-03-01', '2024-05-01']])
  })

  it('needs to be told whose use is meant', async () => {
    const { code, stderr } = await yukue(['audit', ...EFFECT, '--from-ledger'], { cwd: await place() })
    expect([code, stderr]).toEqual([2, 'yukue: --from-ledger needs --record-model.\n'])
  })
})

it('an effect is estimated within its window', async () => {
  const cwd = folder({ 'log.csv': panelLog() })
  const { feedback, leftOut, window } = await audited(cwd, [
    ...EFFECT,
    ...['--unit', 'site', '--adopted', 'g', '--from', '2024-02-01', '--to', '2024-06-30'],
  ])
  expect(leftOut).toEqual([{ reason: 'outside-window', n: 3 * SITES.length }])
  expect(new Set(feedback?.effects.map(({ period }) => String(period).slice(0, 7))).has('2024-07')).toBe(false)
  expect(window).toEqual({ from: '2024-02-01', to: '2024-06-30' })
})

it('deployers whose models have one origin share a base', { timeout: 60_000 }, async () => {
  const cwd = await place()
  const rows = Array.from({ length: 60 }, (_, u) =>
    ['site 0', 'site 9', 'site 23'].map((site, at) => `${u},${site},${(u * (at + 1)) % 3 ? 'yes' : 'no'}`),
  ).flat()
  const root = folder({ 'log.csv': `${['u,site,d', ...rows].join('\n')}\n` })
  const args = ['--decision', 'd', '--favourable', 'yes', '--subject', 'u', '--deployer', 'site', '--json', '--quiet']
  const { fromLedger, homogenisation } = await audited(root, [
    ...['log.csv', ...args, '--from-ledger', '--estate', join(cwd, '.yukue')],
  ])
  const of = (name: string) => fromLedger?.bases.find(({ deployer }) => deployer === name)?.base
  const [first, second, third] = ['site 0', 'site 9', 'site 23'].map(of)
  expect([first === second, first === third, homogenisation?.sharedBase === null]).toEqual([true, false, false])
})
