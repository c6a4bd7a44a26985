import { type Random, randomFrom } from '../statistics/random.ts'

export interface SelectiveOptions {
  rounds: number
  /** Applicants of each group a round. */
  people: number
  /** Chance that a refused person is accepted all the same, so that their outcome is seen. */
  exploration: number
  seed: number
}

export interface SelectiveRound {
  /** What the model believes of each group's repayment. */
  belief: [number, number]
  /** Share of each group accepted. */
  accepted: [number, number]
  /** Mean score of each group, as moved by its decisions. */
  score: [number, number]
}

/** Both groups repay alike: every difference that appears is the loop's doing. */
const REPAYMENT = 0.7
const BREAK_EVEN = 0.6

/** What is believed at first, worth this many people; the second group's early luck was bad. */
const PRIOR_PEOPLE = 50
const PRIOR = [0.7, 0.5] as const

/** Repaying raises a person's score, default lowers it: the delayed impact of a decision (Liu et al., Delayed Impact of Fair Machine Learning, 2018). */
const GAIN = 1
const LOSS = -2

/**
 * Retraining on one's own decisions: outcomes are seen of accepted people only, so a group that is believed to repay badly is not
 * accepted, and the belief is never put right. A little exploration puts it right.
 */
export function selectiveRetraining({ rounds, people, exploration, seed }: SelectiveOptions): SelectiveRound[] {
  const random = randomFrom(seed)
  const groups = PRIOR.map((belief) => ({ accepted: PRIOR_PEOPLE, repaid: PRIOR_PEOPLE * belief, score: 0 }))
  return Array.from({ length: rounds }, () => {
    const round = groups.map((group) => {
      const belief = group.repaid / group.accepted
      const taken = belief >= BREAK_EVEN ? people : successes(random, people, exploration)
      const repaid = successes(random, taken, REPAYMENT)
      group.accepted += taken
      group.repaid += repaid
      group.score += (repaid * GAIN + (taken - repaid) * LOSS) / people
      return { belief, accepted: taken / people, score: group.score }
    })
    const [first, second] = [round[0]!, round[1]!]
    return {
      belief: [first.belief, second.belief],
      accepted: [first.accepted, second.accepted],
      score: [first.score, second.score],
    }
  })
}

function successes(random: Random, trials: number, chance: number): number {
  let count = 0
  for (let i = 0; i < trials; i++) if (random() < chance) count++
  return count
}
