import type { z } from 'zod'
import type { results } from '../src/contract/api.ts'

export type Results = z.infer<typeof results>
