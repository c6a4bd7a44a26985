import type { Claim } from '../contract/claims.ts'
import { CommandError } from '../contract/command-error.ts'
import type { VerifyReport } from '../contract/verify.ts'
import { claimsOf, type EndOptions, hasEstate, type ModelEnd, modelEnd } from './model-end.ts'
import type { ScanProgress } from './scan.ts'
import { verifyAgainst } from './verify-deep.ts'
import { withEstate } from './with-estate.ts'

export interface VerifyOptions extends EndOptions {
  /** Whether the weights are to be made anew from the parent's. */
  deep: boolean
  /** The parent; null: the one that the model's claims lead to. */
  parent: string | null
}

/**
 * Checks a model's files against the record, what it declares against the weights, and, where asked to, its quantised weights against
 * those of its parent.
 */
export async function verify(path: string, options: VerifyOptions, progress: ScanProgress): Promise<VerifyReport> {
  const end = await modelEnd(path, options, progress)
  const given = options.parent === null ? null : await modelEnd(options.parent, options, progress)
  progress.onPhase('relating', 1)
  const claims = await claimsOf(end, given ? [{ end: given, reference: options.parent! }] : [], options.estate)
  const record = await recordOf(end, options.estate)
  const deep = options.deep ? await deepOf(end, given, claims, options, progress) : null
  const verdicts = [...record.files.map(({ verdict }) => verdict), ...claims.map(({ verdict }) => verdict)]
  return {
    schema: 'yukue.verify/1',
    path,
    model: { id: end.print.id, name: end.name },
    ...record,
    claims,
    deep,
    verdict: overall(deep ? [...verdicts, deep.verdict] : verdicts, deep),
  }
}

type Verdict = VerifyReport['verdict']

/** A contradiction decides; what was asked for by name and cannot be told leaves the whole open. */
function overall(verdicts: readonly Verdict[], deep: VerifyReport['deep']): Verdict {
  if (verdicts.includes('disputed')) return 'disputed'
  if (deep) return deep.verdict
  return verdicts.includes('verified') ? 'verified' : 'undecided'
}

async function recordOf(end: ModelEnd, folder: string): Promise<Pick<VerifyReport, 'known' | 'files'>> {
  const files = end.read?.files ?? []
  const unknown = files.map(({ path, sha256 }) => ({ path, sha256, recorded: null, verdict: 'undecided' as const }))
  if (!hasEstate(folder)) return { known: false, files: unknown }
  return withEstate(folder, async (estate) => {
    const places = await estate.artifactsOf(end.print.id)
    const known = new Set(places.flatMap((place) => place.files.map(({ sha256 }) => sha256)))
    const found = await Promise.all(
      files.map(async ({ path, absolutePath, sha256 }) => {
        const recorded = (await estate.knownFiles(absolutePath)).get(absolutePath)?.sha256 ?? null
        const isKnown = recorded === null ? known.has(sha256) : recorded === sha256
        const verdict: VerifyReport['files'][number]['verdict'] = isKnown
          ? 'verified'
          : recorded === null
            ? 'undecided'
            : 'disputed'
        return { path, sha256, recorded, verdict }
      }),
    )
    return { known: places.length > 0, files: found }
  })
}

async function deepOf(
  child: ModelEnd,
  given: ModelEnd | null,
  claims: readonly Claim[],
  options: VerifyOptions,
  progress: ScanProgress,
): Promise<VerifyReport['deep']> {
  const parent = given ?? (await declaredParent(child, claims, options, progress))
  if (child.candidate === null) throw new CommandError({ code: 'no-weights-at-hand', model: child.name })
  if (parent.candidate === null) throw new CommandError({ code: 'no-weights-at-hand', model: parent.name })
  progress.onTotal(4 * child.print.parameters)
  return verifyAgainst(parent, child, progress.onBytes)
}

/** The model on record that a claim means, else the one that a recorded relation comes from. */
async function declaredParent(
  child: ModelEnd,
  claims: readonly Claim[],
  options: VerifyOptions,
  progress: ScanProgress,
): Promise<ModelEnd> {
  const declared = claims.find(({ model }) => model !== null && model !== child.print.id)?.model
  const id = declared ?? (await recordedParent(child, options.estate))
  if (id === null) throw new CommandError({ code: 'no-parent-given', model: child.name })
  return modelEnd(id, options, progress)
}

async function recordedParent({ print }: ModelEnd, folder: string): Promise<string | null> {
  if (!hasEstate(folder)) return null
  return withEstate(folder, async (estate) => {
    const relations = await estate.relationsOf(print.id)
    const from = relations.find(({ child, direction }) => child === print.id && direction === 'known')
    return from?.parents[0]?.id ?? null
  })
}
