import { describe, expect, it } from 'vitest'
import { poissonBinomial } from '../../src/observe/homogenisation.ts'
import { randomFrom } from '../../src/observe/statistics/random.ts'
import { auditCsv } from '../builders/audit.ts'

const FLAGS = '--decision d --favourable 1 --subject u --deployer w'

/** 600 subjects decided on by three deployers. */
function decisions(refuses: (subject: number, deployer: number, random: () => number) => boolean, extra = () => '') {
  const random = randomFrom(6)
  return Array.from({ length: 600 }, (_, u) => {
    const column = extra()
    return [0, 1, 2].map(
      (w) => `${u},${'abc'[w]},${refuses(u, w, random) ? 0 : 1}${column || `,${u % 2 ? 'hard' : 'easy'}`}`,
    )
  }).flat()
}

describe('subjects × deployers', () => {
  it('that decide alike refuse the same people', async () => {
    const { homogenisation, findings } = await auditCsv(['u,w,d,k', ...decisions((u) => u % 5 === 0)], FLAGS)
    expect(homogenisation).toMatchObject({ subjects: 600, deployers: 3, allRefused: 0.2 })
    expect(homogenisation!.expected).toBeCloseTo(0.008, 12)
    expect(homogenisation!.ratio).toBeCloseTo(25, 9)
    expect(findings.map(({ code }) => code)).toContain('refused-by-all')
  })

  it('that decide by themselves are not blamed', async () => {
    const { homogenisation, findings } = await auditCsv(
      ['u,w,d,k', ...decisions((_, __, random) => random() < 0.4)],
      FLAGS,
    )
    expect(homogenisation!.interval![0] < 1 && 1 < homogenisation!.interval![1]!).toBe(true)
    expect(findings).toEqual([])
  })

  it('are not blamed for cases that are hard for all, within strata of difficulty', async () => {
    const rows = ['u,w,d,k', ...decisions((u, _, random) => random() < (u % 2 ? 0.8 : 0.1))]
    const [whole, within] = [await auditCsv(rows, FLAGS), await auditCsv(rows, `${FLAGS} --stratum k`)]
    expect(whole.homogenisation!.ratio).toBeGreaterThan(1.8)
    expect(within.homogenisation!.ratio).toBeCloseTo(1, 0)
    expect(within.findings).toEqual([])
  })

  it('are compared by shared base model', async () => {
    const rows = decisions((u, w, random) => (w < 2 ? u % 3 === 0 : random() < 0.33))
    const { homogenisation } = await auditCsv(['u,w,d,k', ...rows], `${FLAGS} --base a=m --base b=m --base c=n`)
    expect(homogenisation!.sharedBase!.sharing).toBeCloseTo(3, 9)
    expect(homogenisation!.sharedBase!.interval![0]).toBeGreaterThan(0)
  })
})

it('the Poisson–binomial distribution of equal rates is the binomial one', () => {
  expect(poissonBinomial([0.5, 0.5, 0.5])).toEqual([0.125, 0.375, 0.375, 0.125])
})
