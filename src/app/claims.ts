import { basename, dirname, parse, resolve } from 'node:path'
import type { Claim } from '../contract/claims.ts'
import { adapterFits, type BaseCompared, goesBy, judgedClaim } from '../explain/claims.ts'
import type { Print } from '../identify/print.ts'
import { roleOf } from '../identify/role.ts'
import type { Candidate } from '../read/artifact.ts'
import { type Declaration, declarationsOf } from '../read/declarations.ts'
import { INSIDE } from '../read/member-name.ts'
import type { SideRole } from '../read/side-role.ts'
import { compare } from '../relate/comparison.ts'
import { relate } from '../relate/relate.ts'
import { subjectOf } from '../relate/subject.ts'
import type { Estate } from '../store/estate.ts'
import type { Prints } from './known-prints.ts'
import { nameFromPath } from './model-name.ts'
import { originOf } from './origin.ts'

/** A model that may be the one a declaration means. */
export interface NamedModel {
  id: string
  names: string[]
}

/** What a model at a place goes by: its folder, what its store calls it, its file. */
export function namesAt(absolutePath: string): string[] {
  const folder = dirname(absolutePath).replaceAll(INSIDE, '/').replace(/!$/, '')
  const stem = basename(absolutePath).replace(/\.\w+$/, '')
  const origin = originOf(absolutePath)
  return [folder, basename(folder), stem, nameFromPath(absolutePath), ...(origin ? [origin.name] : [])]
}

/** Every model of an estate, under the names of all its places. */
export async function namedModels(estate: Estate): Promise<NamedModel[]> {
  const names = new Map<string, string[]>()
  for (const { id, name } of await estate.allPrintHeads()) names.set(id, [name])
  for (const { model, path } of (await estate.knownArtifacts(parse(resolve('.')).root)).values())
    names.get(model)?.push(...namesAt(path))
  return [...names].map(([id, all]) => ({ id, names: [...new Set(all)] }))
}

/** An artifact that was found, with the model it holds. */
interface FoundArtifact {
  absolutePath: string
  model: string
  sideFiles: readonly { role: SideRole; path: string; absolutePath: string }[]
}

/** What artifacts declare of their lineage, by their absolute path, held against every model on record. */
export async function claimsOfArtifacts(
  estate: Estate,
  candidates: readonly Candidate[],
  artifacts: readonly FoundArtifact[],
  prints: Prints,
): Promise<Map<string, Claim[]>> {
  const byPath = new Map(candidates.map((candidate) => [candidate.absolutePath, candidate]))
  const claims = new Map<string, Claim[]>()
  let known: NamedModel[] | undefined
  for (const { absolutePath, model, sideFiles } of artifacts) {
    const candidate = byPath.get(absolutePath)
    if (!candidate || !maySpeak(candidate, sideFiles)) continue
    const spoken = declarationsOf(candidate, undefined, sideFiles)
    // most say nothing, and their prints need not be loaded; what an adapter says stands in its print
    if (spoken.length === 0 && !sideFiles.some(({ role }) => role === 'adapter-configuration')) continue
    const print = await prints.get(model)
    const declarations = print.adapter ? declarationsOf(candidate, print.adapter, sideFiles) : spoken
    if (declarations.length === 0) continue
    known ??= await namedModels(estate)
    const judged = await judgeClaims({ print, names: namesAt(absolutePath), declarations }, known, prints)
    if (judged.length > 0) claims.set(absolutePath, judged)
  }
  return claims
}

/** Files that can hold a declaration; the print of any other artifact need not be loaded. */
const SPEAKING = new Set<SideRole>(['card', 'configuration', 'adapter-configuration', 'merge-recipe'])

function maySpeak({ format }: Candidate, sideFiles: FoundArtifact['sideFiles']): boolean {
  return format === 'gguf' || sideFiles.some(({ role }) => SPEAKING.has(role))
}

/** Holds what a model declares against the weights of the models that go by the declared names. */
export async function judgeClaims(
  model: { print: Print; names: readonly string[]; declarations: readonly Declaration[] },
  known: readonly NamedModel[],
  prints: Prints,
): Promise<Claim[]> {
  const { print, names, declarations } = model
  const declarant = {
    id: print.id,
    isAdapter: print.adapter !== undefined,
    isQuantised: print.tensors.some(({ encoding }) => encoding !== null),
  }
  const claims: Claim[] = []
  for (const declaration of declarations) {
    const named = known.filter((other) => goesBy(declaration.base, other.names))
    const others = named.filter(({ id }) => id !== print.id)
    // a configuration often names the model itself
    if (others.length === 0 && goesBy(declaration.base, names)) continue
    const bases: BaseCompared[] = []
    for (const { id } of named) bases.push(comparedWith(await prints.get(id), print))
    claims.push(judgedClaim(declaration, declarant, bases))
  }
  return claims
}

function comparedWith(base: Print, model: Print): BaseCompared {
  const fits = model.adapter ? adapterFits(model.tensors, rolesOf(base), roleOf) : null
  const common = { id: base.id, fits, isSame: base.id === model.id }
  if (common.isSame || model.adapter || base.adapter)
    return { ...common, isRelated: common.isSame, p: null, relation: null }
  const [relation] = relate([base, model]).relations
  if (relation) return { ...common, isRelated: true, p: relation.p, relation }
  const { p } = compare(subjectOf(base), subjectOf(model))
  return { ...common, isRelated: false, p, relation: null }
}

function rolesOf(print: Print): Map<string, Print['tensors'][number]> {
  return new Map(print.tensors.map((tensor) => [tensor.role, tensor]))
}
