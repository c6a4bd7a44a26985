import { z } from 'zod'

/** `yukue witness … --json`. */
export const witnessReport = z.object({
  schema: z.literal('yukue.witness/1'),
  step: z.enum(['checkpoint', 'request', 'cosigned', 'accepted']),
  origin: z.string(),
  size: z.number().int(),
  /** Base64. */
  root: z.string(),
  /** Known witnesses that have cosigned. */
  witnesses: z.array(z.string()),
})

export type WitnessReport = z.infer<typeof witnessReport>
