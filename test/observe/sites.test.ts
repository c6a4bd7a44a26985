import { describe, expect, it } from 'vitest'
import { auditCsv, times } from '../builders/audit.ts'

const FLAGS = '--decision d --favourable 1 --group g --site s'

/** 200 decisions of either group at a site, so many selected. */
function site(name: string, a: number, b: number): string[] {
  return [
    ...times(a, `${name},a,1`),
    ...times(200 - a, `${name},a,0`),
    ...times(b, `${name},b,1`),
    ...times(200 - b, `${name},b,0`),
  ]
}

describe('one model at several sites', () => {
  it('has the disparity of each', async () => {
    const { sites } = await auditCsv(['s,g,d', ...site('x', 80, 100), ...site('y', 50, 100)], FLAGS)
    expect(sites.map(({ site: name, impactRatio }) => [name, impactRatio])).toEqual([
      ['x', 0.8],
      ['y', 0.5],
    ])
  })

  it('is amplified where the ratio is lower than at the parent site', async () => {
    const report = await auditCsv(
      ['s,g,d', ...site('child', 40, 100), ...site('parent', 90, 100)],
      `${FLAGS} --parent-site parent`,
    )
    const child = report.sites.find(({ site: name }) => name === 'child')!
    expect(child.difference).toBeCloseTo(0.4 - 0.9, 12)
    expect(report.findings.map(({ code }) => code)).toContain('amplified-at-site')
  })

  // Cochran's definition, worked beside it
  it('has Cochran’s Q and I² over the sites', async () => {
    const { heterogeneity } = await auditCsv(
      ['s,g,d', ...site('x', 80, 100), ...site('y', 50, 100), ...site('z', 90, 100)],
      FLAGS,
    )
    const logs = [80, 50, 90].map((a) => ({ y: Math.log(a / 100), v: 1 / a - 1 / 200 + 1 / 100 - 1 / 200 }))
    const total = logs.reduce((sum, { v }) => sum + 1 / v, 0)
    const mean = logs.reduce((sum, { y, v }) => sum + y / v, 0) / total
    const q = logs.reduce((sum, { y, v }) => sum + (y - mean) ** 2 / v, 0)
    expect(heterogeneity[0]!.q).toBeCloseTo(q, 10)
    expect(heterogeneity[0]!.iSquared).toBeCloseTo((q - 2) / q, 10)
    expect(heterogeneity[0]!.predictionInterval![0]).toBeLessThan(heterogeneity[0]!.interval[0])
  })
})
