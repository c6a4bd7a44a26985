import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { auditOf, PUBLISHED } from '../builders/audit.ts'

const rounded = (value: number | null | undefined, digits: number) => Number(value?.toFixed(digits))

describe('mortgages in Boston (AER::HMDA)', async () => {
  const report = await auditOf(join(PUBLISHED, 'hmda.csv'), '--decision deny --favourable no --group afam')
  const [no, yes] = report.attributes[0]!.categories

  it('counts approvals', () => {
    expect([yes!.selected, yes!.n, no!.selected, no!.n]).toEqual([243, 339, 1852, 2041])
  })

  it('has an impact ratio of 0.78997 in Katz’s interval', () => {
    expect(rounded(yes!.impactRatio, 5)).toBe(0.78997)
    expect(yes!.impactRatioInterval!.map((end) => rounded(end, 4))).toEqual([0.7378, 0.8458])
  })

  it('is 10.007 standard deviations from equal rates', () => {
    expect(rounded(yes!.standardDeviations, 3)).toBe(-10.007)
  })

  it('has Fisher’s p of 2.30e-19, also adjusted: there is one test', () => {
    expect([yes!.fisherP!.toExponential(2), yes!.adjustedP!.toExponential(2)]).toEqual(['2.30e-19', '2.30e-19'])
  })

  it('lacks 55.4 approvals', () => {
    expect(rounded(yes!.shortfall, 1)).toBe(55.4)
  })

  it('lists the reference with ratio 1 and no p', () => {
    expect([no!.impactRatio, no!.impactRatioInterval, no!.fisherP]).toEqual([1, [1, 1], null])
  })
})

it('callbacks to résumés (AER::ResumeNames) have ratio 0.668 and p 4.76e-5', async () => {
  const report = await auditOf(
    join(PUBLISHED, 'resume_names.csv'),
    '--decision call --favourable yes --group ethnicity',
  )
  const [afam, cauc] = report.attributes[0]!.categories
  expect([afam!.selected, afam!.n, cauc!.selected, cauc!.n]).toEqual([157, 2435, 235, 2435])
  expect([rounded(afam!.impactRatio, 3), afam!.fisherP!.toExponential(2)]).toEqual([0.668, '4.76e-5'])
})

describe('admissions at Berkeley (datasets::UCBAdmissions)', async () => {
  const report = await auditOf(
    join(PUBLISHED, 'ucb_admissions.csv'),
    '--decision admit --favourable Admitted --group gender --stratum dept --weight freq',
  )
  const [female, male] = report.attributes[0]!.categories

  it('counts weights, not rows', () => {
    expect([female!.selected, female!.n, male!.selected, male!.n]).toEqual([557, 1835, 1198, 2691])
    expect([report.rows, report.decisions]).toEqual([24, 4526])
  })

  it('has an impact ratio of 0.6818', () => {
    expect(rounded(female!.impactRatio, 4)).toBe(0.6818)
  })

  it('has Mantel and Haenszel’s ratio and χ² of R’s mantelhaen.test', () => {
    const [within] = report.strata.mantelHaenszel!
    expect(rounded(within!.oddsRatio, 4)).toBe(1.1053)
    expect([rounded(within!.chiSquaredCorrected, 3), rounded(within!.chiSquared, 3)]).toEqual([1.427, 1.525])
  })

  it('says that departments leave nothing of the difference', () => {
    expect(report.findings.map(({ code }) => code)).toEqual(['disparity', 'strata-explain'])
  })
})
