/** A stream of numbers in [0, 1). */
export type Random = () => number

/** Mulberry32 (T. Ettinger): 32 bits of state, so that a printed seed repeats a run anywhere. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** A standard normal number (Box and Muller 1958). */
export function normalFrom(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** Above, the normal distribution stands in for Poisson's: the bootstrap needs mean and variance right. */
const POISSON_BY_INVERSION = 50

/** A Poisson number of this mean. */
export function poissonFrom(random: Random, mean: number): number {
  if (mean > POISSON_BY_INVERSION) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normalFrom(random)))
  const limit = Math.exp(-mean)
  let count = 0
  for (let product = random(); product > limit; product *= random()) count++
  return count
}
