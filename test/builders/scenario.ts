import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { checkModel, checkSite } from '../../src/app/check.ts'
import { estateKey } from '../../src/app/keys.ts'
import { record } from '../../src/app/record.ts'
import { withEstate } from '../../src/app/with-estate.ts'
import { type AuditReport, auditReport } from '../../src/contract/audit.ts'
import type { CheckReport } from '../../src/contract/check.ts'
import { VERDICTS } from '../../src/contract/check.ts'
import { RECORD_EVENTS } from '../../src/contract/record-events.ts'
import { CHANGE_KINDS } from '../../src/contract/scan.ts'
import { draft } from '../../src/ledger/journal.ts'
import { modelSubject } from '../../src/ledger/statement.ts'
import { SIDE_ROLES } from '../../src/read/side-role.ts'
import { keysFolder } from '../../src/store/key-files.ts'
import { artifactRecord, locationOf, scanOf, temporaryFolder } from './estate.ts'

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)
const model = z.string()

const scan = z.strictObject({
  on: day,
  scan: z.strictObject({
    /** By path; every model of the scenario at /models/NAME unless given. */
    found: z.record(z.string(), model).optional(),
    relations: z
      .array(
        z.strictObject({
          child: model,
          parents: z.array(model),
          changes: z.array(z.enum(CHANGE_KINDS)),
          direction: z.enum(['known', 'undetermined']).default('known'),
        }),
      )
      .default([]),
    /** By path of the model: role and content of each file. */
    sideFiles: z.record(z.string(), z.partialRecord(z.enum(SIDE_ROLES), z.string())).default({}),
  }),
})

const recorded = z.looseObject({ on: day, record: z.enum(RECORD_EVENTS), model })

const measured = z.strictObject({
  on: day,
  audit: z.strictObject({
    model,
    site: z.string().nullable().default(null),
    ratios: z.record(z.string(), z.number()),
    /** The interval of the effect of decisions on later ones. */
    feedback: z.tuple([z.number(), z.number()]).optional(),
  }),
})

const check = z
  .strictObject({
    model: model.optional(),
    site: z.string().optional(),
    on: day,
    packs: z.array(z.string()),
    verdict: z.enum(VERDICTS),
    /** By rule (and `rule @ site`): the verdict, and what the reason has to say. */
    rules: z.record(z.string(), z.union([z.enum(VERDICTS), z.tuple([z.enum(VERDICTS), z.string()])])),
  })
  .refine((each) => (each.model === undefined) !== (each.site === undefined))

const scenario = z.strictObject({
  title: z.string(),
  /** By name; millions of parameters. */
  models: z.record(z.string(), z.strictObject({ millions: z.number().default(7_000), name: z.string().optional() })),
  steps: z.array(z.union([scan, recorded, measured])),
  checks: z.array(check).min(1),
})

export type Scenario = z.infer<typeof scenario>
export type ScenarioCheck = z.infer<typeof check>

export function readScenario(text: string): Scenario {
  return scenario.parse(parse(text))
}

/** The id of a scenario's model; what is no name of one is taken for an id. */
function idOf(name: string, { models }: Scenario): string {
  return name in models ? `blake3:${createHash('sha256').update(name).digest('hex')}` : name
}

/** An estate in a folder of its own, with everything of the scenario entered on its day. */
export async function estateOf(told: Scenario): Promise<string> {
  const location = await locationOf(join(temporaryFolder(), 'estate'))
  for (const [at, step] of told.steps.entries()) {
    const now = () => new Date(Date.parse(`${step.on}T09:00:00.000Z`) + at * 1_000)
    if (isScan(step)) await enterScan(location, told, step.scan, now)
    else if (isAudit(step)) await enterAudit(location, told, step.audit, step.on, now)
    else {
      const { on, record: event, model, ...details } = step
      await record({ at: on, ...details, event, model: idOf(model, told) }, location, { now })
    }
  }
  return location
}

type Step = Scenario['steps'][number]

function isScan(step: Step): step is z.infer<typeof scan> {
  return 'scan' in step
}

function isAudit(step: Step): step is z.infer<typeof measured> {
  return 'audit' in step
}

async function enterScan(
  location: string,
  told: Scenario,
  { found, relations, sideFiles }: z.infer<typeof scan>['scan'],
  now: () => Date,
): Promise<void> {
  const paths = found ?? Object.fromEntries(Object.keys(told.models).map((name) => [`/models/${name}`, name]))
  const names = [
    ...new Set([...Object.values(paths), ...relations.flatMap(({ child, parents }) => [child, ...parents])]),
  ]
  const time = now().toISOString()
  await withEstate(
    location,
    async (estate) => {
      await estate.recordScan(
        scanOf(Object.fromEntries(Object.entries(paths).map(([path, name]) => [path, idOf(name, told)])), {
          started: time,
          finished: time,
          roots: ['/'],
          models: names.map((name) => ({
            id: idOf(name, told),
            name: told.models[name]?.name ?? name,
            parameters: (told.models[name]?.millions ?? 1) * 1e6,
            tensors: 1,
            dtypes: {},
            quantisation: null,
            origin: 'scanned',
          })),
          artifacts: Object.entries(paths).map(([path, name]) => ({
            ...artifactRecord(path, idOf(name, told)),
            sideFiles: Object.entries(sideFiles[path] ?? {}).map(([role, content]) => ({
              role: role as (typeof SIDE_ROLES)[number],
              path: `${path}.${role}`,
              bytes: content.length,
              sha256: createHash('sha256').update(content).digest('hex'),
            })),
          })),
          lineage: {
            relations: relations.map(({ child, parents, changes, direction }) => ({
              child: idOf(child, told),
              parents: parents.map((parent) => ({ id: idOf(parent, told), weight: null })),
              changes,
              direction,
              status: 'inferred',
              p: 1e-300,
              similarity: 0.99,
              details: {},
            })),
            lookAlikes: [],
          },
        }),
      )
    },
    { now },
  )
}

async function enterAudit(
  location: string,
  told: Scenario,
  { model, site, ratios, feedback }: z.infer<typeof measured>['audit'],
  at: string,
  now: () => Date,
): Promise<void> {
  await withEstate(
    location,
    async (estate) => {
      const writer = estateKey(keysFolder(location), null, now())
      const result = auditOf(ratios, feedback)
      const window = { from: null, to: null }
      await estate.enter((recordedAt) => [
        draft(
          {
            kind: 'measured',
            subject: [modelSubject(idOf(model, told))],
            predicate: { recordedAt, at, site, window, result },
          },
          writer.key,
        ),
      ])
    },
    { now },
  )
}

/** An audit's result that says of one attribute what the impact ratios of its categories are. */
export function auditOf(ratios: Record<string, number>, feedback?: [number, number]): AuditReport {
  const figures = {
    n: 100,
    selected: 50,
    rate: 0.5,
    rateInterval: [0.4, 0.6],
    impactRatioInterval: null,
    simultaneousInterval: null,
    impactRatioBounds: null,
    fisherP: null,
    othersP: null,
    adjustedP: null,
    screenedP: null,
    z: null,
    standardDeviations: null,
    shortfall: null,
    standardisedMeanDifference: null,
    excluded: false,
  }
  const categories = Object.entries(ratios).map(([category, impactRatio]) => ({ ...figures, category, impactRatio }))
  return auditReport.parse({
    schema: 'yukue.audit/1',
    input: { digest: `sha256:${'0'.repeat(64)}`, files: [] },
    rows: 200,
    decisions: 200,
    leftOut: [],
    window: { from: null, to: null },
    site: null,
    model: null,
    favourable: null,
    minimumShare: null,
    attributes: [
      {
        attribute: 'sex',
        unknown: 0,
        unknownSelected: 0,
        unknownValues: [],
        reference: null,
        median: null,
        ties: null,
        categories,
      },
    ],
    intersections: [],
    intersectionsSummary: null,
    strata: { column: null, mantelHaenszel: null },
    errorRates: [],
    sites: [],
    heterogeneity: [],
    homogenisation: null,
    feedback: feedback
      ? {
          grade: 'B',
          estimand: 'effect',
          estimate: (feedback[0] + feedback[1]) / 2,
          interval: feedback,
          effects: [],
          dynamic: null,
          dynamicInterval: null,
          group: null,
          groupInterval: null,
          byExposure: [],
          checks: [],
          code: 'staggered',
          reason: 'measured',
        }
      : null,
    timeline: [],
    deployments: [],
    seed: 1,
    findings: [],
    notes: [],
  })
}

export function checked(
  told: Scenario,
  { model, site, on, packs }: ScenarioCheck,
  location: string,
): Promise<CheckReport> {
  return site === undefined
    ? checkModel(idOf(model ?? '', told), location, { asOf: on, packs })
    : checkSite(site, location, { asOf: on, packs })
}
