import { z } from 'zod'
import { scanReport } from './scan.ts'
import { traceReport } from './trace.ts'

const site = traceReport.shape.sites.element

const difference = z.discriminatedUnion('kind', [
  /** Other weights; `relation` is what was measured between them, null where they are not related or a print is missing. */
  z.object({
    kind: z.literal('model'),
    model: z.string(),
    path: z.string(),
    relation: scanReport.shape.relations.element.nullable(),
  }),
  /** The same weights, stored otherwise. */
  z.object({ kind: z.literal('layout'), path: z.string() }),
  z.object({
    kind: z.literal('side-file'),
    path: z.string(),
    role: z.string(),
    change: z.enum(['changed', 'missing', 'added']),
  }),
])

const SITE_VERDICTS = ['as-approved', 'changed', 'not-seen', 'not-comparable', 'ended'] as const

/** `yukue site NAME --json`. Fields may be added, never renamed. */
export const siteReport = z.object({
  schema: z.literal('yukue.site/1'),
  site: z.string(),
  /** `not-seen`: no scan has found a model there. `not-comparable`: nothing says where it runs, or what was approved. */
  verdict: z.enum(SITE_VERDICTS),
  /** The deployment that holds now, or the last one. */
  approved: site,
  /** Models seen at the site's place. */
  present: z.array(z.object({ model: z.string(), name: z.string(), path: z.string(), lastSeen: z.string() })),
  differences: z.array(difference),
  /** Incidents of what is approved or present there, and of what that came from, that no later measurement settles. */
  exposures: z.array(traceReport.shape.exposures.unwrap().element.extend({ model: z.string() })).optional(),
  history: z.array(site),
  /** What was measured at the site, of whatever model. */
  results: traceReport.shape.results,
})

export type SiteReport = z.infer<typeof siteReport>
