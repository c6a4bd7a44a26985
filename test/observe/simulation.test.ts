import { describe, expect, it } from 'vitest'
import type { Simulation } from '../../src/contract/simulation.ts'
import { yukue } from '../builders/command.ts'

describe('the simulation', async () => {
  const { stdout } = await yukueOnce()
  const { urn, retraining, selective, seed } = JSON.parse(stdout) as Simulation

  // Ensign et al. 2018: rates .6 and .4, 20,000 days
  it('sends a plain urn to the busier place, and a corrected one to the true shares', () => {
    expect([urn.plain.mean.toFixed(3), urn.corrected.mean.toFixed(3)]).toEqual(['0.921', '0.600'])
  })

  it('prints its seed', () => {
    expect(seed).toBe(1)
  })

  // Perdomo et al. 2020: retraining settles while the response is weaker than the curvature of the loss
  it('settles near the stable point while people respond weakly, and not beyond', () => {
    expect(retraining.map(({ settles }) => settles)).toEqual([true, true, false])
    expect(retraining[1]!.weights.at(-1)).toBeCloseTo(retraining[1]!.stablePoint, 1)
  })

  it('never accepts again whom it stopped seeing, unless it explores', () => {
    expect(selective.map(({ rounds }) => rounds.at(-1)!.accepted[1])).toEqual([0, 1])
  })
})

function yukueOnce() {
  return yukue(['audit', '--simulate', '--json'], { cwd: process.cwd() })
}
