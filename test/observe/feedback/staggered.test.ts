import { describe, expect, it } from 'vitest'
import type { AuditFeedback } from '../../../src/contract/audit.ts'
import { normalFrom, randomFrom } from '../../../src/observe/statistics/random.ts'
import { auditCsv } from '../../builders/audit.ts'

const FLAGS = '--effect --outcome y --unit u --time t --adopted g'

/** A panel of units: cohort by number of units, outcome by unit, cohort, period. */
function panel(
  cohorts: Record<string, number>,
  periods: number[],
  outcome: (unit: number, cohort: number, t: number) => number,
) {
  let unit = 0
  const rows = Object.entries(cohorts).flatMap(([g, units]) =>
    Array.from({ length: units }, () => {
      unit++
      return periods.map((t) => `${unit},${t},${g},${outcome(unit, Number(g), t)}`)
    }).flat(),
  )
  return ['u,t,g,y', ...rows]
}

async function feedback(rows: string[], more = ''): Promise<AuditFeedback> {
  return (await auditCsv(rows, `${FLAGS}${more}`)).feedback!
}

const PERIODS = [2001, 2002, 2003, 2004, 2005, 2006]

describe('staggered adoption', () => {
  // Callaway and Sant'Anna 2021, eq. 2.5, worked by hand: without noise the effects come out exactly
  it('gives the effect of each cohort and period without noise', async () => {
    const random = randomFrom(3)
    const level = Array.from({ length: 61 }, () => normalFrom(random))
    const effect = (g: number, t: number) => (g > 0 && t >= g ? g - 2000 + (t - g) : 0)
    const result = await feedback(
      panel({ 0: 20, 2003: 20, 2005: 20 }, PERIODS, (u, g, t) => level[u]! + t + effect(g, t)),
    )
    expect(result.grade).toBe('C')
    for (const { cohort, period, estimate } of result.effects)
      expect(estimate).toBeCloseTo(effect(Number(cohort), Number(period)), 8)
    // cohort 2003: 3, 4, 5, 6; cohort 2005: 5, 6
    expect(result.group).toBeCloseTo((4.5 + 5.5) / 2, 8)
    expect(result.dynamic).toBeCloseTo(((3 + 5) / 2 + (4 + 6) / 2 + 5 + 6) / 4, 8)
  })

  it('is not misled by effects that grow, as two-way fixed effects are', async () => {
    const random = randomFrom(5)
    const noise = () => 0.01 * normalFrom(random)
    const result = await feedback(
      panel({ 0: 30, 2002: 30, 2004: 30 }, PERIODS, (_, g, t) => (g > 0 && t >= g ? t - g + 1 : 0) + noise()),
    )
    expect(result.estimate).toBeCloseTo((3 + 2) / 2, 1)
  })

  it('cannot be told from a log in which everybody adopted', async () => {
    const result = await feedback(panel({ 2003: 20, 2005: 20 }, PERIODS, (u, _, t) => u + t))
    expect([result.grade, result.code, result.estimate]).toEqual([null, 'no-controls', null])
    expect(result.reason).toContain('Units that never did')
  })

  it('cannot be told from a log in which nobody adopted', async () => {
    expect((await feedback(panel({ 0: 20 }, PERIODS, (u, _, t) => u + t))).code).toBe('no-adoption')
  })

  it('cannot be told from two units and two controls', async () => {
    expect((await feedback(panel({ 0: 2, 2003: 2, 2005: 2 }, PERIODS, (u, _, t) => u + t))).code).toBe('too-few')
  })

  it('cannot be told when those who adopted were on another path before', async () => {
    const random = randomFrom(9)
    const rows = panel({ 0: 40, 2005: 40 }, PERIODS, (_, g, t) => (g > 0 ? t - 2000 : 0) + 0.2 * normalFrom(random))
    const { code, checks } = await feedback(rows)
    expect([code, checks[0]!.passed]).toEqual(['pre-trends', false])
  })

  it('takes dates for periods', async () => {
    const day = (index: number) => `2024-0${index}-15`
    const rows = Array.from({ length: 24 }, (_, u) =>
      [1, 2, 3, 4].map((m) => `${u},${day(m)},${u < 12 ? '' : '2024-03-02'},${u * 0.1 + (u >= 12 && m >= 3 ? 2 : 0)}`),
    ).flat()
    const result = await feedback(['u,t,g,y', ...rows])
    expect(result.effects.map(({ cohort, period, estimate }) => [cohort, period, Number(estimate.toFixed(6))])).toEqual(
      [
        ['2024-03-01', '2024-02-01', 0],
        ['2024-03-01', '2024-03-01', 2],
        ['2024-03-01', '2024-04-01', 2],
      ],
    )
  })
})

describe('few units that adopt at once', () => {
  const months = Array.from({ length: 24 }, (_, index) => index + 1)

  it('are an interrupted series with controls', async () => {
    const random = randomFrom(11)
    const rows = panel(
      { 0: 2, 13: 1 },
      months,
      (_, g, t) => 0.1 * t + (g > 0 && t >= 13 ? 3 : 0) + 0.1 * normalFrom(random),
    )
    const { grade, estimate, interval } = await feedback(rows)
    expect([grade, Math.abs(estimate! - 3) < 0.5]).toEqual(['D', true])
    expect(interval![0] < 3 && 3 < interval![1]).toBe(true)
  })

  it('need enough periods before', async () => {
    expect((await feedback(panel({ 0: 2, 3: 1 }, months, (_, __, t) => t))).code).toBe('too-few')
  })
})
