import { posix } from 'node:path'
import { type Candidate, closeArtifact, isReadable, openArtifact, realFiles } from './artifact.ts'
import { hasModelName, isCertain } from './formats.ts'
import { isFirstSplitName } from './gguf.ts'
import { isPytorchIndexName } from './pytorch-index.ts'
import { ReadError } from './read-error.ts'
import { isSafetensorsIndexName } from './safetensors-index.ts'
import { NO_SIGHTINGS, type Sightings } from './sighting.ts'
import { isSavedModelName } from './tf-saved-model.ts'

/**
 * One root's candidates without those that are only parts of another. Which files an artifact consists of is what its
 * reader opened, so that an index that cannot be read hides nothing. Shards belong to their index, whose model holds
 * all their tensors. Any other file that an artifact names is left out only where it could be taken for a model by
 * chance (raw weights seen as ONNX) or by a broad hint: else a manifest could name a model to keep it out of sight.
 */
export function withoutParts(candidates: readonly Candidate[], known: Sightings = NO_SIGHTINGS): Candidate[] {
  const shards = claimed(candidates, candidates.filter(isIndex), known)
  const namers = candidates.some(isDoubtful) ? candidates.filter(namesFiles) : []
  const others = claimed(candidates, namers, known)
  return candidates.filter((candidate) => {
    if (isIndex(candidate)) return true
    if (isIn(candidate, shards)) return false
    return !isIn(candidate, others) || (candidate.hint === null && isReadable(candidate))
  })
}

interface Claimed {
  paths: Set<string>
  /** A Hugging Face cache holds shards once more as `blobs/<hash>`, which only their real path tells. */
  realPaths: Set<string>
}

function claimed(candidates: readonly Candidate[], claimants: readonly Candidate[], known: Sightings): Claimed {
  const named = claimants.flatMap((claimant) => known.partsOf(claimant) ?? partsOf(claimant))
  const paths = new Set(named.map(({ path }) => path))
  const parts = candidates.filter((candidate) => paths.has(candidate.path))
  return { paths, realPaths: new Set(parts.map((part) => part.realPath)) }
}

function isIn(candidate: Candidate, { paths, realPaths }: Claimed): boolean {
  return paths.has(candidate.path) || (!hasModelName(candidate.path) && realPaths.has(candidate.realPath))
}

/** The files beside the one that an artifact is listed under, closed; none where the artifact cannot be read. */
export function partsOf(candidate: Candidate): { path: string; absolutePath: string }[] {
  try {
    const file = openArtifact(candidate)
    closeArtifact(file)
    return realFiles(file)
      .map((real) => real.file)
      .filter(({ absolutePath }) => absolutePath !== candidate.absolutePath)
  } catch (error) {
    if (error instanceof ReadError) return []
    throw error
  }
}

function isIndex(candidate: Candidate): boolean {
  if (candidate.format === 'gguf') return isFirstSplitName(candidate.path)
  // A SavedModel lists all variables of the checkpoint beneath it.
  if (candidate.format === 'tensorflow') return isSavedModelName(posix.basename(candidate.path))
  return isSafetensorsIndexName(candidate.path) || isPytorchIndexName(candidate.path)
}

/** Formats other than the safetensors index that keep weights in files beside the main one. */
function namesFiles(candidate: Candidate): boolean {
  return (candidate.format === 'onnx' || candidate.format === 'tfjs') && !isDoubtful(candidate)
}

function isDoubtful(candidate: Candidate): boolean {
  return candidate.hint !== null || !isCertain(candidate.format, candidate.path)
}
