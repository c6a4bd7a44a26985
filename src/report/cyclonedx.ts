import type { TraceReport } from '../contract/trace.ts'

/** What a bill of materials is made of beside the trace. */
export interface BomFacts {
  /** RFC 4122. */
  uuid: string
  timestamp: string
  version: string
  files: { name: string; sha256: string }[]
  dtypes: Record<string, number>
  quantisation: { scheme: string; bits: number } | null
}

type Step = TraceReport['ancestors'][number]
interface Property {
  name: string
  value: string
}

/**
 * A model as a CycloneDX 1.7 bill of materials (https://cyclonedx.org/schema/bom-1.7.schema.json): its files by their digests, its
 * measured ancestors with the status of each in `yukue:` properties, and what was claimed and evaluated.
 */
export function cyclonedxOf(trace: TraceReport, facts: BomFacts): object {
  const tool = { type: 'application', name: 'yukue', version: facts.version }
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.7.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.7',
    serialNumber: `urn:uuid:${facts.uuid}`,
    version: 1,
    metadata: { timestamp: facts.timestamp, tools: { components: [tool] }, component: component(trace, facts) },
  }
}

function component(trace: TraceReport, { files, dtypes, quantisation }: BomFacts): object {
  const { model, claims, ancestors, descendants, relatives } = trace
  const licences = claims.filter(({ subject }) => subject === 'licence')
  const [only, ...others] = files
  const about = [
    ...property('yukue:model', model.id),
    ...property('yukue:quantisation', quantisation ? `${quantisation.scheme} (${quantisation.bits} bits)` : 'none'),
    ...claims.flatMap(({ subject, value, status }) => property(`yukue:claim:${subject}:${status}`, value)),
    ...property('yukue:log', trace.log && `${trace.log.origin} ${trace.log.size} ${trace.log.root}`),
  ]
  const steps = { ancestors, descendants, variants: relatives }
  const pedigree = Object.entries(steps).flatMap(([kind, found]) =>
    found.length > 0 ? [[kind, found.map((step) => relative(step))] as const] : [],
  )
  return {
    type: 'machine-learning-model',
    'bom-ref': model.id,
    name: model.name,
    ...(only && others.length === 0 ? { hashes: hashes(only.sha256) } : {}),
    ...(licences.length > 0
      ? {
          licenses: licences
            .slice(0, 1)
            .map(({ value }) => ({ license: { name: value, acknowledgement: 'declared' } })),
        }
      : {}),
    ...(pedigree.length > 0 ? { pedigree: Object.fromEntries(pedigree) } : {}),
    ...(others.length > 0
      ? { components: files.map(({ name, sha256 }) => ({ type: 'file', name, hashes: hashes(sha256) })) }
      : {}),
    modelCard: modelCard(trace, dtypes),
    properties: about,
  }
}

/** Measured or not, each relation says how it is known. */
function relative({ model, relation }: Step): object {
  const { status, changes, direction, similarity, p } = relation
  return {
    type: 'machine-learning-model',
    name: model.name,
    properties: [
      ...property('yukue:model', model.id),
      ...property('yukue:relation:status', status),
      ...property('yukue:relation:changes', changes.join(' ')),
      ...property('yukue:relation:direction', direction),
      ...property('yukue:relation:similarity', String(similarity)),
      ...property('yukue:relation:p', p === null ? null : String(p)),
      ...property('yukue:relation:child', relation.child),
      ...relation.parents.flatMap(({ id }) => property('yukue:relation:parent', id)),
    ],
  }
}

function modelCard({ model, evaluations }: TraceReport, dtypes: Record<string, number>): object {
  const metrics = evaluations.flatMap(({ suite, metrics: values }) =>
    Object.entries(values).map(([type, value]) => ({ type, value: String(value), slice: suite })),
  )
  return {
    ...(metrics.length > 0 ? { quantitativeAnalysis: { performanceMetrics: metrics } } : {}),
    properties: [
      ...property('yukue:parameters', model.parameters === null ? null : String(model.parameters)),
      ...Object.entries(dtypes).flatMap(([dtype, count]) => property(`yukue:tensors:${dtype}`, String(count))),
    ],
  }
}

function property(name: string, value: string | null): Property[] {
  return value === null ? [] : [{ name, value }]
}

function hashes(content: string): object[] {
  return [{ alg: 'SHA-256', content }]
}
