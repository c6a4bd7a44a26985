import { z } from 'zod'
import { namedActor } from './actor.ts'
import { VERDICTS } from './check.ts'
import { resultFigure } from './result.ts'
import { CHANGE_KINDS, modelId, scanReport } from './scan.ts'
import { siteReport } from './site.ts'
import { traceReport } from './trace.ts'

/**
 * What `yukue serve` asks and answers under /api/v1 (docs/serve.md). Reports that the CLI gives too are those of the CLI; this file
 * holds what only the API has. Fields may be added, never renamed. What is written by it: api-work.ts; the log: api-ledger.ts.
 */
export const API_PREFIX = '/api/v1'

/** What a token may do; each may do what those before it may. */
export const API_ROLES = ['reader', 'recorder', 'steward'] as const
export type ApiRole = (typeof API_ROLES)[number]

const count = z.number().int().nonnegative()
const severity = z.enum(['low', 'medium', 'high'])
const verdict = z.enum(VERDICTS)
const relation = scanReport.shape.relations.element
const seenArtifact = scanReport.shape.models.element.shape.artifacts.element

/** Every error, application/problem+json (RFC 9457), in the language of Accept-Language. */
export const problemDetails = z
  .object({
    /** `urn:yukue:problem:CODE` */
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    /** What, where, and what to do. */
    detail: z.string(),
    /** Stable, for programs. */
    code: z.string(),
    /** Faults of the request's own fields. */
    errors: z.array(z.object({ at: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' })

export type ProblemDetails = z.infer<typeof problemDetails>

/** The most that one page holds. */
const MAX_PAGE = 500

/** Which page: the `next` of the page before; from the beginning without one. */
export const pageQuery = z.object({
  cursor: z.string().max(1_024).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(50),
})

/** `next`: the cursor of the page after this one; null on the last. */
function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() })
}

/** A day, or a time in UTC: what was known then. */
const asOf = z.string().max(32).optional()
export const asOfQuery = z.object({ asOf })

/** Who asks, and what the server lets everyone do. */
export const session = z
  .object({
    /** Null: nobody has signed in. */
    role: z.enum(API_ROLES).nullable(),
    /** Of the token; null for whoever needs none. */
    name: z.string().nullable(),
    /** Whether reading takes a token here. */
    needsToken: z.boolean(),
    version: z.string(),
  })
  .meta({ id: 'Session' })

export type Session = z.infer<typeof session>

/** The same for a browser: answered with a cookie. */
export const signIn = z.object({ token: z.string().min(1).max(256) })

/** A departure or a duty: one rule that one subject does not meet, or could not be decided on. */
export const openRule = z
  .object({
    /** The model's id, or `site:NAME`. */
    subject: z.string(),
    name: z.string(),
    site: z.string().nullable(),
    /** `pack/rule` */
    rule: z.string(),
    title: z.string(),
    verdict,
    reason: z.string(),
    todo: z.string().nullable(),
    who: z.string().nullable(),
    /** A day; null where neither rule nor charter says. */
    by: z.string().nullable(),
    overdue: z.boolean(),
    source: z.string(),
    /** Numbers of the statements behind it. */
    statements: z.array(z.number().int()),
  })
  .meta({ id: 'OpenRule' })

export type OpenRule = z.infer<typeof openRule>

/** GET duties: what is to be done, departures first, then by day. */
export const duties = pageOf(openRule).extend({ asOf: z.string() }).meta({ id: 'Duties' })
export type Duties = z.infer<typeof duties>

/** GET results: an audit, a comparison or a simulation on record. */
export const resultSummary = z
  .object({
    /** The statement's number in the log. */
    number: count,
    /** When it was entered, and of when it is. */
    time: z.string(),
    at: z.string(),
    kind: z.enum(['audit', 'compare', 'simulation']),
    site: z.string().nullable(),
    models: z.array(z.object({ id: z.string(), name: z.string() })),
    window: z.object({ from: z.string().nullable(), to: z.string().nullable() }),
    /** Decisions or inputs; null for a simulation. */
    rows: count.nullable(),
    findings: count,
    /** By which it is known at a glance. */
    figures: z.array(resultFigure),
    /** Of the worst finding. */
    severity: severity.nullable(),
    /** Grade of the feedback evidence of an audit; null where none was asked for or none is identifiable. */
    grade: z.string().nullable(),
  })
  .meta({ id: 'ResultSummary' })

export type ResultSummary = z.infer<typeof resultSummary>
export const results = pageOf(resultSummary).meta({ id: 'Results' })
export const resultsQuery = pageQuery.extend({
  model: z.string().max(512).optional(),
  site: z.string().max(512).optional(),
})

/** GET overview: the three axes at a glance. */
export const overview = z
  .object({
    /** A day: of the verdicts. */
    asOf: z.string(),
    log: z.object({ origin: z.string(), size: count, time: z.string() }).nullable(),
    mobility: z.object({
      models: count,
      /** Copies that are there now, and those seen before that are gone. */
      copies: count,
      gone: count,
      actors: count,
      handOvers: count,
      /** Signed by one end only. */
      unconfirmed: count,
    }),
    change: z.object({
      relations: count,
      /** Relations by kind of change; one with two counts under both. */
      byChange: z.record(z.string(), count),
      undetermined: count,
      /** Models of which no parent is known. */
      origins: count,
      /** Artifacts with a finding of this severity. */
      findings: z.object({ low: count, medium: count, high: count }),
    }),
    performativity: z.object({
      sites: count,
      ended: count,
      results: count,
      /** Sites in use of which nothing was measured. */
      unmeasured: count,
      incidents: count,
      findings: z.object({ low: count, medium: count, high: count }),
    }),
    /** Subjects by verdict. */
    verdict,
    counts: z.object({ meets: count, departs: count, undecided: count }),
    departures: z.array(openRule),
    moreDepartures: count,
    /** Those with a day, the nearest first. */
    due: z.array(openRule),
    latest: z.array(resultSummary),
    lastScan: z.object({ finished: z.string(), problems: count }).nullable(),
  })
  .meta({ id: 'Overview' })

export type Overview = z.infer<typeof overview>

/** GET models */
export const modelsQuery = pageQuery.extend({
  /** Part of a name or of a path, or the beginning of an id. */
  query: z.string().max(512).optional(),
  change: z.enum(CHANGE_KINDS).optional(),
  format: z.string().max(64).optional(),
  site: z.string().max(512).optional(),
  /** An actor's id, or `organisation` name. */
  holder: z.string().max(600).optional(),
})

export const modelSummary = z
  .object({
    id: modelId,
    name: z.string(),
    parameters: count,
    quantisation: z.object({ scheme: z.string(), bits: z.number() }).nullable(),
    origin: z.enum(['scanned', 'imported']),
    formats: z.array(z.string()),
    copies: count,
    gone: count,
    /** How it was made from its parents; empty for an origin. */
    changes: z.array(z.enum(CHANGE_KINDS)),
    parents: count,
    children: count,
    /** Where it is in use now. */
    sites: z.array(z.string()),
  })
  .meta({ id: 'ModelSummary' })

export type ModelSummary = z.infer<typeof modelSummary>
/** `total`: of all pages. */
export const models = pageOf(modelSummary).extend({ total: count }).meta({ id: 'Models' })
export type Models = z.infer<typeof models>

/** GET models/{id} */
export const modelDetails = modelSummary
  .extend({
    tensors: count,
    dtypes: z.record(z.string(), count),
    artifacts: z.array(
      z.object({
        path: z.string(),
        place: z.string(),
        format: z.string(),
        bytes: count,
        layout: z.string(),
        files: seenArtifact.shape.files,
        sideFiles: z.array(z.object({ role: z.string(), path: z.string(), sha256: z.string(), bytes: count })),
        findings: seenArtifact.shape.findings,
        firstSeen: z.string(),
        lastSeen: z.string(),
        gone: z.boolean(),
      }),
    ),
    /** Those in which it is the child or a parent. */
    relations: z.array(relation),
    /** Of the models in them. */
    names: z.record(z.string(), z.string()),
    /** Alike from outside, though the weights are strangers. */
    lookAlikes: z.array(z.object({ model: modelId, name: z.string(), similarity: z.number() })),
    print: z.object({ version: z.number().int(), bytes: count }).nullable(),
  })
  .meta({ id: 'ModelDetails' })

export type ModelDetails = z.infer<typeof modelDetails>

/** The most models that one graph holds. */
const MAX_GRAPH = 10_000

/** GET models/{id}/graph */
export const graphQuery = z.object({
  depth: z.coerce.number().int().min(0).max(32).default(2),
  limit: z.coerce.number().int().min(1).max(MAX_GRAPH).default(300),
})

export const graphNode = z
  .object({
    id: modelId,
    name: z.string(),
    parameters: count,
    /** Relations away from the focus. */
    distance: count,
    /** How it was reached from the focus. */
    side: z.enum(['focus', 'ancestor', 'descendant', 'relative']),
    /** Neighbours that are not in this graph. */
    collapsed: count,
    /** Of the latest check; null where none was made of it. */
    verdict: verdict.nullable(),
    /** Where it is in use now. */
    sites: z.array(z.string()),
  })
  .meta({ id: 'GraphNode' })

export const graphEdge = z
  .object({
    /** With an undetermined direction just the two ends. */
    parent: modelId,
    child: modelId,
    changes: z.array(z.enum(CHANGE_KINDS)),
    direction: relation.shape.direction,
    status: relation.shape.status,
    similarity: z.number(),
    p: z.number().nullable(),
    /** Of this parent in a merge. */
    weight: z.number().nullable(),
  })
  .meta({ id: 'GraphEdge' })

export type GraphNode = z.infer<typeof graphNode>
export type GraphEdge = z.infer<typeof graphEdge>

export const graph = z
  .object({
    focus: modelId,
    nodes: z.array(graphNode),
    edges: z.array(graphEdge),
    /** Models within the depth that the limit left out. */
    omitted: count,
  })
  .meta({ id: 'Graph' })

export type Graph = z.infer<typeof graph>

/** GET models/{id}/path?to= : the shortest way along relations, whichever way they point; no nodes where there is none. */
export const pathQuery = z.object({ to: z.string().min(1).max(512) })
export const path = z
  .object({
    from: modelId,
    to: modelId,
    nodes: z.array(z.object({ id: modelId, name: z.string(), parameters: count })),
    edges: z.array(graphEdge),
  })
  .meta({ id: 'Path' })

export type Path = z.infer<typeof path>

/** GET diff */
export const diffQuery = z.object({ parent: z.string().min(1).max(512), child: z.string().min(1).max(512) })

/** GET sites */
export const siteSummary = traceReport.shape.sites.element
  .extend({
    name: z.string(),
    /** Of the model approved there. */
    modelName: z.string(),
    /** Whether it is in use now. */
    current: z.boolean(),
    verdict: siteReport.shape.verdict,
    /** The latest result measured there, by its number. */
    result: count.nullable(),
    severity: severity.nullable(),
  })
  .meta({ id: 'SiteSummary' })

export type SiteSummary = z.infer<typeof siteSummary>
export const sites = pageOf(siteSummary).meta({ id: 'Sites' })
export const sitesQuery = pageQuery.extend({ query: z.string().max(512).optional() })

/** GET actors: whoever is named in the log. */
export const actorSummary = z
  .object({
    actor: namedActor,
    /** In which events: `handed-over`, `received`, `deployed` … */
    events: z.record(z.string(), count),
    /** Of the models that it has by what was recorded. */
    holds: z.array(z.object({ id: z.string(), name: z.string() })),
    sites: z.array(z.string()),
    keys: z.array(z.string()),
    since: z.string(),
  })
  .meta({ id: 'ActorSummary' })

export type ActorSummary = z.infer<typeof actorSummary>
export const actors = pageOf(actorSummary).meta({ id: 'Actors' })
export const actorsQuery = pageQuery.extend({ query: z.string().max(512).optional() })
