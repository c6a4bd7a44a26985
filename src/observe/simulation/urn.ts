import { randomFrom } from '../statistics/random.ts'

export interface UrnOptions {
  /** Chance that a visit to a place finds something, by place: the truth. */
  rates: readonly [number, number]
  days: number
  seeds: number
  /** Starts all the runs. */
  seed: number
  /** Balls of each colour to begin with. */
  start: number
}

export interface UrnResult {
  /** Share of the urn of the first place at the end, over seeds. */
  mean: number
  standardError: number
  /** Mean share at evenly spaced days, for a plot. */
  path: { day: number; share: number }[]
}

/** Knuth’s multiplicative constant: neighbouring seeds share no run. */
const SEED_STRIDE = 0x9e3779b1

/** Points of a path; more than a plot shows. */
const PATH_POINTS = 50

/**
 * Where a model is sent by what it found before (Ensign et al., Runaway Feedback Loops in Predictive Policing, 2018): each day one place
 * is visited with the urn's share, and what is found there puts a ball of its colour in. Plain, the busier place takes over. Corrected, a
 * find counts with the chance that the other place would have been visited, and the shares settle at the true ones.
 */
export function polyaUrn(options: UrnOptions, corrected: boolean): UrnResult {
  const { rates, days, seeds, seed, start } = options
  const step = Math.max(1, Math.floor(days / PATH_POINTS))
  const sums = new Map<number, number>()
  let [total, squares] = [0, 0]
  for (let run = 0; run < seeds; run++) {
    const random = randomFrom(Math.imul(seed, SEED_STRIDE) + run)
    const balls: [number, number] = [start, start]
    for (let day = 1; day <= days; day++) {
      const share = balls[0] / (balls[0] + balls[1])
      const place = random() < share ? 0 : 1
      if (random() < rates[place]) {
        const other = place === 0 ? 1 - share : share
        if (!corrected || random() < other) balls[place]++
      }
      if (day % step === 0) sums.set(day, (sums.get(day) ?? 0) + balls[0] / (balls[0] + balls[1]))
    }
    const end = balls[0] / (balls[0] + balls[1])
    total += end
    squares += end * end
  }
  const mean = total / seeds
  return {
    mean,
    standardError: seeds > 1 ? Math.sqrt((squares / seeds - mean * mean) / (seeds - 1)) : 0,
    path: [...sums].map(([day, sum]) => ({ day, share: sum / seeds })),
  }
}
