import type { Pack } from '../rule.ts'
import { EU_AI_ACT } from './eu-ai-act.ts'
import { JP_GUIDELINES } from './jp-guidelines.ts'
import { LICENCES } from './licences.ts'
import { NYC_LL144 } from './nyc-ll144.ts'
import { SAFETY } from './safety.ts'
import { US_LENDING } from './us-lending.ts'

/** The packs that come with the program, by name. */
export const PACKS: readonly Pack[] = [EU_AI_ACT, JP_GUIDELINES, LICENCES, NYC_LL144, SAFETY, US_LENDING]
