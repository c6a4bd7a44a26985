import { MODEL_FACTS } from './definitions-model.ts'
import { SITE_FACTS } from './definitions-site.ts'
import type { FactDefinition } from './facts.ts'

/** Every fact that packs and a company's own rules may name. */
export const FACT_DEFINITIONS: readonly FactDefinition[] = [...MODEL_FACTS, ...SITE_FACTS]
