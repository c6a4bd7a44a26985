import { normalFrom, randomFrom } from '../statistics/random.ts'

export interface RetrainingOptions {
  /** How far people move their score per unit of the model's weight on it. */
  response: number
  rounds: number
  /** People seen a round. */
  people: number
  seed: number
}

export interface RetrainingResult {
  /** Weight on the score after each round of retraining on what the last model caused. */
  weights: number[]
  /** Distance of the last two weights. */
  lastMove: number
  settles: boolean
  /** Where retraining leads, were the people infinitely many. */
  stablePoint: number
}

/** What a model changes between rounds once it has settled; sampling alone moves it by about 1/√people. */
const SETTLED = 4

/** The ridge that makes the loss strongly convex. */
const RIDGE = 1

/**
 * Repeated risk minimisation (Perdomo et al., Performative Prediction, 2020): a ridge regression of an outcome on one score, where people
 * shift the score by `response` × the deployed weight. Retraining settles while the response is weak, and runs off once it outweighs the loss's curvature.
 */
export function retraining({ response, rounds, people, seed }: RetrainingOptions): RetrainingResult {
  const random = randomFrom(seed)
  const weights = [0]
  for (let round = 0; round < rounds; round++) {
    const deployed = weights.at(-1)!
    let [xx, xy] = [0, 0]
    for (let i = 0; i < people; i++) {
      const score = normalFrom(random)
      // the outcome follows the score that people have, and what they were told moves the outcome
      const outcome = 0.5 * score + response * deployed * score + 0.5 * normalFrom(random)
      xx += score * score
      xy += score * outcome
    }
    weights.push(xy / (xx + RIDGE * people))
  }
  const lastMove = Math.abs(weights.at(-1)! - weights.at(-2)!)
  return {
    weights,
    lastMove,
    settles: lastMove < SETTLED / Math.sqrt(people),
    // w = (0.5 + response w) / (1 + ridge)
    stablePoint: 0.5 / (1 + RIDGE - response),
  }
}
