import { describe, expect, it } from 'vitest'
import { normalFrom, randomFrom } from '../../../src/observe/statistics/random.ts'
import { auditCsv } from '../../builders/audit.ts'

const feedback = async (rows: string[], flags: string) => (await auditCsv(rows, `--effect ${flags}`)).feedback!

describe('a randomised holdout', () => {
  const rows = (effect: number, treated: (random: () => number) => boolean) => {
    const random = randomFrom(1)
    return Array.from({ length: 1000 }, () => {
      const out = !treated(random)
      return `${out ? 'yes' : 'no'},${(out ? 0 : effect) + normalFrom(random)}`
    })
  }

  it('gives the effect of use with grade A', async () => {
    const { grade, interval } = await feedback(
      ['h,y', ...rows(2, (random) => random() < 0.8)],
      '--outcome y --holdout h',
    )
    expect([grade, interval![0] < 2 && 2 < interval![1]]).toEqual(['A', true])
  })

  it('of nobody gives nothing', async () => {
    const { grade, code } = await feedback(['h,y', ...rows(2, () => true)], '--outcome y --holdout h')
    expect([grade, code]).toEqual([null, 'no-exploration'])
  })
})

describe('recorded probabilities', () => {
  const FLAGS = '--decision d --favourable 1 --probability p --outcome y'
  const rows = (recorded: (p: number) => number) => {
    const random = randomFrom(2)
    return Array.from({ length: 3000 }, () => {
      const p = random() < 0.5 ? 0.2 : 0.7
      const taken = random() < p
      return `${taken ? 1 : 0},${recorded(taken ? p : 1 - p)},${3 * p + (taken ? 0.5 : 0) + normalFrom(random)}`
    })
  }

  it('undo that some were chosen more often', async () => {
    const { grade, interval } = await feedback(['d,p,y', ...rows((p) => p)], FLAGS)
    expect([grade, interval![0] < 0.5 && 0.5 < interval![1]]).toEqual(['A', true])
  })

  it('that do not fit the decisions are not believed', async () => {
    const { grade, code } = await feedback(['d,p,y', ...rows(() => 0.9)], FLAGS)
    expect([grade, code]).toEqual([null, 'probabilities-contradict'])
  })

  it('of 1 throughout leave nobody to compare', async () => {
    expect((await feedback(['d,p,y', ...rows(() => 1)], FLAGS)).code).toBe('no-exploration')
  })
})

describe('a threshold', () => {
  const FLAGS = '--decision d --favourable 1 --score s --threshold 600 --outcome y'
  const rows = (score: (random: () => number) => number, decide = (s: number, _: () => number) => s >= 600) => {
    const random = randomFrom(5)
    return Array.from({ length: 4000 }, () => {
      const s = score(random)
      const taken = decide(s, random)
      return `${s},${taken ? 1 : 0},${0.01 * (s - 600) + (taken ? 0.8 : 0) + normalFrom(random)}`
    })
  }
  const smooth = (random: () => number) => 600 + 60 * normalFrom(random)

  it('gives the effect on those beside it with grade B', async () => {
    const { grade, interval, checks } = await feedback(['s,d,y', ...rows(smooth)], FLAGS)
    expect([grade, interval![0] < 0.8 && 0.8 < interval![1], checks[0]!.passed]).toEqual(['B', true, true])
  })

  it('of whole points works as well', async () => {
    const { grade, interval } = await feedback(['s,d,y', ...rows((random) => Math.round(smooth(random)))], FLAGS)
    expect([grade, interval![0] < 0.8 && 0.8 < interval![1]]).toEqual(['B', true])
  })

  it('that people moved across gives nothing', async () => {
    const moved = (random: () => number) => {
      const s = smooth(random)
      return s < 600 && s > 570 && random() < 0.7 ? s + 30 : s
    }
    const { grade, code } = await feedback(['s,d,y', ...rows(moved)], FLAGS)
    expect([grade, code]).toEqual([null, 'density-jumps'])
  })

  it('that does not decide gives nothing', async () => {
    const { code } = await feedback(['s,d,y', ...rows(smooth, (_, random) => random() < 0.5)], FLAGS)
    expect(code).toBe('not-sharp')
  })

  it('beyond everybody gives nothing', async () => {
    const { code } = await feedback(['s,d,y', ...rows(smooth)], FLAGS.replace('600', '6000'))
    expect(code).toBe('too-few')
  })
})

describe('a log without a design', () => {
  it('is not identifiable, and says what would make it so', async () => {
    const { grade, estimate, reason } = await feedback(['d,y', '1,1', '0,0'], '--decision d --favourable 1 --outcome y')
    expect([grade, estimate]).toEqual([null, null])
    expect(reason).toMatch(/--holdout.*--threshold.*--adopted/)
  })

  it('in which the decision is a function of what is recorded says so', async () => {
    const rows = Array.from({ length: 200 }, (_, i) => `${i % 10},${i % 10 > 5 ? 1 : 0},${i % 3}`)
    const { code } = await feedback(['x,d,y', ...rows], '--decision d --favourable 1 --outcome y --feature x')
    expect(code).toBe('deterministic')
  })

  it('and without an outcome asks for one', async () => {
    expect((await feedback(['d,y', '1,1', '0,0'], '--decision d --favourable 1')).code).toBe('no-outcome')
  })
})

it('before and after release is association, grade E', async () => {
  const rows = Array.from({ length: 120 }, (_, i) => `2024-0${i < 60 ? 1 : 3}-10,${(i % 4) + (i < 60 ? 0 : 1)}`)
  const { grade, estimate, reason } = await feedback(['t,y', ...rows], '--outcome y --time t --deployed 2024-02-01')
  expect([grade, estimate]).toEqual(['E', 1])
  expect(reason).toContain('Whatever else changed')
})
