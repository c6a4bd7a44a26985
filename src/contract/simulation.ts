import { z } from 'zod'

export const SIMULATION_SCHEMA = 'yukue.simulation/1'

const pair = z.tuple([z.number(), z.number()])
const urn = z.object({
  mean: z.number(),
  standardError: z.number(),
  path: z.array(z.object({ day: z.number(), share: z.number() })),
})

/** `yukue audit --simulate --json`. Fields may be added, never renamed. */
export const simulation = z.object({
  schema: z.literal(SIMULATION_SCHEMA),
  seed: z.number().int(),
  urn: z.object({ rates: z.array(z.number()), days: z.number(), seeds: z.number(), plain: urn, corrected: urn }),
  retraining: z.array(
    z.object({
      response: z.number(),
      weights: z.array(z.number()),
      lastMove: z.number(),
      settles: z.boolean(),
      stablePoint: z.number(),
    }),
  ),
  selective: z.array(
    z.object({
      exploration: z.number(),
      rounds: z.array(z.object({ belief: pair, accepted: pair, score: pair })),
    }),
  ),
})

export type Simulation = z.infer<typeof simulation>
