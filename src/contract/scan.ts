import { z } from 'zod'
import { claim } from './claims.ts'

/** What may have been done to a model (docs/lineage.md). */
export const CHANGE_KINDS = [
  'converted',
  'converted-lossy',
  'quantised',
  'fine-tuned',
  'adapter-merged',
  'adapter',
  'merged',
  'assembled',
  'pruned',
  'extracted',
  'layers-changed',
  'vocabulary-resized',
  'direction-ablated',
  'configuration-changed',
  'permuted',
  'unclear',
] as const

export type ChangeKind = (typeof CHANGE_KINDS)[number]

export const modelId = z.string().regex(/^blake3:[0-9a-f]{64}$/)

const finding = z.object({
  code: z.string(),
  severity: z.enum(['low', 'medium', 'high']),
  message: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
})

const file = z.object({ path: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.number().int() })

/** A file beside a model that changes what it does, or says what it is. */
const sideFile = file.extend({ role: z.string() })

/** The store that the artifact's place is part of, and what the store calls it; declared by the path. */
const origin = z.object({ store: z.string(), name: z.string(), revision: z.string().nullable() })

const artifact = z.object({
  path: z.string(),
  format: z.string(),
  bytes: z.number().int(),
  layout: modelId,
  files: z.array(file),
  findings: z.array(finding),
  sideFiles: z.array(sideFile),
  origin: origin.nullable(),
  /** What the artifact declares of its lineage, held against the weights. */
  claims: z.array(claim).optional(),
})

const model = z.object({
  id: modelId,
  name: z.string(),
  parameters: z.number().int(),
  artifacts: z.array(artifact),
  tensors: z.number().int(),
  dtypes: z.record(z.string(), z.number().int()),
  quantisation: z.object({ scheme: z.string(), bits: z.number() }).nullable(),
})

export const relationSchema = z.object({
  child: modelId,
  /** None for an adapter whose base is not here. */
  parents: z.array(z.object({ id: modelId, weight: z.number().nullable() })),
  changes: z.array(z.enum(CHANGE_KINDS)).min(1),
  direction: z.enum(['known', 'undetermined']),
  status: z.enum(['verified', 'declared', 'inferred']),
  p: z.number().min(0).max(1).nullable(),
  /** 0 without parents. */
  similarity: z.number(),
  details: z.record(z.string(), z.unknown()),
  /** What one end declares of the other; it had no part in the relation. */
  claims: z.array(claim).optional(),
})

const lookAlike = z.object({ models: z.tuple([modelId, modelId]), shared: z.number().int(), similarity: z.number() })

const problem = z.object({ path: z.string(), code: z.string(), message: z.string() })

/** `yukue scan --json`. Fields may be added, never renamed. */
export const scanReport = z.object({
  schema: z.literal('yukue.scan/1'),
  models: z.array(model),
  relations: z.array(relationSchema),
  lookAlikes: z.array(lookAlike),
  findings: z.array(finding.extend({ path: z.string() })),
  problems: z.array(problem),
})

export type ScanReport = z.infer<typeof scanReport>
