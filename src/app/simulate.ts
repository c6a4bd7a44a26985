import { SIMULATION_SCHEMA, type Simulation } from '../contract/simulation.ts'
import { retraining } from '../observe/simulation/retraining.ts'
import { selectiveRetraining } from '../observe/simulation/selective.ts'
import { polyaUrn } from '../observe/simulation/urn.ts'

export interface SimulationOptions {
  rates: readonly [number, number]
  days: number
  seeds: number
  seed: number
}

/** Balls of each colour to begin with: few enough that early luck counts. */
const START = 5
const ROUNDS = 20
const PEOPLE = 5_000

/** Weak, strong, and beyond the curvature of the loss, where nothing settles. */
const RESPONSES = [0, 1, 2.2]
const EXPLORATION = [0, 0.05]

/** What a model does to the data that it is trained on next: three mechanisms, each with and without its remedy. */
export function simulate({ rates, days, seeds, seed }: SimulationOptions): Simulation {
  const urn = { rates, days, seeds, seed, start: START }
  return {
    schema: SIMULATION_SCHEMA,
    seed,
    urn: {
      rates: [...rates],
      days,
      seeds,
      plain: polyaUrn(urn, false),
      corrected: polyaUrn(urn, true),
    },
    retraining: RESPONSES.map((response) => ({
      response,
      ...retraining({ response, rounds: ROUNDS, people: PEOPLE, seed }),
    })),
    selective: EXPLORATION.map((exploration) => ({
      exploration,
      rounds: selectiveRetraining({ rounds: ROUNDS, people: PEOPLE, exploration, seed }),
    })),
  }
}
