import { randomUUID } from 'node:crypto'
import { basename } from 'node:path'
import { CommandError } from '../contract/command-error.ts'
import { type CyclonedxComponent, cyclonedx } from '../contract/cyclonedx.ts'
import type { RecordReport } from '../contract/record.ts'
import { VERSION } from '../contract/version.ts'
import { cyclonedxOf } from '../report/cyclonedx.ts'
import type { GivenFile } from './receipt.ts'
import { record } from './record.ts'
import { traceIn } from './trace.ts'
import { type Signing, withEstate } from './with-estate.ts'

/** A model on record as a CycloneDX 1.7 bill of materials. */
export function bomOf(reference: string, location: string, now: () => Date = () => new Date()): Promise<object> {
  return withEstate(location, async (estate) => {
    const trace = await traceIn(estate, reference)
    const [copy] = (await estate.artifactsOf(trace.model.id)).filter(({ gone }) => !gone)
    const head = (await estate.allPrintHeads()).find(({ id }) => id === trace.model.id)
    return cyclonedxOf(trace, {
      uuid: randomUUID(),
      timestamp: now().toISOString(),
      version: VERSION,
      files: (copy?.files ?? []).map(({ path, sha256 }) => ({ name: basename(path), sha256 })),
      dtypes: head?.dtypes ?? {},
      quantisation: head?.quantisation ?? null,
    })
  })
}

/** Enters what a bill of materials declares of a model as claims: its word, held against the weights whenever it is shown. */
export function importBom(
  file: GivenFile,
  model: string,
  location: string,
  signing: Signing = {},
): Promise<RecordReport | null> {
  const parsed = cyclonedx.safeParse(jsonIn(file.text))
  const components = parsed.success ? [parsed.data.metadata?.component, ...(parsed.data.components ?? [])] : []
  const found = components.find((each) => each?.type === 'machine-learning-model')
  if (found === undefined) throw new CommandError({ code: 'bad-given-file', path: file.path, what: 'bom' })
  return recordDeclared(claimsIn(found), 'metadata', `CycloneDX: ${basename(file.path)}`, model, location, signing)
}

/** Null where there was nothing to enter. */
export async function recordDeclared(
  claims: string[],
  source: 'metadata' | 'card',
  note: string,
  model: string,
  location: string,
  signing: Signing,
): Promise<RecordReport | null> {
  if (claims.length === 0) return null
  const { envelopes: _, ...done } = await record({ event: 'claimed', model, claims, source, note }, location, signing)
  return done
}

function claimsIn({ name, group, licenses = [], pedigree }: CyclonedxComponent): string[] {
  const qualified = (part: { group?: string | undefined; name: string }) =>
    part.group ? `${part.group}/${part.name}` : part.name
  return [
    `name=${qualified({ group, name })}`,
    ...licenses.flatMap(({ license, expression }) => {
      const said = expression ?? license?.id ?? license?.name
      return said === undefined ? [] : [`licence=${said}`]
    }),
    ...(pedigree?.ancestors ?? []).map((ancestor) => `base=${qualified(ancestor)}`),
  ]
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
